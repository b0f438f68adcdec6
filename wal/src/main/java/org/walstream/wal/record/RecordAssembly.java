package org.walstream.wal.record;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.walstream.wal.RecordPieces;

/// The bytes of the record being read, in one piece: where they stand while that is possible, which
/// it is for all records that lie within a page; else copied together.
final class RecordAssembly implements RecordPieces {

  private static final int INITIAL_BYTES = 1 << 16;

  /// Grows with what has come of a record, not with what its header promises.
  private ByteBuffer copy = buffer(INITIAL_BYTES);

  /// Where the record's bytes are: the caller's range while `inPlace`, else the copy.
  private ByteBuffer source = copy;

  private boolean inPlace;
  private int start;
  private int length;

  @Override
  public void piece(boolean first, ByteBuffer bytes, int at, int count) {
    if (first) {
      source = bytes;
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
      ByteBuffer before = source;
      int count = length;
      source = copy;
      inPlace = false;
      length = 0;
      append(before, start, count);
      start = 0;
    }
  }

  /// Forgets what has come of a record that will not be finished.
  void forget() {
    inPlace = false;
    length = 0;
  }

  /// The buffer in which the record stands, little-endian, from [#start] on.
  ByteBuffer bytes() {
    return source;
  }

  int start() {
    return start;
  }

  private void append(ByteBuffer bytes, int at, int count) {
    if (copy.capacity() - length < count) {
      int capacity = Math.max(2 * copy.capacity(), length + count);
      copy = buffer(capacity).put(0, copy, 0, length);
      source = copy;
    }
    copy.put(length, bytes, at, count);
    length += count;
  }

  private static ByteBuffer buffer(int capacity) {
    return ByteBuffer.allocateDirect(capacity).order(ByteOrder.LITTLE_ENDIAN);
  }
}
