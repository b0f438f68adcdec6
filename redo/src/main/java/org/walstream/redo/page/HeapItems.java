package org.walstream.redo.page;

import static org.walstream.redo.page.PageHeader.HAS_FREE_LINES;

import java.lang.foreign.MemorySegment;

/// Tidies a table's page after pruning and vacuuming. Line pointers stay where they are, for index
/// entries name them; only those at the end may go.
///
/// Has room to sort items in: one object per thread.
///
/// Counterpart of PageRepairFragmentation() and PageTruncateLinePointerArray(),
/// src/backend/storage/page/bufpage.c.
public final class HeapItems {

  private final ItemCompactor compactor = new ItemCompactor();

  /// Makes its room.
  public HeapItems() {}

  /// Packs the items that have storage, cuts off unused line pointers at the end, down to none, and
  /// notes whether unused ones remain.
  ///
  /// @throws CorruptPageException if pointers cross, or items are not where items are, or overlap
  public void repairFragmentation(MemorySegment pool, long page) {
    PageHeader.checkPointers(pool, page);
    int count = PageHeader.maxOffsetNumber(pool, page);
    int lastUsed = 0;
    int unused = 0;
    compactor.begin(pool, page);
    for (int number = 1; number <= count; number++) {
      int linePointer = LinePointer.read(pool, page, number);
      if (LinePointer.isUsed(linePointer)) {
        lastUsed = number;
        if (LinePointer.hasStorage(linePointer)) {
          compactor.keep(number, linePointer);
        }
      } else {
        LinePointer.write(pool, page, number, 0);
        unused++;
      }
    }
    compactor.checkTotal(pool, page);
    compactor.compact(pool, page);
    cutLinePointers(pool, page, count - lastUsed);
    hintFreeLines(pool, page, unused > count - lastUsed);
  }

  /// Cuts off unused line pointers at the end, but never the first one, and notes whether unused
  /// ones remain. Items stay where they are.
  ///
  /// @throws CorruptPageException if the page's pointers cross
  public static void truncateLinePointerArray(MemorySegment pool, long page) {
    PageHeader.checkOrder(pool, page);
    int count = PageHeader.maxOffsetNumber(pool, page);
    int kept = count;
    while (kept > 1 && !LinePointer.isUsed(LinePointer.read(pool, page, kept))) {
      kept--;
    }
    boolean unusedRemain = false;
    for (int number = 1; number <= kept && !unusedRemain; number++) {
      unusedRemain = !LinePointer.isUsed(LinePointer.read(pool, page, number));
    }
    cutLinePointers(pool, page, count - kept);
    hintFreeLines(pool, page, unusedRemain);
  }

  private static void cutLinePointers(MemorySegment pool, long page, int count) {
    int lower = PageHeader.lower(pool, page) - count * LinePointer.LENGTH;
    PageHeader.putLower(pool, page, lower);
  }

  private static void hintFreeLines(MemorySegment pool, long page, boolean thereAre) {
    if (thereAre) {
      PageHeader.set(pool, page, HAS_FREE_LINES);
    } else {
      PageHeader.clear(pool, page, HAS_FREE_LINES);
    }
  }
}
