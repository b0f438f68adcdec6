package org.walstream.redo.page;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Integers in pages: little-endian, at any address. Offsets count from the start of the pool.
public final class PageBytes {

  private static final ValueLayout.OfShort U16 =
      JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt I32 =
      JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong I64 =
      JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private PageBytes() {}

  /// Unsigned.
  public static int u8(MemorySegment pool, long at) {
    return pool.get(JAVA_BYTE, at) & 0xFF;
  }

  /// Unsigned.
  public static int u16(MemorySegment pool, long at) {
    return pool.get(U16, at) & 0xFFFF;
  }

  /// Four bytes, signed or unsigned as the caller takes them.
  public static int i32(MemorySegment pool, long at) {
    return pool.get(I32, at);
  }

  public static long i64(MemorySegment pool, long at) {
    return pool.get(I64, at);
  }

  /// Puts the lowest byte of `value`, as the following put its lowest two, and all of it.
  public static void putU8(MemorySegment pool, long at, int value) {
    pool.set(JAVA_BYTE, at, (byte) value);
  }

  public static void putU16(MemorySegment pool, long at, int value) {
    pool.set(U16, at, (short) value);
  }

  public static void putI32(MemorySegment pool, long at, int value) {
    pool.set(I32, at, value);
  }

  public static void putI64(MemorySegment pool, long at, long value) {
    pool.set(I64, at, value);
  }

  /// Two halves, the high one first, each little-endian: an LSN as pages have it (PageXLogRecPtr).
  public static long lsn(MemorySegment pool, long at) {
    return (long) i32(pool, at) << 32 | Integer.toUnsignedLong(i32(pool, at + 4));
  }

  public static void putLsn(MemorySegment pool, long at, long lsn) {
    putI32(pool, at, (int) (lsn >>> 32));
    putI32(pool, at + 4, (int) lsn);
  }

  /// Zeros `count` bytes, which may be none.
  static void zero(MemorySegment pool, long at, long count) {
    long end = at + count;
    long here = at;
    for (; here + Long.BYTES <= end; here += Long.BYTES) {
      pool.set(I64, here, 0);
    }
    for (; here < end; here++) {
      pool.set(JAVA_BYTE, here, (byte) 0);
    }
  }

  /// MAXALIGN(): `length` rounded up to what the server's machine aligns its largest types to.
  public static int maxAlign(int length) {
    return (length + 7) & ~7;
  }
}
