package org.walstream.redo.page;

import static org.walstream.redo.page.PageBytes.maxAlign;

import java.lang.foreign.MemorySegment;

/// Removes and replaces the items of an index's page. There items are called by their order: when
/// one goes, the line pointers behind it move down.
///
/// ```
///  delete(2)      │ lp1 lp2 lp3 │  hole  │ item3 │ item2 │ item1 │
///                 │ lp1 lp3 │  hole  ░░░░░░░░│ item3 │ item1 │      physical order stays
/// ```
///
/// The bytes that become hole, line pointers and items, keep what was in them.
///
/// Has room to sort items in: one object per thread.
///
/// Counterpart of PageIndexTupleDelete(), PageIndexMultiDelete(), PageIndexTupleDeleteNoCompact()
/// and PageIndexTupleOverwrite(), src/backend/storage/page/bufpage.c.
public final class IndexItems {

  /// Up to as many items are deleted one by one, which keeps the physical order of the others; more
  /// have the page packed anew. PostgreSQL calls it a number to be tuned: for us it is the format.
  private static final int FEW = 2;

  private final ItemCompactor compactor = new ItemCompactor();
  private final int[] kept = new int[PageHeader.PAGE_BYTES / LinePointer.LENGTH];

  /// Makes its room.
  public IndexItems() {}

  /// Removes an item and its line pointer.
  ///
  /// @throws CorruptPageException if there is no such item
  public static void delete(MemorySegment pool, long page, int offsetNumber) {
    int linePointer = checkedItem(pool, page, offsetNumber);
    removeLinePointer(pool, page, offsetNumber);
    closeGap(pool, page, linePointer, false);
  }

  /// Removes an item, and its line pointer only when it is the last: it becomes unused otherwise,
  /// so that those behind keep their numbers.
  ///
  /// @throws CorruptPageException if there is no such item
  public static void deleteNoCompact(MemorySegment pool, long page, int offsetNumber) {
    int linePointer = checkedItem(pool, page, offsetNumber);
    if (offsetNumber < PageHeader.maxOffsetNumber(pool, page)) {
      LinePointer.write(pool, page, offsetNumber, 0);
    } else {
      removeLinePointer(pool, page, offsetNumber);
    }
    closeGap(pool, page, linePointer, true);
  }

  /// Removes several items and their line pointers.
  ///
  /// @param offsetNumbers has `count` of them, ascending
  /// @throws CorruptPageException if one of them is not there, or any item of the page is not where
  ///   items are
  public void multiDelete(MemorySegment pool, long page, int[] offsetNumbers, int count) {
    if (count > FEW) {
      deleteMany(pool, page, offsetNumbers, count);
      return;
    }
    for (int last = count - 1; last >= 0; last--) {
      delete(pool, page, offsetNumbers[last]);
    }
  }

  private void deleteMany(MemorySegment pool, long page, int[] offsetNumbers, int count) {
    PageHeader.checkPointers(pool, page);
    int items = PageHeader.maxOffsetNumber(pool, page);
    int deleted = 0;
    int stay = 0;
    compactor.begin(pool, page);
    for (int number = 1; number <= items; number++) {
      int linePointer = checkedItem(pool, page, number);
      if (deleted < count && offsetNumbers[deleted] == number) {
        deleted++;
      } else {
        kept[stay] = linePointer;
        stay++;
        compactor.keep(stay, linePointer);
      }
    }
    if (deleted != count) {
      throw new CorruptPageException("incorrect index offsets supplied");
    }
    compactor.checkTotal(pool, page);
    for (int item = 0; item < stay; item++) {
      LinePointer.write(pool, page, item + 1, kept[item]);
    }
    PageHeader.putLower(pool, page, PageHeader.LENGTH + stay * LinePointer.LENGTH);
    compactor.compact(pool, page);
  }

  /// Replaces an item by the `length` bytes at `from` of `source`, which ends where the old one
  /// did. The line pointer keeps its flags.
  ///
  /// @param source not the page itself
  /// @return false when it does not fit; the page is as it was then
  /// @throws CorruptPageException if there is no such item
  public static boolean overwrite(
      MemorySegment pool,
      long page,
      int offsetNumber,
      MemorySegment source,
      long from,
      int length) {
    int linePointer = checkedItem(pool, page, offsetNumber);
    int oldLength = maxAlign(LinePointer.length(linePointer));
    int newLength = maxAlign(length);
    if (newLength > oldLength + PageItems.exactFreeSpace(pool, page)) {
      return false;
    }
    int offset = LinePointer.offset(linePointer);
    int shorter = oldLength - newLength;
    moveUp(pool, page, offset, shorter, true);
    int flags = LinePointer.flags(linePointer);
    int newOffset = offset + shorter;
    LinePointer.write(pool, page, offsetNumber, LinePointer.of(newOffset, flags, length));
    MemorySegment.copy(source, from, pool, page + newOffset, length);
    return true;
  }

  /// The line pointer of an item that is where items are.
  private static int checkedItem(MemorySegment pool, long page, int offsetNumber) {
    PageHeader.checkPointers(pool, page);
    if (offsetNumber < 1 || offsetNumber > PageHeader.maxOffsetNumber(pool, page)) {
      throw new CorruptPageException("invalid index offnum: " + offsetNumber);
    }
    int linePointer = LinePointer.read(pool, page, offsetNumber);
    int offset = LinePointer.offset(linePointer);
    int length = LinePointer.length(linePointer);
    if (offset < PageHeader.upper(pool, page)
        || offset + length > PageHeader.special(pool, page)
        || offset != maxAlign(offset)) {
      throw LinePointer.corrupt(offset, length);
    }
    return linePointer;
  }

  private static void removeLinePointer(MemorySegment pool, long page, int offsetNumber) {
    int lower = PageHeader.lower(pool, page);
    long place = LinePointer.place(page, offsetNumber);
    long behind = place + LinePointer.LENGTH;
    MemorySegment.copy(pool, behind, pool, place, page + lower - behind);
    PageHeader.putLower(pool, page, lower - LinePointer.LENGTH);
  }

  private static void closeGap(
      MemorySegment pool, long page, int linePointer, boolean someHaveNoStorage) {
    int length = maxAlign(LinePointer.length(linePointer));
    moveUp(pool, page, LinePointer.offset(linePointer), length, someHaveNoStorage);
  }

  /// Moves all items below `end` up by `bytes`, down if that is negative, and their line pointers
  /// with them: the one at `end` itself, too, if any has it.
  ///
  /// @param someHaveNoStorage true where line pointers without an item may be met, to be left alone
  private static void moveUp(
      MemorySegment pool, long page, int end, int bytes, boolean someHaveNoStorage) {
    if (bytes == 0) {
      return;
    }
    int upper = PageHeader.upper(pool, page);
    MemorySegment.copy(pool, page + upper, pool, page + upper + bytes, end - upper);
    PageHeader.putUpper(pool, page, upper + bytes);
    int count = PageHeader.maxOffsetNumber(pool, page);
    for (int number = 1; number <= count; number++) {
      int linePointer = LinePointer.read(pool, page, number);
      int offset = LinePointer.offset(linePointer);
      if (offset <= end && (!someHaveNoStorage || LinePointer.hasStorage(linePointer))) {
        LinePointer.write(pool, page, number, LinePointer.at(linePointer, offset + bytes));
      }
    }
  }
}
