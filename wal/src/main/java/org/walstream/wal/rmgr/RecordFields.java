package org.walstream.wal.rmgr;

import java.util.function.IntToLongFunction;
import org.walstream.wal.record.RelFileLocator;

/// Takes the fields of a record, one after the other: what a printer of records implements.
/// PostgreSQL's field names, such as `offnum` or `latestCompletedXid`.
public interface RecordFields {

  /// A number as it is to be printed; unsigned 32-bit values are widened before.
  void number(String name, long value);

  /// An unsigned 32-bit number.
  default void u32(String name, int value) {
    number(name, Integer.toUnsignedLong(value));
  }

  /// An unsigned 64-bit number.
  void unsigned(String name, long value);

  void real(String name, double value);

  void flag(String name, boolean value);

  void text(String name, String value);

  void lsn(String name, long lsn);

  /// @param micros since 2000-01-01 UTC
  void timestamp(String name, long micros);

  void locator(String name, RelFileLocator locator);

  /// Numbers in order.
  void numbers(String name, int count, IntToLongFunction value);

  /// Things with fields of their own, in order.
  void list(String name, int count, Item item);

  /// Tells the fields of the `index`th thing of a list.
  @FunctionalInterface
  interface Item {
    void fields(int index, RecordFields out);
  }
}
