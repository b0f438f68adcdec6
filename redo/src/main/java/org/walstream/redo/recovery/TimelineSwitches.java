package org.walstream.redo.recovery;

import java.util.function.Supplier;
import org.walstream.wal.Lsn;
import org.walstream.wal.TimelineHistory;
import org.walstream.wal.TimelineId;
import org.walstream.wal.rmgr.XLogRmgrRecord;

/// On which timeline replay is. Only two records begin another: the checkpoint of a server that was
/// promoted, or the record that stands in for it. They belong to the new timeline themselves, so
/// they are looked at before they are replayed.
///
/// Counterpart of checkTimeLineSwitch(), src/backend/access/transam/xlogrecovery.c, and of the
/// checks in xlog_redo(), src/backend/access/transam/xlog.c.
final class TimelineSwitches {

  private final Supplier<TimelineHistory> history;
  private int timeline;

  /// @param history what leads to the newest timeline that is known
  /// @param timeline that of the first record
  TimelineSwitches(Supplier<TimelineHistory> history, int timeline) {
    this.history = history;
    this.timeline = timeline;
  }

  /// The timeline of what is replayed now, unsigned.
  int timeline() {
    return timeline;
  }

  /// Looks at a record before it is replayed.
  ///
  /// @return true when it and all that follows belong to another timeline than what came before
  /// @throws RecoveryException when that cannot be
  boolean follow(XLogRmgrRecord record, ConsistencyPoint consistency) throws RecoveryException {
    boolean switched =
        switch (record) {
          case XLogRmgrRecord.CheckpointShutdown shutdown ->
              follow(
                  shutdown.checkPoint().timeline(),
                  shutdown.checkPoint().prevTimeline(),
                  record.record().endLsn(),
                  consistency);
          case XLogRmgrRecord.EndOfRecovery end ->
              follow(end.timeline(), end.prevTimeline(), record.record().endLsn(), consistency);
          default -> false;
        };
    requireSame(record);
    return switched;
  }

  private boolean follow(int next, int previous, long endLsn, ConsistencyPoint consistency)
      throws RecoveryException {
    if (next == timeline) {
      return false;
    }
    if (previous != timeline) {
      throw new RecoveryException(
          "unexpected previous timeline ID %s (current timeline ID %s) in checkpoint record"
              .formatted(text(previous), text(timeline)));
    }
    if (Integer.compareUnsigned(next, timeline) < 0 || !isInHistory(next)) {
      throw new RecoveryException(
          "unexpected timeline ID %s (after %s) in checkpoint record"
              .formatted(text(next), text(timeline)));
    }
    long minRecoveryPoint = consistency.minRecoveryPoint();
    if (minRecoveryPoint != 0
        && Lsn.isBefore(endLsn, minRecoveryPoint)
        && Integer.compareUnsigned(next, consistency.minRecoveryPointTimeline()) > 0) {
      throw new RecoveryException(
          "unexpected timeline ID %s in checkpoint record, before reaching minimum recovery point %s on timeline %s"
              .formatted(
                  text(next),
                  Lsn.format(minRecoveryPoint),
                  text(consistency.minRecoveryPointTimeline())));
    }
    timeline = next;
    return true;
  }

  /// Every other checkpoint must be of the timeline that replay is on.
  private void requireSame(XLogRmgrRecord record) throws RecoveryException {
    if (record instanceof XLogRmgrRecord.CheckpointOnline online) {
      int said = online.checkPoint().timeline();
      if (said != timeline) {
        throw new RecoveryException(
            "unexpected timeline ID %s (should be %s) in online checkpoint record"
                .formatted(text(said), text(timeline)));
      }
    }
  }

  private boolean isInHistory(int other) {
    return other != 0 && history.get().contains(new TimelineId(other));
  }

  private static String text(int timeline) {
    return Integer.toUnsignedString(timeline);
  }
}
