package org.walstream.wal.crafted;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32C;
import org.walstream.wal.WalFormat;
import org.walstream.wal.WalSegmentSize;
import org.walstream.wal.record.XLogPageHeader;
import org.walstream.wal.record.XLogRecordHeader;

/// Writes WAL such as PostgreSQL writes it, to order: pages with their headers, records with CRC
/// and prev-link, cut over pages and segments where they must be. Tests then break what they want
/// to see found.
///
/// Written from docs/wal-format.md alone, apart from the readers it tests.
public final class CraftedWal {

  public static final long SYSTEM_IDENTIFIER = 0x6712_3456_789A_BCDEL;

  private static final int PAGE = XLogPageHeader.PAGE_BYTES;
  private static final int SHORT_HEADER = 24;
  private static final int LONG_HEADER = 40;

  private final WalFormat format;
  private final WalSegmentSize segmentSize;
  private final long startLsn;

  private int timeline;
  private ByteBuffer bytes = buffer(1 << 16);
  private long prevLsn;

  /// Where all records start.
  private final List<Long> recordLsns = new ArrayList<>();

  /// Which bytes belong to records that are whole.
  private final BitSet recordBytes = new BitSet();

  private CraftedWal(WalFormat format, WalSegmentSize segmentSize, int timeline, long startLsn) {
    this.format = format;
    this.segmentSize = segmentSize;
    this.timeline = timeline;
    this.startLsn = startLsn;
  }

  /// WAL of `format` on timeline 1 in segments of 1 MB, from the start of segment 3.
  public static CraftedWal of(WalFormat format) {
    return of(format, new WalSegmentSize(1 << 20), 3 << 20);
  }

  /// @param startLsn the start of a segment
  public static CraftedWal of(WalFormat format, WalSegmentSize segmentSize, long startLsn) {
    return new CraftedWal(format, segmentSize, 1, startLsn);
  }

  public WalSegmentSize segmentSize() {
    return segmentSize;
  }

  public long startLsn() {
    return startLsn;
  }

  /// The end of what is written: the next record starts here, or just after the header of the page
  /// that starts here.
  public long endLsn() {
    return startLsn + bytes.position();
  }

  /// Where the last record starts.
  public long prevLsn() {
    return prevLsn;
  }

  /// How many bytes the page being written has left; 0 when it is full.
  public int pageLeft() {
    return -bytes.position() & (PAGE - 1);
  }

  public byte[] bytes() {
    return copy(bytes.position());
  }

  /// All segments begun, the last filled up with zeros.
  public byte[] segments() {
    return copy(bytes.position() + (-bytes.position() & (segmentSize.bytes() - 1)));
  }

  /// The offset in [#bytes] of the byte at `lsn`.
  public int offset(long lsn) {
    return (int) (lsn - startLsn);
  }

  /// True when the byte at `offset` of [#bytes] belongs to a record that is whole, rather than to a
  /// page header, to padding, or to what a crash left of a record.
  public boolean isRecordByte(int offset) {
    return recordBytes.get(offset);
  }

  /// Pages begun from now on carry this timeline.
  public CraftedWal timeline(int next) {
    timeline = next;
    return this;
  }

  /// The same WAL up to `lsn`, where a record ends, to go on another way: pages begun from there on
  /// carry timeline `next`.
  public CraftedWal forkedAt(long lsn, int next) {
    var fork = new CraftedWal(format, segmentSize, next, startLsn);
    fork.reserve(offset(lsn));
    fork.bytes.put(bytes(), 0, offset(lsn));
    for (long start : recordLsns) {
      if (start < lsn) {
        fork.recordLsns.add(start);
        fork.prevLsn = start;
      }
    }
    fork.recordBytes.or(recordBytes.get(0, offset(lsn)));
    return fork;
  }

