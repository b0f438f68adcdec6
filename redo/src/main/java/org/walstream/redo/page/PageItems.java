package org.walstream.redo.page;

import static org.walstream.redo.page.PageBytes.maxAlign;
import static org.walstream.redo.page.PageHeader.HAS_FREE_LINES;

import java.lang.foreign.MemorySegment;

/// Puts items on pages, and says how much room there is for more.
///
/// Counterpart of PageAddItemExtended() and of the functions that tell free space,
/// src/backend/storage/page/bufpage.c.
public final class PageItems {

  /// The line pointer of the offset number given is to be filled, not moved up (PAI_OVERWRITE).
  public static final int OVERWRITE = 0x01;

  /// The page is a table's, with its limit of line pointers (PAI_IS_HEAP).
  public static final int IS_HEAP = 0x02;

  /// What [#add] and [#reserve] return when the item has no place on the page
  /// (InvalidOffsetNumber); given to them: the first line pointer that is free.
  public static final int NONE = 0;

  /// MaxHeapTuplesPerPage: as many tuples without a column as fit on a page.
  public static final int MAX_HEAP_TUPLES = 291;

  private PageItems() {}

  /// Copies an item of `length` bytes at `from` of `source` onto the page.
  ///
  /// Line pointers from `offsetNumber` on move up by one unless flags have [#OVERWRITE]; then that
  /// line pointer must be unused, or the next one.
  ///
  /// @param offsetNumber the item's, or [#NONE] for the first that is free
  /// @return the item's offset number, or [#NONE] when it does not fit or may not stand there; the
  ///   page is as it was then, but for a hint
  /// @throws CorruptPageException if the page's pointers cross
  public static int add(
      MemorySegment pool,
      long page,
      MemorySegment source,
      long from,
      int length,
      int offsetNumber,
      int flags) {
    int number = reserve(pool, page, length, offsetNumber, flags);
    if (number != NONE) {
      MemorySegment.copy(source, from, pool, page + PageHeader.upper(pool, page), length);
    }
    return number;
  }

  /// All of [#add] but the copying, for an item whose bytes come from several places: they go where
  /// [PageHeader#upper] is now. Until then they are what the hole had there; the padding behind
  /// them stays so.
  public static int reserve(
      MemorySegment pool, long page, int length, int offsetNumber, int flags) {
    long pointers = PageHeader.checkOrder(pool, page);
    int oldLower = PageHeader.lowerOf(pointers);
    int limit = PageHeader.maxOffsetNumber(oldLower) + 1;
    int number = offsetNumber == NONE ? firstFree(pool, page, limit) : offsetNumber;
    boolean inBetween = number < limit;
    boolean overwrites = offsetNumber == NONE || (flags & OVERWRITE) != 0;
    if (number < NONE
        || number > limit
        || ((flags & IS_HEAP) != 0 && number > MAX_HEAP_TUPLES)
        || (inBetween && overwrites && !isFree(LinePointer.read(pool, page, number)))) {
      return NONE;
    }
    boolean moves = inBetween && !overwrites;
    int lower = inBetween && overwrites ? oldLower : oldLower + LinePointer.LENGTH;
    int upper = PageHeader.upperOf(pointers) - maxAlign(length);
    if (length < 0 || lower > upper) {
      return NONE;
    }
    if (moves) {
      long place = LinePointer.place(page, number);
      long bytes = (long) (limit - number) * LinePointer.LENGTH;
      MemorySegment.copy(pool, place, pool, place + LinePointer.LENGTH, bytes);
    }
    LinePointer.write(pool, page, number, LinePointer.of(upper, LinePointer.NORMAL, length));
    PageHeader.putLowerAndUpper(pool, page, lower, upper);
    return number;
  }

  /// Bytes between line pointers and items.
  ///
  /// Counterpart of PageGetExactFreeSpace().
  public static int exactFreeSpace(MemorySegment pool, long page) {
    long pointers = PageHeader.pointers(pool, page);
    return Math.max(0, PageHeader.upperOf(pointers) - PageHeader.lowerOf(pointers));
  }

  /// Bytes for one more item with its line pointer: an index's pages, and what redo of a VISIBLE
  /// record tells the free space map.
  ///
  /// Counterpart of PageGetFreeSpace().
  public static int freeSpace(MemorySegment pool, long page) {
    return Math.max(0, exactFreeSpace(pool, page) - LinePointer.LENGTH);
  }

  /// The same for a table's page, where a tuple needs a line pointer within the limit, too.
  ///
  /// Counterpart of PageGetHeapFreeSpace().
  public static int heapFreeSpace(MemorySegment pool, long page) {
    int space = freeSpace(pool, page);
    int count = PageHeader.maxOffsetNumber(pool, page);
    if (space == 0 || count < MAX_HEAP_TUPLES) {
      return space;
    }
    return PageHeader.has(pool, page, HAS_FREE_LINES) && hasUnused(pool, page, count) ? space : 0;
  }

  private static boolean hasUnused(MemorySegment pool, long page, int count) {
    PageHeader.checkOrder(pool, page);
    for (int number = 1; number <= count; number++) {
      if (!LinePointer.isUsed(LinePointer.read(pool, page, number))) {
        return true;
      }
    }
    return false;
  }

  /// As long as the hint says that there are free ones, the first of them; the hint goes when it
  /// proves wrong.
  private static int firstFree(MemorySegment pool, long page, int limit) {
    if (PageHeader.has(pool, page, HAS_FREE_LINES)) {
      for (int number = 1; number < limit; number++) {
        if (isFree(LinePointer.read(pool, page, number))) {
          return number;
        }
      }
      PageHeader.clear(pool, page, HAS_FREE_LINES);
    }
    return limit;
  }

  private static boolean isFree(int linePointer) {
    return !LinePointer.isUsed(linePointer) && !LinePointer.hasStorage(linePointer);
  }
}
