package org.walstream.wal.record;

import java.nio.ByteBuffer;

/// What each WAL record opens with.
///
/// ```
/// offset  bytes  field        (integers little-endian)
///      0      4  xl_tot_len   bytes of the whole record, this header included
///      4      4  xl_xid       the transaction, or 0
///      8      8  xl_prev      where the record before this one starts
///     16      1  xl_info      high four bits: the resource manager's; low four: ours
///     17      1  xl_rmid      the resource manager
///     18      2  (padding)
///     20      4  xl_crc       CRC-32C of bytes 24 to the end, then of bytes 0 to 19
/// ```
///
/// A record starts at a multiple of 8, so `xl_tot_len` never spans two pages; the header may.
///
/// Counterpart of XLogRecord, src/include/access/xlogrecord.h.
public record XLogRecordHeader(
    long totalLength, int xid, long prevLsn, int info, int rmgrId, int crc) {

  /// SizeOfXLogRecord
  public static final int LENGTH = 24;

  /// RM_XLOG_ID: the resource manager of the log itself.
  public static final int RM_XLOG = 0;

  /// XLOG_SWITCH: the rest of the segment is empty.
  public static final int XLOG_SWITCH = 0x40;

  /// XLOG_OVERWRITE_CONTRECORD: the record before this one was lost in a crash.
  public static final int XLOG_OVERWRITE_CONTRECORD = 0xD0;

  static final int TOTAL_LENGTH_AT = 0;
  static final int XID_AT = 4;
  static final int PREV_AT = 8;
  static final int INFO_AT = 16;
  static final int RMGR_AT = 17;
  static final int CRC_AT = 20;

  /// The bits of `xl_info` that belong to the resource manager.
  private static final int RMGR_INFO_MASK = 0xF0;

  private static final int RM_MAX_BUILTIN_ID = 21;
  private static final int RM_MIN_CUSTOM_ID = 128;
  private static final int RM_MAX_ID = 255;

  private static final int ALIGNMENT = 8;

  /// Reads the header at `at` of `bytes`, which must be little-endian. Nothing is checked.
  public static XLogRecordHeader read(ByteBuffer bytes, int at) {
    return new XLogRecordHeader(
        Integer.toUnsignedLong(bytes.getInt(at + TOTAL_LENGTH_AT)),
        bytes.getInt(at + XID_AT),
        bytes.getLong(at + PREV_AT),
        bytes.get(at + INFO_AT) & 0xFF,
        bytes.get(at + RMGR_AT) & 0xFF,
        bytes.getInt(at + CRC_AT));
  }

  /// True for the resource managers of PostgreSQL 15 to 18 and for the numbers that extensions may
  /// use (RmgrIdIsValid).
  public static boolean isValidRmgrId(int rmgrId) {
    return (rmgrId >= 0 && rmgrId <= RM_MAX_BUILTIN_ID)
        || (rmgrId >= RM_MIN_CUSTOM_ID && rmgrId <= RM_MAX_ID);
  }

  /// `length` rounded up to where the next record may start (MAXALIGN).
  public static long align(long length) {
    return (length + ALIGNMENT - 1) & -ALIGNMENT;
  }

  static boolean isSwitch(int rmgrId, int info) {
    return rmgrId == RM_XLOG && (info & RMGR_INFO_MASK) == XLOG_SWITCH;
  }

  static boolean isOverwriteContrecord(int rmgrId, int info) {
    return rmgrId == RM_XLOG && (info & RMGR_INFO_MASK) == XLOG_OVERWRITE_CONTRECORD;
  }
}
