package org.walstream.wal.record;

import java.nio.ByteBuffer;

/// What the first page of each segment opens with: a page header, then whose WAL this is.
///
/// ```
/// offset  bytes  field             (integers little-endian)
///      0     24  std               see XLogPageHeader
///     24      8  xlp_sysid         the cluster's system identifier
///     32      4  xlp_seg_size      bytes in a segment
///     36      4  xlp_xlog_blcksz   bytes in a page
/// ```
///
/// Counterpart of XLogLongPageHeaderData, src/include/access/xlog_internal.h.
public record XLogLongPageHeader(
    XLogPageHeader std, long systemIdentifier, int segmentBytes, int pageBytes) {

  /// SizeOfXLogLongPHD
  public static final int LENGTH = 40;

  static final int SYSTEM_IDENTIFIER_AT = 24;
  static final int SEGMENT_BYTES_AT = 32;
  static final int PAGE_BYTES_AT = 36;

  /// Reads the header at `at` of `page`, which must be little-endian. Nothing is checked.
  public static XLogLongPageHeader read(ByteBuffer page, int at) {
    return new XLogLongPageHeader(
        XLogPageHeader.read(page, at),
        page.getLong(at + SYSTEM_IDENTIFIER_AT),
        page.getInt(at + SEGMENT_BYTES_AT),
        page.getInt(at + PAGE_BYTES_AT));
  }

  /// The header as bytes; `out` must be little-endian and have room for [#LENGTH] of them.
  public void write(ByteBuffer out) {
    std.write(out);
    out.putLong(systemIdentifier).putInt(segmentBytes).putInt(pageBytes);
  }
}
