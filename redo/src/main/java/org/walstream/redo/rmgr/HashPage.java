package org.walstream.redo.rmgr;

import static org.walstream.redo.page.PageHeader.PAGE_BYTES;

import java.lang.foreign.MemorySegment;
import org.walstream.redo.page.CorruptPageException;
import org.walstream.redo.page.PageBytes;
import org.walstream.redo.page.PageHeader;

/// What every page of a hash index has in its special area.
///
/// ```
/// offset  bytes  field
///      0      4  hasho_prevblkno  the page before in the bucket; of its first page, the highest
///                                 bucket there was when it was last split
///      4      4  hasho_nextblkno
///      8      4  hasho_bucket
///     12      2  hasho_flag       0x0001 overflow page, 0x0002 bucket's first page, 0x0004 bitmap,
///                                 0x0008 metapage, none of them: unused; 0x0010 being populated,
///                                 0x0020 being split, 0x0040 to be cleaned up after a split,
///                                 0x0080 has dead items
///     14      2  hasho_page_id    0xFF80
/// ```
///
/// Links that lead nowhere are -1, and so is the bucket of a page that belongs to none.
///
/// Counterpart of HashPageOpaqueData, src/include/access/hash.h, and _hash_initbuf(),
/// src/backend/access/hash/hashpage.c.
final class HashPage {

  /// LH_UNUSED_PAGE and so on.
  static final int UNUSED = 0;

  static final int OVERFLOW = 0x0001;
  static final int BITMAP = 0x0004;
  static final int META = 0x0008;
  static final int NEEDS_SPLIT_CLEANUP = 0x0040;
  static final int HAS_DEAD_TUPLES = 0x0080;

  /// InvalidBlockNumber, and InvalidBucket.
  static final int NONE = -1;

  private static final int SPECIAL_BYTES = 16;

  /// Where the special area begins, and so what a page has room for ends.
  static final int SPECIAL = PAGE_BYTES - SPECIAL_BYTES;

  private static final int PREV = 0;
  private static final int NEXT = 4;
  private static final int BUCKET = 8;
  private static final int FLAG = 12;
  private static final int PAGE_ID = 14;

  private static final int HASHO_PAGE_ID = 0xFF80;

  private HashPage() {}

  /// Makes an empty page that is followed by none.
  static void init(MemorySegment pool, long page, int prev, int bucket, int flag) {
    PageHeader.init(pool, page, SPECIAL_BYTES);
    long special = page + SPECIAL;
    PageBytes.putI32(pool, special + PREV, prev);
    PageBytes.putI32(pool, special + NEXT, NONE);
    PageBytes.putI32(pool, special + BUCKET, bucket);
    PageBytes.putU16(pool, special + FLAG, flag);
    PageBytes.putU16(pool, special + PAGE_ID, HASHO_PAGE_ID);
  }

  /// @throws CorruptPageException unless the page has a hash index's special area: none of the
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

  static void putFlag(MemorySegment pool, long page, int flag) {
    PageBytes.putU16(pool, page + SPECIAL + FLAG, flag);
  }

  static void clear(MemorySegment pool, long page, int flag) {
    putFlag(pool, page, PageBytes.u16(pool, page + SPECIAL + FLAG) & ~flag);
  }
}
