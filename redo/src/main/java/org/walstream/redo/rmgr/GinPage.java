package org.walstream.redo.rmgr;

import static org.walstream.redo.page.PageBytes.putI32;
import static org.walstream.redo.page.PageBytes.putU16;
import static org.walstream.redo.page.PageBytes.u16;

import java.lang.foreign.MemorySegment;
import org.walstream.redo.page.CorruptPageException;
import org.walstream.redo.page.PageHeader;

/// What GIN keeps in the special area of its pages.
///
/// ```
/// offset  bytes  field
///      0      4  rightlink  the page to the right, or 0xFFFFFFFF
///      4      2  maxoff     inner data pages: how many posting items; pages of the list of what is
///                           pending: how many rows of the table
///      6      2  flags      0x01 data page, 0x02 leaf, 0x04 deleted, 0x08 metapage, 0x10 page of the
///                           list, 0x20 with whole rows, 0x40 its split is incomplete,
///                           0x80 compressed
/// ```
///
/// A deleted page has the transaction in pd_prune_xid after which it may be used again.
///
/// Counterpart of GinPageOpaqueData, src/include/access/ginblock.h.
final class GinPage {

  /// GIN_DATA and so on.
  static final int DATA = 0x01;

  static final int LEAF = 0x02;
  static final int DELETED = 0x04;
  static final int META = 0x08;
  static final int LIST = 0x10;
  static final int LIST_FULLROW = 0x20;
  static final int INCOMPLETE_SPLIT = 0x40;
  static final int COMPRESSED = 0x80;

  static final int SPECIAL_BYTES = 8;

  private static final int RIGHTLINK = 0;
  private static final int MAXOFF = 4;
  private static final int FLAGS = 6;

  private GinPage() {}

  /// Counterpart of GinInitPage().
  static void init(MemorySegment pool, long page, int flags) {
    PageHeader.init(pool, page, SPECIAL_BYTES);
    putRightlink(pool, page, TidBytes.NO_BLOCK);
    putFlags(pool, page, flags);
  }

  static void putRightlink(MemorySegment pool, long page, int block) {
    putI32(pool, special(pool, page) + RIGHTLINK, block);
  }

  static int maxoff(MemorySegment pool, long page) {
    return u16(pool, special(pool, page) + MAXOFF);
  }

  static void putMaxoff(MemorySegment pool, long page, int maxoff) {
    putU16(pool, special(pool, page) + MAXOFF, maxoff);
  }

  static int flags(MemorySegment pool, long page) {
    return u16(pool, special(pool, page) + FLAGS);
  }

  static void putFlags(MemorySegment pool, long page, int flags) {
    putU16(pool, special(pool, page) + FLAGS, flags);
  }

  /// @throws CorruptPageException unless the page is a data page or not, and a leaf or not, as the
  ///   record has it
  static void check(MemorySegment pool, long page, int dataAndLeaf) {
    int flags = flags(pool, page);
    if ((flags & (DATA | LEAF)) != dataAndLeaf) {
      throw new CorruptPageException("unexpected GIN page type: flags %d".formatted(flags));
    }
  }

  private static long special(MemorySegment pool, long page) {
    return SpecialArea.at(pool, page, SPECIAL_BYTES);
  }
}
