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
public final class Tid {

  public static final int LENGTH = 6;

  private Tid() {}

  /// The page of the TID at `at` of `bytes`, unsigned.
  public static int block(RecordBytes bytes, int at) {
    return bytes.blockId(at);
  }

  /// The line pointer of the TID at `at` of `bytes`.
  public static int offset(RecordBytes bytes, int at) {
    return bytes.u16(at + 4);
  }

  /// Tells the TID at `at` of `bytes` as SQL writes it: `(0,1)`.
  static void field(String name, RecordBytes bytes, int at, RecordFields out) {
    String block = Integer.toUnsignedString(block(bytes, at));
    out.text(name, "(" + block + "," + offset(bytes, at) + ")");
  }
}