  /// A no-op of the log's own with `bodyBytes` behind its header, made up but for the mark that
  /// they are main data; a single byte has no room for that.
  ///
  /// @return where it starts
  public long record(int bodyBytes) {
    byte[] body = new byte[bodyBytes];
    for (int i = 0; i < bodyBytes; i++) {
      body[i] = (byte) (i * 31 + bodyBytes);
    }
    if (bodyBytes >= 2 + 256) {
      body[0] = (byte) 0xFE;
      ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN).putInt(1, bodyBytes - 5);
    } else if (bodyBytes >= 2) {
      body[0] = (byte) 0xFF;
      body[1] = (byte) (bodyBytes - 2);
    }
    return record(XLogRecordHeader.RM_XLOG, 0x20, body);
  }

  /// @return where it starts
  public long record(int rmgrId, int info, byte[] body) {
    long lsn = nextRecordLsn();
    put(image(rmgrId, info, body));
    prevLsn = lsn;
    recordLsns.add(lsn);
    return lsn;
  }

  /// A record that ends `left` bytes before the end of its page, a multiple of 8; over the next
  /// page if this one has no room.
  public long recordLeavingOnPage(int left) {
    int room = pageLeft() == 0 ? PAGE - headerLength(endLsn()) : pageLeft();
    int total = room - left;
    if (total < XLogRecordHeader.LENGTH) {
      total += PAGE - headerLength(endLsn() + Math.max(pageLeft(), 1));
    }
    return record(total - XLogRecordHeader.LENGTH);
  }

  /// XLOG_SWITCH and the zeros after it.
  ///
  /// @return where the record starts
  public long switchSegment() {
    long lsn = record(XLogRecordHeader.RM_XLOG, XLogRecordHeader.XLOG_SWITCH, new byte[0]);
    int rest = -bytes.position() & (segmentSize.bytes() - 1);
    reserve(rest);
    bytes.position(bytes.position() + rest);
    return lsn;
  }

  /// A record of which the server wrote only what fits on the page, and what it writes when it has
  /// recovered: a page that says so, and XLOG_OVERWRITE_CONTRECORD.
  ///
  /// @return where the lost record starts
  public long loseContrecord() {
    return loseContrecord(nextRecordLsn());
  }

  /// The same with another position named as lost.
  public long loseContrecord(long namedLsn) {
    long lost = nextRecordLsn();
    byte[] image = image(XLogRecordHeader.RM_XLOG, 0x20, new byte[2 * PAGE]);
    if (pageLeft() == 0) {
      pageHeader(0, 0);
    }
    bytes.put(image, 0, pageLeft());
    pageHeader(XLogPageHeader.FIRST_IS_OVERWRITE_CONTRECORD, 0);
    record(
        XLogRecordHeader.RM_XLOG,
        XLogRecordHeader.XLOG_OVERWRITE_CONTRECORD,
        buffer(18).put((byte) 0xFF).put((byte) 16).putLong(namedLsn).putLong(0).array());
    return lost;
  }

  /// Records of all sizes, most of them small, until there are at least `byteCount` bytes.
  public CraftedWal fill(RandomGenerator random, int byteCount) {
    while (bytes.position() < byteCount) {
      switch (random.nextInt(12)) {
        case 0 -> record(2 + random.nextInt(4 * PAGE));
        case 1 -> recordLeavingOnPage(8 * random.nextInt(4));
        case 2 -> record(0);
        default -> record(2 + random.nextInt(300));
      }
    }
    return this;
  }

  private long nextRecordLsn() {
    return endLsn() + (pageLeft() == 0 ? headerLength(endLsn()) : 0);
  }

  private int headerLength(long pageLsn) {
    return segmentSize.offset(pageLsn) == 0 ? LONG_HEADER : SHORT_HEADER;
  }

  private byte[] image(int rmgrId, int info, byte[] body) {
    byte[] record = new byte[24 + body.length];
    var image = ByteBuffer.wrap(record).order(ByteOrder.LITTLE_ENDIAN);
    image.putInt(image.capacity()).putInt(731).putLong(prevLsn);
    image.put((byte) info).put((byte) rmgrId).putShort((short) 0).putInt(0).put(body);
    var crc = new CRC32C();
    crc.update(body);
    crc.update(record, 0, 20);
    image.putInt(20, (int) crc.getValue());
    return record;
  }

  private void put(byte[] record) {
    int at = 0;
    while (at < record.length) {
      if (pageLeft() == 0) {
        pageHeader(
            at == 0 ? 0 : XLogPageHeader.FIRST_IS_CONTRECORD, at == 0 ? 0 : record.length - at);
      }
      int length = Math.min(pageLeft(), record.length - at);
      reserve(length);
      recordBytes.set(bytes.position(), bytes.position() + length);
      bytes.put(record, at, length);
      at += length;
    }
    reserve(8);
    bytes.position((bytes.position() + 7) & -8);
  }

  private void pageHeader(int flags, int remLength) {
    reserve(PAGE);
    boolean first = segmentSize.offset(endLsn()) == 0;
    long lsn = endLsn();
    bytes.putShort((short) format.pageMagic()).putShort((short) (flags | (first ? 2 : 0)));
    bytes.putInt(timeline).putLong(lsn).putInt(remLength).putInt(0);
    if (first) {
      bytes.putLong(SYSTEM_IDENTIFIER).putInt(segmentSize.bytes()).putInt(PAGE);
    }
  }

  private byte[] copy(int length) {
    byte[] copy = new byte[length];
    bytes.get(0, copy, 0, bytes.position());
    return copy;
  }

  private void reserve(int more) {
    if (bytes.remaining() < more) {
      int capacity = Math.max(2 * bytes.capacity(), bytes.position() + more);
      bytes = buffer(capacity).put(bytes.flip());
    }
  }

  private static ByteBuffer buffer(int capacity) {
    return ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN);
  }
}
