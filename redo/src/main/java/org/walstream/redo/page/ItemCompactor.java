package org.walstream.redo.page;

import static org.walstream.redo.page.PageBytes.maxAlign;

import java.lang.foreign.MemorySegment;

/// Packs the items that stay on a page against its special area, in the order of their line
/// pointers: the first one highest.
///
/// ```
///  before   │ lp1 lp2 lp3 lp4 │     hole      │ item4 │░░░░│ item1 │ item2 │░░│ special │
///  after    │ lp1 lp2 lp3 lp4 │     hole, larger       │ item4 │ item2 │ item1 │ special │
/// ```
///
/// Items move with their padding, bytes that are nobody's but the page's. Only where items end up
/// is anything written, so that the hole keeps what was in it, however the moving is done: in place
/// when the items stand in order already, which is how they come to a page; through a copy
/// otherwise.
///
/// First [#begin], then [#keep] for each item in the order of line pointers, then [#compact]. One
/// object per thread.
///
/// Counterpart of compactify_tuples(), src/backend/storage/page/bufpage.c.
final class ItemCompactor {

  /// More line pointers than a page has room for.
  private static final int MAX_ITEMS = PageHeader.PAGE_BYTES / LinePointer.LENGTH;

  /// Of each item: the offset number that it has afterwards, and where it stands, with its padding.
  private final int[] offsetNumbers = new int[MAX_ITEMS];

  private final int[] offsets = new int[MAX_ITEMS];
  private final int[] alignedLengths = new int[MAX_ITEMS];

  private final MemorySegment copy = MemorySegment.ofArray(new byte[PageHeader.PAGE_BYTES]);

  private int count;
  private int total;

  /// True as long as each item stands below the one before.
  private boolean inOrder;

  private int upper;
  private int special;

  /// Takes the page's pointers, which have been checked, and forgets the items before.
  void begin(MemorySegment pool, long page) {
    upper = PageHeader.upper(pool, page);
    special = PageHeader.special(pool, page);
    count = 0;
    total = 0;
    inOrder = true;
  }

  /// @param offsetNumber the item's line pointer once [#compact] is called
  /// @param linePointer as it was before
  /// @throws CorruptPageException if the item is not within the page's items
  void keep(int offsetNumber, int linePointer) {
    int offset = LinePointer.offset(linePointer);
    int alignedLength = maxAlign(LinePointer.length(linePointer));
    if (offset < upper || offset + alignedLength > special) {
      throw LinePointer.corrupt(offset, LinePointer.length(linePointer));
    }
    inOrder &= count == 0 || offset < offsets[count - 1];
    offsetNumbers[count] = offsetNumber;
    offsets[count] = offset;
    alignedLengths[count] = alignedLength;
    total += alignedLength;
    count++;
  }

  /// @throws CorruptPageException if the items kept are longer than what they stand in: they
  ///   overlap
  void checkTotal(MemorySegment pool, long page) {
    int room = special - PageHeader.lower(pool, page);
    if (total > room) {
      throw new CorruptPageException(
          "corrupted item lengths: total %d, available space %d".formatted(total, room));
    }
  }

  /// Moves the items, and has their line pointers and pd_upper follow.
  void compact(MemorySegment pool, long page) {
    int at = special;
    int first = 0;
    while (first < count && offsets[first] + alignedLengths[first] == at) {
      at = offsets[first];
      first++;
    }
    if (first < count) {
      if (inOrder) {
        at = move(pool, page, pool, page, first, at);
      } else {
        MemorySegment.copy(pool, page + upper, copy, upper, special - upper);
        at = move(pool, page, copy, 0, first, at);
      }
    }
    PageHeader.putUpper(pool, page, at);
  }

  /// Moves the items from `first` on to end at `end`, neighbours in one go.
  ///
  /// @param from where the page's bytes are to be had
  /// @return where the last of them begins now
  private int move(
      MemorySegment pool, long page, MemorySegment from, long fromPage, int first, int end) {
    int at = end;
    int runEnd = offsets[first] + alignedLengths[first];
    int runStart = runEnd;
    for (int item = first; item < count; item++) {
      if (offsets[item] + alignedLengths[item] != runStart) {
        MemorySegment.copy(from, fromPage + runStart, pool, page + at, runEnd - runStart);
        runEnd = offsets[item] + alignedLengths[item];
      }
      at -= alignedLengths[item];
      runStart = offsets[item];
      int linePointer = LinePointer.read(pool, page, offsetNumbers[item]);
      LinePointer.write(pool, page, offsetNumbers[item], LinePointer.at(linePointer, at));
    }
    MemorySegment.copy(from, fromPage + runStart, pool, page + at, runEnd - runStart);
    return at;
  }
}
