package org.walstream.standby.supply;

import java.io.IOException;
import java.util.Optional;
import org.walstream.redo.recovery.RecoveryException;
import org.walstream.wal.TimelineHistory;
import org.walstream.wal.TimelineId;

/// The timeline that recovery is to come to, with the history that leads there.
///
/// Counterpart of validateRecoveryParameters() and findNewestTimeLine(),
/// src/backend/access/transam/.
public final class TargetTimeline {

  private TargetTimeline() {}

  /// @param wanted empty for the directory's own; 0 for the newest there is
  /// @param own the one that pg_control knows
  /// @throws RecoveryException if there is no such timeline
  public static TimelineHistory choose(WalPlacement wal, Optional<Integer> wanted, TimelineId own)
      throws IOException {
    if (wanted.isEmpty()) {
      return wal.history(own).orElseGet(() -> TimelineHistory.ofFirst(own));
    }
    if (wanted.get() != 0) {
      var timeline = new TimelineId(wanted.get());
      return wal.history(timeline)
          .orElseThrow(() ->
              new RecoveryException(
                  "recovery target timeline %s does not exist".formatted(timeline),
                  "There is no file \"%s\"; give the WAL that has it (--wal, --restore-command)."
                      .formatted(timeline.historyFileName())));
    }
    return newest(wal, wal.history(own).orElseGet(() -> TimelineHistory.ofFirst(own)));
  }

  /// The newest timeline there is, from `known` on.
  static TimelineHistory newest(WalPlacement wal, TimelineHistory known) throws IOException {
    TimelineHistory newest = known;
    while (true) {
      Optional<TimelineHistory> next = wal.history(new TimelineId(newest.timeline().value() + 1));
      if (next.isEmpty()) {
        return newest;
      }
      newest = next.get();
    }
  }
}
