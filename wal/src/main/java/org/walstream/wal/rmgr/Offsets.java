package org.walstream.wal.rmgr;

import org.walstream.wal.record.RecordBytes;

/// Arrays of line pointers' numbers on a page, two bytes each: most of what access methods put into
/// a record beside tuples.
///
/// Counterpart of OffsetNumber[], src/include/storage/off.h.
final class Offsets {

  private Offsets() {}

  static void list(String name, RecordBytes bytes, int at, int count, RecordFields out) {
    out.numbers(name, count, index -> bytes.u16(at + Short.BYTES * index));
  }

  /// Offsets that each go with the one behind: `from` and `to`.
  static void pairs(String name, RecordBytes bytes, int at, int count, RecordFields out) {
    out.list(
        name,
        count,
        (index, item) -> {
          item.number("from", bytes.u16(at + 2 * Short.BYTES * index));
          item.number("to", bytes.u16(at + 2 * Short.BYTES * index + Short.BYTES));
        });
  }
}
