package org.walstream.redo.rmgr;

import static org.walstream.redo.page.PageBytes.putI32;
import static org.walstream.redo.page.PageBytes.putI64;
import static org.walstream.redo.page.PageBytes.putU16;
import static org.walstream.redo.page.PageBytes.u16;

import java.lang.foreign.MemorySegment;
import org.walstream.redo.page.CorruptPageException;
import org.walstream.redo.page.PageBytes;
import org.walstream.redo.page.PageHeader;

/// What GiST keeps in the special area of its pages.
///
/// ```
/// offset  bytes  field
///      0      4  nsn, high half  node sequence number: where in WAL the page was last split
///      4      4  nsn, low half
///      8      4  rightlink       the page to the right, or 0xFFFFFFFF
///     12      2  flags           0x01 leaf, 0x02 deleted, 0x04 tuples were deleted,
///                                0x08 follow right: the parent does not know of the page to the
///                                right yet, 0x10 has garbage
///     14      2  gist_page_id    0xFF81
/// ```
///
/// A deleted page has, in place of line pointers, the transaction after which it may be used again,
/// with its epoch.
///
/// Counterpart of GISTPageOpaqueData and GISTDeletedPageContents, src/include/access/gist.h.
final class GistPage {

  /// F_LEAF and so on.
  static final int LEAF = 0x01;

  static final int DELETED = 0x02;
  static final int TUPLES_DELETED = 0x04;
  static final int FOLLOW_RIGHT = 0x08;
  static final int HAS_GARBAGE = 0x10;

  private static final int SPECIAL_BYTES = 16;
  private static final int RIGHTLINK = 8;
  private static final int FLAGS = 12;
  private static final int PAGE_ID = 14;

  /// GIST_PAGE_ID
  private static final int GIST = 0xFF81;

  private GistPage() {}

  /// Counterpart of gistinitpage().
  static void init(MemorySegment pool, long page, int flags, int rightlink) {
    PageHeader.init(pool, page, SPECIAL_BYTES);
    long special = special(pool, page);
    putI32(pool, special + RIGHTLINK, rightlink);
    putU16(pool, special + FLAGS, flags);
    putU16(pool, special + PAGE_ID, GIST);
  }

  static void putNsn(MemorySegment pool, long page, long nsn) {
    PageBytes.putLsn(pool, special(pool, page), nsn);
  }

  static boolean isLeaf(MemorySegment pool, long page) {
    return (u16(pool, special(pool, page) + FLAGS) & LEAF) != 0;
  }

  static void set(MemorySegment pool, long page, int flag) {
    long flags = special(pool, page) + FLAGS;
    putU16(pool, flags, u16(pool, flags) | flag);
  }

  static void clear(MemorySegment pool, long page, int flag) {
    long flags = special(pool, page) + FLAGS;
    putU16(pool, flags, u16(pool, flags) & ~flag);
  }

  /// Counterpart of GistPageSetDeleted().
  ///
  /// @throws CorruptPageException if the page has tuples
  static void delete(MemorySegment pool, long page, long deleteXid) {
    int tuples = PageHeader.maxOffsetNumber(pool, page);
    if (tuples > 0) {
      throw new CorruptPageException("deleted page has %d tuples".formatted(tuples));
    }
    set(pool, page, DELETED);
    putI64(pool, page + PageHeader.LENGTH, deleteXid);
    PageHeader.putLower(pool, page, PageHeader.LENGTH + Long.BYTES);
  }

  private static long special(MemorySegment pool, long page) {
    return SpecialArea.at(pool, page, SPECIAL_BYTES);
  }
}
