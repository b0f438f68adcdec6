package org.walstream.cli;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.walstream.wal.WalFormat;
import org.walstream.wal.WalSegmentSize;
import org.walstream.wal.XLogLongPageHeader;
import org.walstream.wal.XLogPageHeader;
import org.walstream.wal.XLogRecordHeader;

/// WAL to warm up with: on each page one record that fills it and says nothing (XLOG_NOOP). Nobody
/// may take it for a server's: it never leaves the warm-up's directory.
final class WarmUpWal {

  private static final int XLOG_NOOP = 0x20;

  /// XLR_BLOCK_ID_DATA_LONG, and what its length takes.
  private static final byte MAIN_DATA = (byte) 254;

  private static final int MAIN_DATA_HEADER = 5;

  private final WalSegmentSize segmentSize;
  private final long systemIdentifier;
  private long prevLsn;

  WarmUpWal(WalSegmentSize segmentSize, long systemIdentifier) {
    this.segmentSize = segmentSize;
    this.systemIdentifier = systemIdentifier;
  }

  /// A segment's file whose first `pages` pages hold a record, and the rest zeros. Segments must be
  /// made in order.
  byte[] segment(long segmentNumber, int pages) {
    var file = ByteBuffer.allocate(segmentSize.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    long start = segmentSize.start(segmentNumber);
    for (int page = 0; page < pages; page++) {
      header(file, start + file.position());
      record(file, start + file.position());
    }
    return file.array();
  }

  private void header(ByteBuffer file, long pageLsn) {
    boolean isFirst = segmentSize.offset(pageLsn) == 0;
    int info = isFirst ? XLogPageHeader.LONG_HEADER : 0;
    var header = new XLogPageHeader(WalFormat.newest().pageMagic(), info, 1, pageLsn, 0);
    if (isFirst) {
      new XLogLongPageHeader(
              header, systemIdentifier, segmentSize.bytes(), XLogPageHeader.PAGE_BYTES)
          .write(file);
    } else {
      header.write(file);
    }
  }

  private void record(ByteBuffer file, long lsn) {
    int at = file.position();
    int length = XLogPageHeader.PAGE_BYTES - at % XLogPageHeader.PAGE_BYTES;
    file.putInt(length).putInt(0).putLong(prevLsn);
    file.put((byte) XLOG_NOOP).put((byte) XLogRecordHeader.RM_XLOG).putShort((short) 0);
    file.position(at + XLogRecordHeader.LENGTH);
    file.put(MAIN_DATA).putInt(length - XLogRecordHeader.LENGTH - MAIN_DATA_HEADER);
    var crc = new CRC32C();
    crc.update(file.array(), at + XLogRecordHeader.LENGTH, length - XLogRecordHeader.LENGTH);
    crc.update(file.array(), at, XLogRecordHeader.LENGTH - Integer.BYTES);
    file.putInt(at + XLogRecordHeader.LENGTH - Integer.BYTES, (int) crc.getValue());
    file.position(at + length);
    prevLsn = lsn;
  }
}
