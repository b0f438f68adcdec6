package org.walstream.wal.record;

/// PostgreSQL's own compression: eight items after each control byte, whose bits, the lowest first,
/// say what they are.
///
/// ```
///  0  a byte as it is
///  1  a run of what was there before:
///
///     byte 0, low four bits    length - 3
///     byte 0, high four bits   high bits of how far back it starts
///     byte 1                   low bits of that
///     byte 2                   if the length so far is 18: to be added to it
/// ```
///
/// A run may reach into itself, and then repeats.
///
/// Counterpart of pglz_decompress(), src/common/pg_lzcompress.c.
final class Pglz {

  private static final int LENGTH_MIN = 3;
  private static final int LENGTH_EXTENDED = 18;

  private Pglz() {}

  /// Decompresses the `length` bytes at `start` of `from` into the first `intoLength` of `into`.
  ///
  /// @return false unless that fills `into` exactly, with all of those bytes
  static boolean decompress(byte[] from, int start, int length, byte[] into, int intoLength) {
    int at = start;
    int end = start + length;
    int filled = 0;
    while (at < end && filled < intoLength) {
      int control = from[at++] & 0xFF;
      for (int item = 0; item < 8 && at < end && filled < intoLength; item++, control >>= 1) {
        if ((control & 1) == 0) {
          into[filled++] = from[at++];
          continue;
        }
        if (end - at < 2) {
          return false;
        }
        int runLength = (from[at] & 0x0F) + LENGTH_MIN;
        int back = (from[at] & 0xF0) << 4 | (from[at + 1] & 0xFF);
        at += 2;
        if (runLength == LENGTH_EXTENDED) {
          if (at == end) {
            return false;
          }
          runLength += from[at++] & 0xFF;
        }
        if (back == 0 || back > filled) {
          return false;
        }
        // The last run may say more than there is room for.
        int runEnd = Math.min(filled + runLength, intoLength);
        repeat(into, filled, runEnd, back);
        filled = runEnd;
      }
    }
    return at == end && filled == intoLength;
  }

  /// Fills `bytes` from `at` to `end` with what stands `back` before it.
  private static void repeat(byte[] bytes, int at, int end, int back) {
    if (back >= end - at) {
      System.arraycopy(bytes, at - back, bytes, at, end - at);
      return;
    }
    for (int i = at; i < end; i++) {
      bytes[i] = bytes[i - back];
    }
  }
}
