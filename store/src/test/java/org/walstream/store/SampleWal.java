package org.walstream.store;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32C;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalFormat;
import org.walstream.wal.WalSegmentName;
import org.walstream.wal.WalSegmentSize;
import org.walstream.wal.record.XLogLongPageHeader;
import org.walstream.wal.record.XLogPageHeader;
import org.walstream.wal.record.XLogRecordHeader;

/// WAL for the store's tests: records of random sizes, right in every bit, from the start of a
/// segment on. The same seed gives the same stream.
public final class SampleWal {

  public static final long SYSTEM_IDENTIFIER = 0x6712_3456_789A_BCDEL;
  public static final WalSegmentSize SEGMENT_SIZE = new WalSegmentSize(1 << 20);
  public static final TimelineId TIMELINE = TimelineId.FIRST;

  /// The start of segment 3.
  public static final long START = 3L << 20;

  private static final int CRC_AT = 20;

  private final ByteBuffer bytes;
  private int timeline = 1;
  private long prevLsn;

  private SampleWal(int capacity) {
    bytes = ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN);
  }

  /// A stream of at least `byteCount` bytes that ends with a whole record.
  public static SampleWal ofBytes(long seed, int byteCount) {
    var wal = new SampleWal(byteCount + (64 << 10));
    wal.fill(seed, byteCount);
    return wal;
  }

  /// The same stream up to `lsn`, then other records on timeline `next`.
  public SampleWal forkedAt(long lsn, int next, long seed, int byteCount) {
    var fork = new SampleWal(byteCount + (64 << 10));
    fork.bytes.put(bytes.array(), 0, (int) (lsn - START));
    fork.prevLsn = 0;
    fork.timeline = next;
    fork.fill(seed, byteCount);
    return fork;
  }

  public long endLsn() {
    return START + bytes.position();
  }

  /// The stream from `lsn` on, at most `length` bytes of it.
  public ByteBuffer at(long lsn, int length) {
    int from = (int) (lsn - START);
    return ByteBuffer.wrap(bytes.array(), from, Math.min(length, bytes.position() - from)).slice();
  }

  /// The content of the segment's file once everything up to `endLsn` is in it.
  public byte[] segment(WalSegmentName name, long endLsn) {
    byte[] content = new byte[SEGMENT_SIZE.bytes()];
    int from = (int) (name.startLsn() - START);
    int length = (int) Math.min(content.length, endLsn - name.startLsn());
    System.arraycopy(bytes.array(), from, content, 0, length);
    return content;
  }

  public static WalSegmentName segmentAt(long lsn) {
    return WalSegmentName.containing(TIMELINE, lsn, SEGMENT_SIZE);
  }

  private void fill(long seed, int byteCount) {
    var random = new SplittableRandom(seed);
    while (bytes.position() < byteCount) {
      record(random, random.nextInt(8) == 0 ? random.nextInt(30_000) : random.nextInt(400));
    }
  }

  private void record(RandomGenerator random, int bodyBytes) {
    byte[] record = new byte[XLogRecordHeader.LENGTH + bodyBytes];
    var image = ByteBuffer.wrap(record).order(ByteOrder.LITTLE_ENDIAN);
    image
        .putInt(record.length)
        .putInt(731)
        .putLong(prevLsn)
        .putShort((short) 0x20)
        .putShort((short) 0);
    for (int i = XLogRecordHeader.LENGTH; i < record.length; i++) {
      record[i] = (byte) random.nextInt();
    }
    var crc = new CRC32C();
    crc.update(record, XLogRecordHeader.LENGTH, bodyBytes);
    crc.update(record, 0, CRC_AT);
    image.putInt(CRC_AT, (int) crc.getValue());
    int at = 0;
    while (at < record.length) {
      if (pageLeft() == 0) {
        pageHeader(at == 0 ? 0 : record.length - at);
      }
      if (at == 0) {
        prevLsn = endLsn();
      }
      int length = Math.min(pageLeft(), record.length - at);
      bytes.put(record, at, length);
      at += length;
    }
    bytes.position((bytes.position() + 7) & -8);
  }

  private int pageLeft() {
    return -bytes.position() & (XLogPageHeader.PAGE_BYTES - 1);
  }

  private void pageHeader(int remLength) {
    boolean first = SEGMENT_SIZE.offset(endLsn()) == 0;
    int info =
        (remLength > 0 ? XLogPageHeader.FIRST_IS_CONTRECORD : 0)
            | (first ? XLogPageHeader.LONG_HEADER : 0);
    var header =
        new XLogPageHeader(WalFormat.PG_18.pageMagic(), info, timeline, endLsn(), remLength);
    if (first) {
      new XLogLongPageHeader(
              header, SYSTEM_IDENTIFIER, SEGMENT_SIZE.bytes(), XLogPageHeader.PAGE_BYTES)
          .write(bytes);
    } else {
      header.write(bytes);
    }
  }
}
