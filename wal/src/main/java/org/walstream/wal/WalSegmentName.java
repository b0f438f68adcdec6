package org.walstream.wal;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// The name of a WAL segment's file: timeline, then the segment number in two parts, each eight
/// upper-case hexadecimal digits.
///
/// ```
/// 00000001 00000002 000000A3
/// timeline  \_ LSN >> 32  \_ segment within those 4 GiB
/// ```
///
/// The same name means different positions for different segment sizes, so a name is only read with
/// a size at hand. Counterpart of XLogFileName() and XLogFromFileName(),
/// src/include/access/xlog_internal.h.
public record WalSegmentName(TimelineId timeline, long segmentNumber, WalSegmentSize segmentSize) {

  /// What the file of a segment still being received is called in addition.
  public static final String PARTIAL_SUFFIX = ".partial";

  private static final Pattern NAME = Pattern.compile("[0-9A-F]{24}");

  /// The segment of `timeline` that holds the byte at `lsn`.
  public static WalSegmentName containing(
      TimelineId timeline, long lsn, WalSegmentSize segmentSize) {
    return new WalSegmentName(timeline, segmentSize.segmentNumber(lsn), segmentSize);
  }

  /// True when `fileName` has the shape of a finished segment's name, whatever its segment size.
  public static boolean isSegmentName(String fileName) {
    return NAME.matcher(fileName).matches();
  }

  /// Reads a finished segment's name; empty for any other name, and for one that no segment of this
  /// size can have.
  public static Optional<WalSegmentName> parse(String fileName, WalSegmentSize segmentSize) {
    if (!isSegmentName(fileName)) {
      return Optional.empty();
    }
    int timeline = Integer.parseUnsignedInt(fileName, 0, 8, 16);
    long high = Integer.toUnsignedLong(Integer.parseUnsignedInt(fileName, 8, 16, 16));
    long low = Integer.toUnsignedLong(Integer.parseUnsignedInt(fileName, 16, 24, 16));
    if (timeline == 0 || low >= segmentSize.segmentsPerXLogId()) {
      return Optional.empty();
    }
    return Optional.of(
        new WalSegmentName(
            new TimelineId(timeline), high * segmentSize.segmentsPerXLogId() + low, segmentSize));
  }

  public long startLsn() {
    return segmentSize.start(segmentNumber);
  }

  /// The position just past the segment's last byte.
  public long endLsn() {
    return startLsn() + segmentSize.bytes();
  }

  public String fileName() {
    return String.format(
        Locale.ROOT,
        "%08X%08X%08X",
        timeline.value(),
        segmentNumber / segmentSize.segmentsPerXLogId(),
        segmentNumber % segmentSize.segmentsPerXLogId());
  }

  public String partialFileName() {
    return fileName() + PARTIAL_SUFFIX;
  }

  public WalSegmentName next() {
    return new WalSegmentName(timeline, segmentNumber + 1, segmentSize);
  }

  @Override
  public String toString() {
    return fileName();
  }
}
