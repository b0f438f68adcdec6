package org.walstream.wal.rmgr;

import org.walstream.wal.record.RecordBytes;

/// A tuple's place: its page, and its line pointer on the page.
///
/// ```
/// offset  bytes  field
///      0      4  block   two halves of 16 bits, the high one first
///      4      2  offset
/// ```
///
/// Counterpart of ItemPointerData, src/include/storage/itemptr.h.
final class Tid {

  static final int LENGTH = 6;

  private Tid() {}

  /// Tells the TID at `at` of `bytes` as SQL writes it: `(0,1)`.
  static void field(String name, RecordBytes bytes, int at, RecordFields out) {
    String block = Integer.toUnsignedString(bytes.blockId(at));
    out.text(name, "(" + block + "," + bytes.u16(at + 4) + ")");
  }
}
