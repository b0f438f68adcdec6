package org.walstream.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.walstream.wal.Lsn;
import org.walstream.wal.WalSegmentName;
import org.walstream.wal.WalSegmentSize;

/// The WAL of a relay that does not run, on any timelines, beside its primary's `pg_wal`.
final class RelayedWal {

  private static final WalSegmentSize SIZE = WalSegmentSize.DEFAULT;

  private final Path relay;
  private final Path primary;
  private final List<WalSegmentName> segments;

  RelayedWal(Path relay, Path primary) throws IOException {
    this.relay = relay;
    this.primary = primary;
    try (var files = Files.list(relay)) {
      segments =
          files
              .map(file -> file.getFileName().toString())
              .map(name -> name.replace(WalSegmentName.PARTIAL_SUFFIX, ""))
              .flatMap(name -> WalSegmentName.parse(name, SIZE).stream())
              .distinct()
              .sorted((a, b) -> Long.compareUnsigned(a.startLsn(), b.startLsn()))
              .toList();
    }
  }

  /// Whether there is WAL from `lsn` on without a gap.
  boolean begins(long lsn) {
    return segments.isEmpty() || !Lsn.isBefore(SIZE.startOfSegment(lsn), oldestLsn());
  }

  /// Where what has no gap up to the end begins. Before that there may be more: a segment of a
  /// timeline that has ended unfinished, or one whose removal the power has undone.
  private long oldestLsn() {
    long oldest = segments.getLast().startLsn();
    for (WalSegmentName segment : segments.reversed()) {
      if (segment.endLsn() == oldest) {
        oldest = segment.startLsn();
      }
    }
    return oldest;
  }

  /// There is WAL up to `end`, and each byte of it is the primary's.
  void assertIsThePrimarys(long end, String when) throws IOException {
    if (segments.isEmpty()) {
      assertThat(isBeforeTheFirst(end)).as("%s: nothing is left of %x", when, end).isTrue();
      return;
    }
    for (WalSegmentName segment : segments) {
      if (Lsn.isBefore(segment.startLsn(), end)) {
        assertSame(segment, (int) Lsn.min(SIZE.bytes(), end - segment.startLsn()), when);
      }
    }
    assertThat(Lsn.isBefore(segments.getLast().endLsn(), end))
        .as("%s: %x is not there", when, end)
        .isFalse();
    assertThat(Lsn.isAfter(oldestLsn(), end)).as("%s: a gap behind %x", when, end).isFalse();
  }

  /// The primary's slot has been made in a segment that the relay has not begun.
  private boolean isBeforeTheFirst(long end) throws IOException {
    try (var files = Files.list(primary)) {
      return files
          .map(file -> file.getFileName().toString())
          .flatMap(name -> WalSegmentName.parse(name, SIZE).stream())
          .noneMatch(segment -> Lsn.isBefore(segment.endLsn(), end));
    }
  }

  /// A timeline's last segment has another name with the primary, and no end that is known here.
  private void assertSame(WalSegmentName segment, int length, String when) throws IOException {
    Path theirs = primary.resolve(segment.fileName());
    if (!Files.exists(theirs)) {
      assertThat(primary.resolve(segment.partialFileName())).as(when).exists();
      return;
    }
    Path finished = relay.resolve(segment.fileName());
    Path ours = Files.exists(finished) ? finished : relay.resolve(segment.partialFileName());
    try (var our = Files.newInputStream(ours);
        var their = Files.newInputStream(theirs)) {
      byte[] got = our.readNBytes(length);
      int mismatch = Arrays.mismatch(got, their.readNBytes(length));
      if (mismatch == -1 || (isAlsoOfAnother(segment) && isZero(got, mismatch))) {
        return;
      }
      assertThat(mismatch).as("%s: %s differs", when, ours.getFileName()).isEqualTo(-1);
    }
  }

  /// Where a timeline has just begun, what was acknowledged before is in the file of the older one:
  /// its own has been made, and nothing may have come yet.
  private boolean isAlsoOfAnother(WalSegmentName segment) {
    return segments.stream()
        .anyMatch(other ->
            other.startLsn() == segment.startLsn()
                && other.timeline().isBefore(segment.timeline()));
  }

  private static boolean isZero(byte[] bytes, int from) {
    for (int i = from; i < bytes.length; i++) {
      if (bytes[i] != 0) {
        return false;
      }
    }
    return true;
  }
}
