package org.walstream.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.walstream.wal.Lsn;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalSegmentName;
import org.walstream.wal.WalSegmentSize;

/// A directory of WAL that must hold, up to a position, what its original holds: byte for byte and
/// without a gap. Both are of timeline 1 and segments of 16 MB, and may be in use.
///
/// What was once found equal is not compared again, but for the segment it ends in.
public final class WalCopy {

  private static final WalSegmentSize SIZE = WalSegmentSize.DEFAULT;

  private final Path copy;
  private final Path original;

  private long comparedLsn;

  public WalCopy(Path copy, Path original) {
    this.copy = copy;
    this.original = original;
  }

  /// Compares from the copy's first segment, or from where it has been compared before, to `end`.
  ///
  /// @throws AssertionError naming the file and the place that is missing or different
  public void assertSame(Lsn end) throws IOException {
    long first = firstSegment().map(WalSegmentName::startLsn).orElse(end.value());
    long lsn = Lsn.max(first, comparedLsn);
    while (Lsn.isBefore(lsn, end.value())) {
      var segment = WalSegmentName.containing(TimelineId.FIRST, lsn, SIZE);
      int length = (int) Lsn.min(SIZE.bytes(), end.value() - lsn);
      assertSame(fileOf(segment), original.resolve(segment.fileName()), length);
      comparedLsn = segment.startLsn();
      lsn = segment.endLsn();
    }
  }

  private Optional<WalSegmentName> firstSegment() throws IOException {
    try (var files = Files.list(copy)) {
      return files
          .map(file -> file.getFileName().toString().replace(WalSegmentName.PARTIAL_SUFFIX, ""))
          .flatMap(name -> WalSegmentName.parse(name, SIZE).stream())
          .min((a, b) -> Long.compareUnsigned(a.startLsn(), b.startLsn()));
    }
  }

  private Path fileOf(WalSegmentName segment) {
    Path finished = copy.resolve(segment.fileName());
    return Files.exists(finished) ? finished : copy.resolve(segment.partialFileName());
  }

  private static void assertSame(Path ours, Path theirs, int length) throws IOException {
    try (var our = Files.newInputStream(ours);
        var their = Files.newInputStream(theirs)) {
      int mismatch = Arrays.mismatch(our.readNBytes(length), their.readNBytes(length));
      if (mismatch >= 0) {
        throw new AssertionError(
            "%s is not the same as %s: offset %d of the first %d bytes"
                .formatted(ours, theirs, mismatch, length));
      }
    }
  }
}
