package org.walstream.redo.rmgr;

import java.lang.foreign.MemorySegment;
import org.walstream.redo.page.CorruptPageException;
import org.walstream.redo.page.LinePointer;
import org.walstream.redo.page.PageHeader;
import org.walstream.wal.record.RecordBytes;
import org.walstream.wal.rmgr.IndexTuple;

/// All tuples of a page, as records have them: what stood between hole and special area. The lowest
/// is the last one, as they were put there in their order.
///
/// ```
///  record                     │ tuple3 │ tuple2 │ tuple1 │
///  page   │ lp1 lp2 lp3 │hole │ tuple3 │ tuple2 │ tuple1 │ special │
/// ```
///
/// Counterpart of _bt_restore_page(), src/backend/access/nbtree/nbtxlog.c.
final class BtreeTuples {

  private BtreeTuples() {}

  /// Puts them on a page that has just been made.
  ///
  /// @throws CorruptPageException if they do not fit
  static void restore(RecordBytes tuples, MemorySegment pool, long page) {
    int count = count(tuples);
    int lower = PageHeader.lower(pool, page) + count * Integer.BYTES;
    int upper = PageHeader.upper(pool, page) - tuples.length();
    if (lower > upper) {
      throw new CorruptPageException("_bt_restore_page: cannot add item to page");
    }
    tuples.copyTo(pool, page + upper);
    PageHeader.putLower(pool, page, lower);
    PageHeader.putUpper(pool, page, upper);
    int at = 0;
    for (int number = count; number >= 1; number--) {
      int size = IndexTuple.alignedSize(tuples, at);
      LinePointer.put(pool, page, number, LinePointer.of(upper + at, LinePointer.NORMAL, size));
      at += size;
    }
  }

  private static int count(RecordBytes tuples) {
    int count = 0;
    int at = 0;
    while (at < tuples.length()) {
      int size = IndexTuple.alignedSize(tuples, at);
      if (size == 0 || size > tuples.length() - at) {
        throw new CorruptPageException(
            "a tuple of %d bytes at %d of %d".formatted(size, at, tuples.length()));
      }
      at += size;
      count++;
    }
    return count;
  }
}
