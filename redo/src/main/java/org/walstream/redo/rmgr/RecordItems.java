package org.walstream.redo.rmgr;

import java.lang.foreign.MemorySegment;
import org.walstream.redo.page.CorruptPageException;
import org.walstream.redo.page.IndexItems;
import org.walstream.redo.page.PageHeader;
import org.walstream.redo.page.PageItems;
import org.walstream.wal.record.RecordBytes;

/// Items of an index's page as records tell of them: tuples to be put there, and lists of offset
/// numbers to be deleted. One object per thread.
final class RecordItems {

  /// More than a page has.
  private static final int MAX_OFFSETS = PageHeader.PAGE_BYTES / Integer.BYTES;

  private final IndexItems items = new IndexItems();
  private final int[] offsetNumbers = new int[MAX_OFFSETS];

  /// Puts `length` bytes at `at` of a record on the page; line pointers from `offsetNumber` on move
  /// up.
  ///
  /// @return false when the item has no place there
  /// @throws IndexOutOfBoundsException if the record has no such bytes
  static boolean add(
      RecordBytes bytes, int at, int length, MemorySegment pool, long page, int offsetNumber) {
    if (length <= 0 || !bytes.holds(at, 1, length)) {
      throw new IndexOutOfBoundsException(
          "a tuple of %d bytes at %d of %d".formatted(length, at, bytes.length()));
    }
    return offsetNumber != PageItems.NONE
        && LoggedItems.add(bytes, at, length, pool, page, offsetNumber, 0) != PageItems.NONE;
  }

  /// Deletes the items whose offset numbers, 2 bytes each, stand at `at` of a record.
  ///
  /// @throws CorruptPageException if the page does not have them all
  /// @throws IndexOutOfBoundsException if the record does not
  void delete(RecordBytes bytes, int at, int count, MemorySegment pool, long page) {
    if (count > MAX_OFFSETS) {
      throw new CorruptPageException("incorrect index offsets supplied");
    }
    for (int i = 0; i < count; i++) {
      offsetNumbers[i] = bytes.u16(at + Short.BYTES * i);
    }
    items.multiDelete(pool, page, offsetNumbers, count);
  }
}
