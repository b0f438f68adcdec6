package org.walstream.redo.rmgr;

import static org.walstream.redo.page.PageHeader.PAGE_BYTES;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import org.walstream.redo.page.CorruptPageException;

/// Room for the offset numbers that a record names, at most as many as a page could have. One
/// thread's.
final class OffsetNumbers {

  private final int[] numbers = new int[PAGE_BYTES / Integer.BYTES];
  private int count;

  /// Takes the record's in place of those before.
  ///
  /// @throws CorruptPageException if no page has as many items
  void set(int count, IntUnaryOperator number) {
    if (count > numbers.length) {
      throw new CorruptPageException("incorrect index offsets supplied");
    }
    for (int i = 0; i < count; i++) {
      numbers[i] = number.applyAsInt(i);
    }
    this.count = count;
  }

  void sort() {
    Arrays.sort(numbers, 0, count);
  }

  int count() {
    return count;
  }

  int get(int index) {
    return numbers[index];
  }

  /// The array that has [#count] of them.
  int[] array() {
    return numbers;
  }
}
