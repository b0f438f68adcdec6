package org.walstream.redo.rmgr;

import java.lang.foreign.MemorySegment;
import org.walstream.redo.page.LinePointer;
import org.walstream.redo.page.PageItems;
import org.walstream.wal.record.RecordBytes;

/// Puts items on pages that stand in a record.
final class LoggedItems {

  private LoggedItems() {}

  /// [PageItems#add] of the `length` bytes at `at` of the record's.
  ///
  /// @return the item's offset number, or [PageItems#NONE] when it does not fit or may not stand
  ///   there
  static int add(
      RecordBytes bytes,
      int at,
      int length,
      MemorySegment pool,
      long page,
      int offsetNumber,
      int flags) {
    int number = PageItems.reserve(pool, page, length, offsetNumber, flags);
    if (number != PageItems.NONE) {
      bytes.copyTo(at, length, pool, LinePointer.item(pool, page, number));
    }
    return number;
  }
}
