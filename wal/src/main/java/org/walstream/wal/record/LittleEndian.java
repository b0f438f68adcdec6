package org.walstream.wal.record;

/// Integers in arrays as WAL has them, byte by byte: quicker than a view of the array as long as
/// only the JVM's simple compiler has seen the code.
final class LittleEndian {

  private LittleEndian() {}

  /// Unsigned.
  static int u16(byte[] bytes, int at) {
    return (bytes[at] & 0xFF) | (bytes[at + 1] & 0xFF) << 8;
  }

  static int i32(byte[] bytes, int at) {
    return (bytes[at] & 0xFF)
        | (bytes[at + 1] & 0xFF) << 8
        | (bytes[at + 2] & 0xFF) << 16
        | bytes[at + 3] << 24;
  }

  static long i64(byte[] bytes, int at) {
    return Integer.toUnsignedLong(i32(bytes, at)) | (long) i32(bytes, at + 4) << 32;
  }
}
