package org.walstream.store;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.SplittableRandom;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalFormat;
import org.walstream.wal.WalSegmentName;
import org.walstream.wal.WalSegmentSize;
import org.walstream.wal.crafted.CraftedWal;

/// WAL for the store's tests: records of random sizes, right in every bit, from the start of a
/// segment on. The same seed gives the same stream.
public final class SampleWal {

  public static final long SYSTEM_IDENTIFIER = CraftedWal.SYSTEM_IDENTIFIER;
  public static final WalSegmentSize SEGMENT_SIZE = new WalSegmentSize(1 << 20);
  public static final TimelineId TIMELINE = TimelineId.FIRST;

  /// The start of segment 3.
  public static final long START = 3L << 20;

  private static final int NOOP = 0x20;

  private final CraftedWal wal;
  private final byte[] bytes;

  private SampleWal(CraftedWal wal, long seed, int byteCount) {
    this.wal = wal;
    var random = new SplittableRandom(seed);
    while (wal.endLsn() < START + byteCount) {
      int length = random.nextInt(8) == 0 ? random.nextInt(30_000) : random.nextInt(400);
      wal.record(0, NOOP, body(random, length));
    }
    bytes = wal.bytes();
  }

  /// A stream of at least `byteCount` bytes that ends with a whole record.
  public static SampleWal ofBytes(long seed, int byteCount) {
    return new SampleWal(CraftedWal.of(WalFormat.PG_18, SEGMENT_SIZE, START), seed, byteCount);
  }

  /// The same stream up to `lsn`, where a record ends, then other records on timeline `next`.
  public SampleWal forkedAt(long lsn, int next, long seed, int byteCount) {
    return new SampleWal(wal.forkedAt(lsn, next), seed, byteCount);
  }

  public long endLsn() {
    return wal.endLsn();
  }

  /// The stream from `lsn` on, at most `length` bytes of it.
  public ByteBuffer at(long lsn, int length) {
    int from = wal.offset(lsn);
    return ByteBuffer.wrap(bytes, from, Math.min(length, bytes.length - from)).slice();
  }

  /// The content of the segment's file once everything up to `endLsn` is in it.
  public byte[] segment(WalSegmentName name, long endLsn) {
    byte[] content = new byte[SEGMENT_SIZE.bytes()];
    int length = (int) Math.min(content.length, endLsn - name.startLsn());
    System.arraycopy(bytes, wal.offset(name.startLsn()), content, 0, length);
    return content;
  }

  public static WalSegmentName segmentAt(long lsn) {
    return WalSegmentName.containing(TIMELINE, lsn, SEGMENT_SIZE);
  }

  /// A body of nothing but main data, which does not compress.
  private static byte[] body(SplittableRandom random, int length) {
    byte[] main = new byte[length];
    random.nextBytes(main);
    return ByteBuffer.allocate(5 + length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put((byte) 0xFE)
        .putInt(length)
        .put(main)
        .array();
  }
}
