package org.walstream.redo.rmgr;

import static org.walstream.redo.page.PageBytes.putU16;
import static org.walstream.redo.page.PageBytes.u16;

import java.lang.foreign.MemorySegment;
import org.walstream.redo.page.PageHeader;

/// What SP-GiST keeps in the special area of its pages.
///
/// ```
/// offset  bytes  field
///      0      2  flags           0x01 metapage, 0x04 has leaf tuples, 0x08 those of null values
///      2      2  nRedirection    how many tuples lead elsewhere
///      4      2  nPlaceholder    how many are there for the numbers of others alone
///      6      2  spgist_page_id  0xFF82
/// ```
///
/// Counterpart of SpGistPageOpaqueData, src/include/access/spgist_private.h.
final class SpgistPage {

  private static final int LEAF = 0x04;
  private static final int NULLS = 0x08;

  private static final int SPECIAL_BYTES = 8;
  private static final int FLAGS = 0;
  private static final int REDIRECTIONS = 2;
  private static final int PLACEHOLDERS = 4;
  private static final int PAGE_ID = 6;

  /// SPGIST_PAGE_ID
  private static final int SPGIST = 0xFF82;

  private SpgistPage() {}

  /// An empty page for leaf tuples.
  static void initLeaf(MemorySegment pool, long page, boolean storesNulls) {
    init(pool, page, storesNulls ? LEAF | NULLS : LEAF);
  }

  /// An empty page for inner tuples.
  static void initInner(MemorySegment pool, long page, boolean storesNulls) {
    init(pool, page, storesNulls ? NULLS : 0);
  }

  /// Counterpart of SpGistInitPage().
  private static void init(MemorySegment pool, long page, int flags) {
    PageHeader.init(pool, page, SPECIAL_BYTES);
    long special = special(pool, page);
    putU16(pool, special + FLAGS, flags);
    putU16(pool, special + PAGE_ID, SPGIST);
  }

  /// Counts so many tuples more that lead elsewhere, or less.
  static void addRedirections(MemorySegment pool, long page, int count) {
    long place = special(pool, page) + REDIRECTIONS;
    putU16(pool, place, u16(pool, place) + count);
  }

  /// Counts so many placeholders more, or less.
  static void addPlaceholders(MemorySegment pool, long page, int count) {
    long place = special(pool, page) + PLACEHOLDERS;
    putU16(pool, place, u16(pool, place) + count);
  }

  private static long special(MemorySegment pool, long page) {
    return SpecialArea.at(pool, page, SPECIAL_BYTES);
  }
}
