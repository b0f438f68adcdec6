package org.walstream.wal;

/// The size of a cluster's WAL segments in bytes: a power of two from 1 MB to 1 GB, chosen by
/// initdb and never changed by anything but pg_resetwal. All arithmetic between positions and
/// segments goes through here.
///
/// A segment number counts segments from position 0, on whatever timeline. Counterpart of the
/// XLogSegNo macros in src/include/access/xlog_internal.h.
public record WalSegmentSize(int bytes) {

  public static final WalSegmentSize DEFAULT = new WalSegmentSize(16 << 20);

  private static final int MIN_BYTES = 1 << 20;
  private static final int MAX_BYTES = 1 << 30;

  public WalSegmentSize {
    if (!isValid(bytes)) {
      throw new IllegalArgumentException(
          "invalid WAL segment size (%d bytes): must be a power of two between 1 MB and 1 GB"
              .formatted(bytes));
    }
  }

  public static boolean isValid(long bytes) {
    return bytes >= MIN_BYTES && bytes <= MAX_BYTES && Long.bitCount(bytes) == 1;
  }

  /// The number of the segment that holds the byte at `lsn`.
  public long segmentNumber(long lsn) {
    return lsn >>> Integer.numberOfTrailingZeros(bytes);
  }

  /// The number of the segment that holds the byte before `lsn`: where a range that ends at `lsn`
  /// ends.
  public long segmentNumberOfEnd(long lsn) {
    return segmentNumber(lsn - 1);
  }

  /// How far into its segment the byte at `lsn` stands.
  public int offset(long lsn) {
    return (int) (lsn & (bytes - 1));
  }

  /// The position of the first byte of segment `segmentNumber`.
  public long start(long segmentNumber) {
    return segmentNumber << Integer.numberOfTrailingZeros(bytes);
  }

  /// The position of the first byte of the segment that holds `lsn`.
  public long startOfSegment(long lsn) {
    return lsn - offset(lsn);
  }

  /// How many bytes lie between `lsn` and the end of its segment; the whole size when `lsn` is a
  /// segment's first byte.
  public int remaining(long lsn) {
    return bytes - offset(lsn);
  }

  /// How many segments fill 4 GiB, the unit of the middle part of a segment's file name.
  long segmentsPerXLogId() {
    return 0x1_0000_0000L / bytes;
  }
}
