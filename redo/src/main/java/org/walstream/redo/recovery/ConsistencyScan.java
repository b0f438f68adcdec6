package org.walstream.redo.recovery;

import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.walstream.wal.Lsn;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.record.ReadResult;
import org.walstream.wal.rmgr.Rmgr;
import org.walstream.wal.rmgr.XLogRmgrRecord;

/// Reads WAL up to where the directory will be consistent, and replays nothing: a directory that
/// cannot become consistent, for want of WAL or because it is to stop before, is left as it is.
final class ConsistencyScan {

  private ConsistencyScan() {}

  /// @throws RecoveryException when there is too little WAL, or the target is too early
  static void requireConsistent(
      RecoveryStart start, RecoveryWal recoveryWal, RecoveryReader wal, RecoveryTarget target)
      throws IOException {
    var consistency = new ConsistencyPoint(start.control(), true);
    var switches = new TimelineSwitches(recoveryWal::history, start.timeline());
    consistency.replayed(start.checkPoint().replayedLsn());
    start.checkPoint().begin(wal);
    while (!consistency.isReached()) {
      switch (wal.next()) {
        case DecodedXLogRecord record -> look(record, consistency, switches, target);
        case ReadResult.EndOfRecords end ->
            throw new RecoveryException(
                consistency.missing(),
                "It ends at %s: %s".formatted(Lsn.format(end.lsn()), end.reason().message()),
                "Give the WAL that follows (--wal, --restore-command). Nothing has been replayed.");
        case ReadResult.NeedMoreData more -> throw new IllegalStateException(more.toString());
      }
    }
  }

  private static void look(
      DecodedXLogRecord record,
      ConsistencyPoint consistency,
      TimelineSwitches switches,
      RecoveryTarget target)
      throws RecoveryException {
    requireLater(target.stopsBefore(record, false));
    if (record.rmgrId() == Rmgr.XLOG.id()) {
      XLogRmgrRecord xlog = XLogRmgrRecord.of(record);
      if (xlog != null) {
        switches.follow(xlog, consistency);
        consistency.look(xlog);
      }
    }
    consistency.replayed(record.endLsn());
    if (!consistency.isReached()) {
      requireLater(target.stopsAfter(record, false));
    }
  }

  private static void requireLater(@Nullable String stops) throws RecoveryException {
    if (stops != null) {
      throw new RecoveryException(
          "requested recovery stop point is before consistent recovery point",
          "%s%s.".formatted(stops.substring(0, 1).toUpperCase(Locale.ROOT), stops.substring(1)),
          "Choose a later target, or an older backup. Nothing has been replayed.");
    }
  }
}
