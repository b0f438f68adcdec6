package org.walstream.wal.record;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/// A run of bytes within a record, read where they stand: its main data, or the data of one of its
/// blocks. Integers are little-endian and need not be aligned; offsets count from the run's start.
///
/// Every access is checked against the run, so a record that lies about its own contents cannot
/// make a reader see its neighbour's.
///
/// The view is moved, not made anew, from record to record: it is valid as long as its record is.
public final class RecordBytes {

  private static final byte[] NOTHING = {};

  private byte[] bytes = NOTHING;
  private int from;
  private int length;

  RecordBytes() {}

  void set(byte[] bytes, int from, int length) {
    this.bytes = bytes;
    this.from = from;
    this.length = length;
  }

  void clear() {
    set(NOTHING, 0, 0);
  }

  public int length() {
    return length;
  }

  /// True when `count` items of `itemLength` bytes each fit in at `at`: to be asked before a length
  /// is believed that the record itself tells.
  ///
  /// @param count as read from the record; none fit in if it is negative
  public boolean holds(int at, int count, int itemLength) {
    return at >= 0 && count >= 0 && (long) count * itemLength <= (long) length - at;
  }

  /// An unsigned byte.
  ///
  /// @throws IndexOutOfBoundsException if it is not within the run, as of all that follow
  public int u8(int at) {
    return bytes[from(at, Byte.BYTES)] & 0xFF;
  }

  public int u16(int at) {
    return LittleEndian.u16(bytes, from(at, Short.BYTES));
  }

  /// Four bytes, signed or unsigned as the caller takes them.
  public int i32(int at) {
    return LittleEndian.i32(bytes, from(at, Integer.BYTES));
  }

  public long u32(int at) {
    return Integer.toUnsignedLong(i32(at));
  }

  public long i64(int at) {
    return LittleEndian.i64(bytes, from(at, Long.BYTES));
  }

  public double f64(int at) {
    return Double.longBitsToDouble(i64(at));
  }

  /// A block number as PostgreSQL keeps it where it saves alignment: two halves of 16 bits, the
  /// high one first (BlockIdData).
  public int blockId(int at) {
    return u16(at) << 16 | u16(at + 2);
  }

  /// Copies `count` bytes at `at` into `into`, from `intoAt` on.
  public void copy(int at, byte[] into, int intoAt, int count) {
    System.arraycopy(bytes, from(at, count), into, intoAt, count);
  }

  /// Copies all of the run into `into`, from `intoAt` on.
  ///
  /// @throws IndexOutOfBoundsException if `into` has no room for it
  public void copyTo(MemorySegment into, long intoAt) {
    copyTo(0, length, into, intoAt);
  }

  /// Copies `count` bytes at `at` into `into`, from `intoAt` on.
  public void copyTo(int at, int count, MemorySegment into, long intoAt) {
    MemorySegment.copy(bytes, from(at, count), into, ValueLayout.JAVA_BYTE, intoAt, count);
  }

  public byte[] toArray() {
    byte[] bytes = new byte[length];
    copy(0, bytes, 0, length);
    return bytes;
  }

  /// The length of the C string at `at`, without its zero byte; up to the run's end when there is
  /// none.
  public int cStringLength(int at) {
    int end = Objects.checkIndex(at, length + 1);
    while (end < length && u8(end) != 0) {
      end++;
    }
    return end - at;
  }

  /// The C string at `at`, as UTF-8.
  public String cString(int at) {
    byte[] bytes = new byte[cStringLength(at)];
    copy(at, bytes, 0, bytes.length);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /// The array that the run is in.
  byte[] array() {
    return bytes;
  }

  /// Where in [#array] it starts.
  int arrayOffset() {
    return from;
  }

  private int from(int at, int count) {
    if (at < 0 || count < 0 || at > length - count) { // by hand: it is the hottest of all checks
      throw new IndexOutOfBoundsException(
          "%d bytes at %d are not within %d".formatted(count, at, length));
    }
    return from + at;
  }
}
