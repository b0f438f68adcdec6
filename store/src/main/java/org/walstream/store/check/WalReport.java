package org.walstream.store.check;

import java.util.List;
import org.walstream.store.segment.SegmentIdentity;
import org.walstream.wal.TimelineId;

/// What a directory of WAL holds, and what is wrong with it.
///
/// @param ranges what is there, by timeline and position
/// @param gaps what is not there, between what is
/// @param damages what is there and not good, by position
/// @param segments how many segment files were read
/// @param bytes how much WAL was read
public record WalReport(
    SegmentIdentity identity,
    List<Range> ranges,
    List<Gap> gaps,
    List<Damage> damages,
    int segments,
    long bytes) {

  /// WAL of one timeline without a gap.
  ///
  /// @param endLsn exclusive; within the last segment where that is still being written
  /// @param segments how many
  public record Range(TimelineId timeline, long startLsn, long endLsn, int segments) {}

  /// WAL that must have been and is not here.
  public record Gap(TimelineId timeline, long startLsn, long endLsn, String reason) {}

  /// What a damage is.
  public enum Kind {
    /// A record or a page that is not right.
    DAMAGE,
    /// Zeros where WAL should be.
    HOLE,
    /// The file ends too early.
    SHORT,
    /// The file cannot be read.
    UNREADABLE
  }

  /// What is here and not good.
  ///
  /// @param startLsn of the record or page that is wrong
  /// @param endLsn from where on WAL is good again, or the file's end
  /// @param offset of `startLsn` in the file
  public record Damage(
      Kind kind,
      TimelineId timeline,
      long startLsn,
      long endLsn,
      String fileName,
      int offset,
      String message) {}

  public WalReport {
    ranges = List.copyOf(ranges);
    gaps = List.copyOf(gaps);
    damages = List.copyOf(damages);
  }

  public boolean isGood() {
    return gaps.isEmpty() && damages.isEmpty();
  }
}
