package org.walstream.redo.rmgr;

import static org.walstream.redo.page.PageHeader.PAGE_BYTES;

import java.lang.foreign.MemorySegment;
import org.walstream.redo.page.CorruptPageException;
import org.walstream.redo.page.PageHeader;
import org.walstream.wal.record.RecordBytes;

/// Inner pages of the tree that the TIDs of a common entry have: pages below, each with the last
/// TID that is to be found there. No line pointers.
///
/// ```
///      0        24          32                            pd_lower           8184
///      ┌────────┬───────────┬────────┬────────┬────────────┬──────────────────┬────────┐
///      │ header │ right TID │ item 1 │ item 2 │ …          │                  │ GIN's  │
///      └────────┴───────────┴────────┴────────┴────────────┴──────────────────┴────────┘
///
/// offset  bytes  field of a posting item
///      0      4  child   two halves of 16 bits, the high one first
///      4      6  key     Tid
/// ```
///
/// How many there are, `maxoff` tells; pd_lower follows it, but of pages from before PostgreSQL 9.4
/// it need not be right until they change.
///
/// Counterpart of GinDataPageAddPostingItem() and GinPageDeletePostingItem(),
/// src/backend/access/gin/gindatapage.c.
final class GinDataPage {

  /// Where the items start, and on leaves the posting lists.
  static final int FIRST = 32;

  /// Where they end at the latest.
  static final int END = PAGE_BYTES - GinPage.SPECIAL_BYTES;

  private static final int ITEM_LENGTH = 10;

  private GinDataPage() {}

  /// Puts a posting item, the bytes at `at` of the record's, in front of the one at `number`, which
  /// gets `rightChild` below it: the page that the one below it has been split from.
  static void insert(
      MemorySegment pool, long page, int number, int rightChild, RecordBytes bytes, int at) {
    int count = checkedCount(pool, page, number);
    if (place(0, count + 2) > END) {
      throw new CorruptPageException("no room for another of %d posting items".formatted(count));
    }
    long place = place(page, number);
    TidBytes.putBlock(pool, place, rightChild);
    int moved = (count - number + 1) * ITEM_LENGTH;
    MemorySegment.copy(pool, place, pool, place + ITEM_LENGTH, moved);
    bytes.copyTo(at, ITEM_LENGTH, pool, place);
    putCount(pool, page, count + 1);
  }

  static void delete(MemorySegment pool, long page, int number) {
    int count = checkedCount(pool, page, number);
    long place = place(page, number);
    int moved = (count - number) * ITEM_LENGTH;
    MemorySegment.copy(pool, place + ITEM_LENGTH, pool, place, moved);
    putCount(pool, page, count - 1);
  }

  /// How many items there are, `number` being one of them.
  private static int checkedCount(MemorySegment pool, long page, int number) {
    int count = GinPage.maxoff(pool, page);
    if (number < 1 || number > count || place(0, count + 1) > END) {
      throw new CorruptPageException("invalid posting item %d of %d".formatted(number, count));
    }
    return count;
  }

  private static void putCount(MemorySegment pool, long page, int count) {
    GinPage.putMaxoff(pool, page, count);
    PageHeader.putLower(pool, page, FIRST + count * ITEM_LENGTH);
  }

  private static long place(long page, int number) {
    return page + FIRST + (long) (number - 1) * ITEM_LENGTH;
  }
}
