package org.walstream.wal.rmgr;

import org.walstream.wal.record.RecordBytes;

/// Tuples of indexes as records hold them: whole, one after the other, and each tells its length.
///
/// ```
/// offset  bytes  field
///      0      6  t_tid    a Tid
///      6      2  t_info   low 13 bits: bytes of the tuple, this header included
/// ```
///
/// Counterpart of IndexTupleData, src/include/access/itup.h. Nothing is made: callers keep the
/// place they are at.
public final class IndexTuple {

  /// Bytes that every tuple has.
  public static final int HEADER_LENGTH = 8;

  private static final int INFO_AT = 6;
  private static final int INDEX_SIZE_MASK = 0x1FFF;

  private IndexTuple() {}

  /// The tuple's length, and the bits that its access method has there.
  ///
  /// @throws IndexOutOfBoundsException if its header is not within `bytes`, as of those that follow
  public static int tInfo(RecordBytes bytes, int at) {
    return bytes.u16(at + INFO_AT);
  }

  /// Bytes of the tuple at `at` (IndexTupleSize).
  public static int size(RecordBytes bytes, int at) {
    return tInfo(bytes, at) & INDEX_SIZE_MASK;
  }

  /// The same with what fills it up to a multiple of 8.
  public static int alignedSize(RecordBytes bytes, int at) {
    return size(bytes, at) + 7 & -8;
  }

  /// Whether the tuple at `at` is within `bytes`.
  static boolean fits(RecordBytes bytes, int at) {
    return bytes.holds(at, 1, HEADER_LENGTH) && bytes.holds(at, 1, size(bytes, at));
  }
}
