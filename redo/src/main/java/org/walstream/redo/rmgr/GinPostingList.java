package org.walstream.redo.rmgr;

import org.walstream.redo.page.CorruptPageException;

/// TIDs in ascending order, each but the first by how far it is from the one before: a segment of a
/// data leaf.
///
/// ```
/// offset  bytes  field
///      0      6  first     Tid
///      6      2  nbytes
///      8         bytes     nbytes of them, and a zero if that is odd
/// ```
///
/// To take differences, a TID is one number; the difference is written with 7 bits to a byte, the
/// lowest first, and 0x80 in all bytes but the last:
///
/// ```
///  42              11 10            0
///  ┌─────────────────┬──────────────┐         300 = 10 0101100   →   AC 02
///  │ block           │ offset       │
///  └─────────────────┴──────────────┘
/// ```
///
/// Counterpart of GinPostingList, src/include/access/ginblock.h, and of
/// src/backend/access/gin/ginpostinglist.c.
final class GinPostingList {

  static final int NBYTES = 6;
  static final int HEADER_LENGTH = 8;

  /// MaxHeapTuplesPerPageBits
  static final int OFFSET_BITS = 11;

  /// MaxBytesPerInteger
  static final int MAX_BYTES = 7;

  static final int BITS_PER_BYTE = 7;
  static final int MORE = 0x80;

  private static final int MAX_OFFSET = (1 << OFFSET_BITS) - 1;
  private static final long MAX_ITEM = (1L << (32 + OFFSET_BITS)) - 1;

  private GinPostingList() {}

  /// A TID as one number.
  ///
  /// @throws CorruptPageException if no table can have a row there
  static long item(int block, int offset) {
    if (offset > MAX_OFFSET) {
      throw new CorruptPageException("invalid offset number in posting list: " + offset);
    }
    return (Integer.toUnsignedLong(block) << OFFSET_BITS) | offset;
  }

  static long check(long item) {
    if (item < 0 || item > MAX_ITEM) {
      throw new CorruptPageException("invalid item in posting list: " + item);
    }
    return item;
  }

  static int block(long item) {
    return (int) (item >>> OFFSET_BITS);
  }

  static int offset(long item) {
    return (int) item & MAX_OFFSET;
  }

  /// Bytes of the segment at `at`, with what fills it up.
  ///
  /// Counterpart of SizeOfGinPostingList().
  ///
  /// @param end where all segments end
  /// @throws CorruptPageException if this one does not end before
  static int size(byte[] bytes, int at, int end) {
    int size = HEADER_LENGTH;
    if (at + size <= end) {
      size += nbytes(bytes, at) + 1 & -2;
    }
    if (at + size > end) {
      throw new CorruptPageException("posting list at %d ends behind %d".formatted(at, end));
    }
    return size;
  }

  static int nbytes(byte[] bytes, int at) {
    return u16(bytes, at + NBYTES);
  }

  /// The TID at `at`, as one number.
  static long tid(byte[] bytes, int at) {
    int block = (u16(bytes, at) << 16) | u16(bytes, at + 2);
    return item(block, u16(bytes, at + 4));
  }

  static void putU16(byte[] bytes, int at, int value) {
    bytes[at] = (byte) value;
    bytes[at + 1] = (byte) (value >>> 8);
  }

  private static int u16(byte[] bytes, int at) {
    return (bytes[at] & 0xFF) | ((bytes[at + 1] & 0xFF) << 8);
  }
}
