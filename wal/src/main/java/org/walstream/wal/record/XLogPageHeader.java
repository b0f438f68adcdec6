package org.walstream.wal.record;

import java.nio.ByteBuffer;

/// What each 8 kB page of WAL opens with.
///
/// ```
/// offset  bytes  field             (integers little-endian)
///      0      2  xlp_magic         the PostgreSQL version, see WalFormat
///      2      2  xlp_info          flag bits
///      4      4  xlp_tli           timeline of the first record on the page
///      8      8  xlp_pageaddr      the page's own position
///     16      4  xlp_rem_len       bytes still to come of a record continued from the page before
///     20      4  (padding)
/// ```
///
/// The first page of a segment has the longer [XLogLongPageHeader]. A page that was copied into the
/// first segment of a new timeline keeps the timeline it was written on.
///
/// Here the header is only read. Whether it is right for its place is [PageHeaderCheck]'s affair.
/// Counterpart of XLogPageHeaderData, src/include/access/xlog_internal.h.
public record XLogPageHeader(int magic, int info, int timeline, long pageAddress, int remLength) {

  /// XLOG_BLCKSZ as every distributed build has it; a page header that says otherwise is refused.
  public static final int PAGE_BYTES = 8192;

  /// SizeOfXLogShortPHD
  public static final int LENGTH = 24;

  /// XLP_FIRST_IS_CONTRECORD: the page goes on with a record begun on a page before.
  public static final int FIRST_IS_CONTRECORD = 0x0001;

  /// XLP_LONG_HEADER
  public static final int LONG_HEADER = 0x0002;

  /// XLP_BKP_REMOVABLE: a promise to WAL compressors; readers ignore it.
  public static final int BKP_REMOVABLE = 0x0004;

  /// XLP_FIRST_IS_OVERWRITE_CONTRECORD: the record begun before will never be finished (the server
  /// crashed within it); a new one starts here instead.
  public static final int FIRST_IS_OVERWRITE_CONTRECORD = 0x0008;

  /// XLP_ALL_FLAGS
  public static final int ALL_FLAGS = 0x000F;

  static final int MAGIC_AT = 0;
  static final int INFO_AT = 2;
  static final int TIMELINE_AT = 4;
  static final int PAGE_ADDRESS_AT = 8;
  static final int REM_LENGTH_AT = 16;

  /// Four bytes of zeros up to the next multiple of 8.
  static final int PADDING_AT = 20;

  /// Reads the header at `at` of `page`, which must be little-endian. Nothing is checked.
  public static XLogPageHeader read(ByteBuffer page, int at) {
    return new XLogPageHeader(
        page.getShort(at + MAGIC_AT) & 0xFFFF,
        page.getShort(at + INFO_AT) & 0xFFFF,
        page.getInt(at + TIMELINE_AT),
        page.getLong(at + PAGE_ADDRESS_AT),
        page.getInt(at + REM_LENGTH_AT));
  }

  /// The length of a header with these flag bits: where the page's first record data stands.
  public static int length(int info) {
    return (info & LONG_HEADER) != 0 ? XLogLongPageHeader.LENGTH : LENGTH;
  }

  public boolean isLong() {
    return (info & LONG_HEADER) != 0;
  }

  public boolean firstIsContrecord() {
    return (info & FIRST_IS_CONTRECORD) != 0;
  }

  public boolean firstIsOverwriteContrecord() {
    return (info & FIRST_IS_OVERWRITE_CONTRECORD) != 0;
  }

  /// The header as bytes; `out` must be little-endian and have room for [#LENGTH] of them.
  public void write(ByteBuffer out) {
    out.putShort((short) magic).putShort((short) info).putInt(timeline);
    out.putLong(pageAddress).putInt(remLength).putInt(0);
  }
}
