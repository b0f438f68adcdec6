package org.walstream.wal.record;

import java.util.Arrays;

/// The bytes of the record being read, in one piece: where they stand while that is possible, which
/// it is for all records that lie within a page; else copied together.
final class RecordAssembly implements RecordPieces {

  private static final int INITIAL_BYTES = 1 << 16;

  /// The range being read.
  private byte[] range = {};

  /// Grows with what has come of a record, not with what its header promises.
  private byte[] copy = new byte[INITIAL_BYTES];

  /// True while the record stands in the range, false when it is copied.
  private boolean inPlace;

  private int start;
  private int length;

  /// Says which array the pieces to come are in.
  void range(byte[] bytes) {
    range = bytes;
  }

  @Override
  public void piece(boolean first, byte[] bytes, int at, int count) {
    if (first) {
      inPlace = true;
      start = at;
      length = count;
    } else if (inPlace && start + length == at) {
      length += count;
    } else {
      keep();
      append(bytes, at, count);
    }
  }

  /// Copies what has come of a record, because the range it stands in is about to change.
  void keep() {
    if (inPlace) {
      int from = start;
      int count = length;
      inPlace = false;
      start = 0;
      length = 0;
      append(range, from, count);
    }
  }

  /// Forgets what has come of a record that will not be finished.
  void forget() {
    inPlace = false;
    length = 0;
  }

  /// The array in which the record stands, from [#start] on.
  byte[] bytes() {
    return inPlace ? range : copy;
  }

  int start() {
    return start;
  }

  private void append(byte[] bytes, int at, int count) {
    if (copy.length - length < count) {
      copy = Arrays.copyOf(copy, Math.max(2 * copy.length, length + count));
    }
    System.arraycopy(bytes, at, copy, length, count);
    length += count;
  }
}
