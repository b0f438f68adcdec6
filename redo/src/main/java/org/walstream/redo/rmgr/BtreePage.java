package org.walstream.redo.rmgr;

import static org.walstream.redo.page.PageHeader.PAGE_BYTES;

import java.lang.foreign.MemorySegment;
import org.walstream.redo.page.CorruptPageException;
import org.walstream.redo.page.LinePointer;
import org.walstream.redo.page.PageBytes;
import org.walstream.redo.page.PageHeader;

/// How a B-tree uses a page: links and flags in the special area, and, unless the page is the
/// rightmost of its level, a high key in place of its first item.
///
/// ```
/// special area
/// offset  bytes  field
///      0      4  btpo_prev     0 on the leftmost page of a level
///      4      4  btpo_next     0 on the rightmost
///      8      4  btpo_level    0 for leaves
///     12      2  btpo_flags    0x0001 leaf, 0x0002 root, 0x0004 deleted, 0x0008 metapage,
///                              0x0010 half dead, 0x0020 last of the pages a VACUUM saw split,
///                              0x0040 has dead items, 0x0080 the right half has no downlink yet,
///                              0x0100 a deleted page that says when
///     14      2  btpo_cycleid  of the VACUUM during which the page was split
/// ```
///
/// Counterpart of BTPageOpaqueData, src/include/access/nbtree.h.
final class BtreePage {

  /// BTP_LEAF and so on.
  static final int LEAF = 0x0001;

  static final int ROOT = 0x0002;
  static final int DELETED = 0x0004;
  static final int META = 0x0008;
  static final int HALF_DEAD = 0x0010;
  static final int HAS_GARBAGE = 0x0040;
  static final int INCOMPLETE_SPLIT = 0x0080;
  static final int HAS_FULLXID = 0x0100;

  /// No page (P_NONE): block 0 is the metapage, which has no neighbours.
  static final int NO_PAGE = 0;

  /// The high key's offset number (P_HIKEY).
  static final int HIGH_KEY = 1;

  private static final int SPECIAL_BYTES = 16;
  private static final int SPECIAL = PAGE_BYTES - SPECIAL_BYTES;

  private static final int PREV = 0;
  private static final int NEXT = 4;
  private static final int LEVEL = 8;
  private static final int FLAGS = 12;
  private static final int CYCLEID = 14;

  private BtreePage() {}

  /// Makes an empty page.
  ///
  /// @param prev its neighbours, or [#NO_PAGE]
  static void init(MemorySegment pool, long page, int prev, int next, int level, int flags) {
    PageHeader.init(pool, page, SPECIAL_BYTES);
    long special = page + SPECIAL;
    PageBytes.putI32(pool, special + PREV, prev);
    PageBytes.putI32(pool, special + NEXT, next);
    PageBytes.putI32(pool, special + LEVEL, level);
    PageBytes.putU16(pool, special + FLAGS, flags);
  }

  /// @throws CorruptPageException unless the page has a B-tree's special area: none of the
  ///   following is to be called before
  static void check(MemorySegment pool, long page) {
    SpecialArea.at(pool, page, SPECIAL_BYTES);
  }

  static void putPrev(MemorySegment pool, long page, int prev) {
    PageBytes.putI32(pool, page + SPECIAL + PREV, prev);
  }

  static void putNext(MemorySegment pool, long page, int next) {
    PageBytes.putI32(pool, page + SPECIAL + NEXT, next);
  }

  static void putFlags(MemorySegment pool, long page, int flags) {
    PageBytes.putU16(pool, page + SPECIAL + FLAGS, flags);
  }

  static void clear(MemorySegment pool, long page, int flag) {
    putFlags(pool, page, PageBytes.u16(pool, page + SPECIAL + FLAGS) & ~flag);
  }

  static void clearCycleId(MemorySegment pool, long page) {
    PageBytes.putU16(pool, page + SPECIAL + CYCLEID, 0);
  }

  /// The offset number of the first item that is not the high key (P_FIRSTDATAKEY).
  static int firstDataKey(MemorySegment pool, long page) {
    boolean rightmost = PageBytes.i32(pool, page + SPECIAL + NEXT) == NO_PAGE;
    return rightmost ? HIGH_KEY : HIGH_KEY + 1;
  }

  /// Where the tuple of this offset number starts in the pool, all that it says to be its own being
  /// on the page.
  ///
  /// @throws CorruptPageException if there is none
  static long tuple(MemorySegment pool, long page, int offsetNumber) {
    long tuple = LinePointer.item(pool, page, offsetNumber);
    int length = LinePointer.length(LinePointer.get(pool, page, offsetNumber));
    if (length < BtreePosting.HEADER_BYTES || BtreePosting.size(pool, tuple) != length) {
      throw new CorruptPageException("index tuple size does not equal lp_len in index");
    }
    return tuple;
  }
}
