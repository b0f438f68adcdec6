package org.walstream.redo.rmgr;

import static org.walstream.redo.page.PageBytes.putI32;
import static org.walstream.redo.page.PageBytes.putU16;
import static org.walstream.redo.page.PageBytes.u16;

import java.lang.foreign.MemorySegment;
import org.walstream.redo.page.CorruptPageException;
import org.walstream.redo.page.PageHeader;

/// The three kinds of pages of a BRIN index: the metapage; the map of ranges, from block 1 on; and
/// regular ones, which have summaries as items.
///
/// ```
/// offset  bytes  field                  (special area)
///      4      2  flags
///      6      2  type                   0xF091 metapage, 0xF092 map, 0xF093 regular
///
/// offset  bytes  field                  (metapage, from 24 on)
///      0      4  brinMagic              0xA8109CFA
///      4      4  brinVersion
///      8      4  pagesPerRange
///     12      4  lastRevmapPage
///
/// offset  bytes  field                  (map, from 24 on)
///      0 6×1360  rm_tids                of each range a Tid; 0xFFFFFFFF, 0 without a summary
/// ```
///
/// A map's line pointers seem to be none: its hole is the map.
///
/// Counterpart of src/include/access/brin_page.h.
final class BrinPage {

  /// BRIN_PAGETYPE_META and so on.
  static final int META = 0xF091;

  static final int REVMAP = 0xF092;
  static final int REGULAR = 0xF093;

  private static final int SPECIAL_BYTES = 8;
  private static final int TYPE = 6;

  private static final int CONTENTS = PageHeader.LENGTH;
  private static final int MAGIC = 0xA8109CFA;
  private static final int META_END = CONTENTS + 16;

  /// REVMAP_PAGE_MAXITEMS
  private static final int REVMAP_ITEMS = 1360;

  private static final int TID_LENGTH = 6;

  private BrinPage() {}

  /// Counterpart of brin_page_init().
  static void init(MemorySegment pool, long page, int type) {
    PageHeader.init(pool, page, SPECIAL_BYTES);
    putU16(pool, special(pool, page) + TYPE, type);
  }

  /// Counterpart of brin_metapage_init().
  static void initMeta(MemorySegment pool, long page, int pagesPerRange, int version) {
    init(pool, page, META);
    putI32(pool, page + CONTENTS, MAGIC);
    putI32(pool, page + CONTENTS + 4, version);
    putI32(pool, page + CONTENTS + 8, pagesPerRange);
    putLastRevmapPage(pool, page, 0);
  }

  /// Counterpart of the first half of brin_xlog_revmap_extend(). Servers before PostgreSQL 11 left
  /// pd_lower where an empty page has it.
  static void putLastRevmapPage(MemorySegment pool, long page, int block) {
    check(pool, page, META);
    putI32(pool, page + CONTENTS + 12, block);
    PageHeader.putLower(pool, page, META_END);
  }

  /// Has the map tell where the summary is of the range that begins with `heapBlk`; nowhere if
  /// `offset` is 0.
  ///
  /// Counterpart of brinSetHeapBlockItemptr().
  static void putSummary(
      MemorySegment pool, long page, int pagesPerRange, int heapBlk, int block, int offset) {
    check(pool, page, REVMAP);
    if (pagesPerRange == 0) {
      throw new CorruptPageException("ranges of no pages");
    }
    int range = Integer.divideUnsigned(heapBlk, pagesPerRange);
    int index = Integer.remainderUnsigned(range, REVMAP_ITEMS);
    long place = page + CONTENTS + (long) index * TID_LENGTH;
    if (offset == 0) {
      TidBytes.putInvalid(pool, place);
    } else {
      TidBytes.put(pool, place, block, offset);
    }
  }

  private static void check(MemorySegment pool, long page, int type) {
    int found = u16(pool, special(pool, page) + TYPE);
    if (found != type) {
      throw new CorruptPageException("unexpected page type 0x%04X in BRIN index".formatted(found));
    }
  }

  private static long special(MemorySegment pool, long page) {
    return SpecialArea.at(pool, page, SPECIAL_BYTES);
  }
}
