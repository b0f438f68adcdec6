package org.walstream.wal.record;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.walstream.wal.Lsn;
import org.walstream.wal.TimelineHistory;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalSegmentName;
import org.walstream.wal.WalSegmentSize;

/// WAL along the history of one timeline, out of files of segments.
///
/// A segment in which a timeline forked off exists once per timeline, alike up to the fork:
///
/// ```
///   timeline 2                ┌────────┬────────┬───
///   timeline 1   ───┬─────────┴─X      │        │
///                   │  segment 4       │ segment 5
/// ```
///
/// Read is the newest timeline's file that has the position; an older one's never beyond its fork.
///
/// Counterpart of XLogFileReadAnyTLI(), src/backend/access/transam/xlogrecovery.c, and of
/// WalSndSegmentOpen(), src/backend/replication/walsender.c. Allocates nothing while it stays in a
/// segment. Not thread-safe.
public final class HistorySource implements WalSource {

  private final WalSegmentSource segments;
  private final WalSegmentSize segmentSize;
  private final TimelineHistory history;

  private TimelineId timeline;

  /// The file chosen last, and the end of what it is the right one for.
  private @Nullable WalSegmentName chosen;

  private long chosenEndLsn;

  /// @param history what leads to the newest timeline to be read
  public HistorySource(
      WalSegmentSource segments, WalSegmentSize segmentSize, TimelineHistory history) {
    this.segments = segments;
    this.segmentSize = segmentSize;
    this.history = history;
    this.timeline = history.timelines().getLast();
  }

  @Override
  public TimelineId timeline() {
    return timeline;
  }

  @Override
  public int read(long lsn, ByteBuffer into) throws IOException {
    WalSegmentName current = chosen;
    if (current != null
        && !Lsn.isBefore(lsn, current.startLsn())
        && Lsn.isBefore(lsn, chosenEndLsn)) {
      int read = read(current, lsn, into);
      if (read != ABSENT) {
        return read;
      }
    }
    return choose(lsn, into);
  }

  /// The file that is the first choice for `lsn`: of the newest timeline that has begun in its
  /// segment, or before.
  public WalSegmentName firstChoice(long lsn) {
    long segmentNumber = segmentSize.segmentNumber(lsn);
    for (TimelineId candidate : history.timelines()) {
      if (mayHold(candidate, segmentNumber, lsn)) {
        return new WalSegmentName(candidate, segmentNumber, segmentSize);
      }
    }
    return new WalSegmentName(history.timelineOf(lsn), segmentNumber, segmentSize);
  }

  private boolean mayHold(TimelineId candidate, long segmentNumber, long lsn) {
    return segmentSize.segmentNumber(history.begin(candidate)) <= segmentNumber
        && Lsn.isBefore(lsn, endIn(candidate, segmentNumber));
  }

  /// Reads from the newest file that can be read at `lsn`.
  private int choose(long lsn, ByteBuffer into) throws IOException {
    chosen = null;
    long segmentNumber = segmentSize.segmentNumber(lsn);
    for (TimelineId candidate : history.timelines()) {
      if (mayHold(candidate, segmentNumber, lsn)) {
        var name = new WalSegmentName(candidate, segmentNumber, segmentSize);
        chosenEndLsn = endIn(candidate, segmentNumber);
        int read = read(name, lsn, into);
        if (read != ABSENT) {
          timeline = candidate;
          chosen = name;
          return read;
        }
      }
    }
    TimelineId wanted = history.timelineOf(lsn);
    if (timeline.isBefore(wanted)) {
      timeline = wanted;
    }
    return ABSENT;
  }

  /// Where the WAL ends for which `candidate`'s file of the segment is the right one.
  private long endIn(TimelineId candidate, long segmentNumber) {
    long endOfSegment = segmentSize.start(segmentNumber + 1);
    return Lsn.min(endOfSegment, history.switchPoint(candidate).orElse(endOfSegment));
  }

  private int read(WalSegmentName name, long lsn, ByteBuffer into) throws IOException {
    int limit = into.limit();
    into.limit(into.position() + (int) Math.min(into.remaining(), chosenEndLsn - lsn));
    try {
      return segments.read(name, segmentSize.offset(lsn), into);
    } finally {
      into.limit(limit);
    }
  }
}
