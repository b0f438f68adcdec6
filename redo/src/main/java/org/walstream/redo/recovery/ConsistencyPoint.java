package org.walstream.redo.recovery;

import org.walstream.wal.Lsn;
import org.walstream.wal.control.ControlFile;
import org.walstream.wal.rmgr.XLogRmgrRecord;

/// When the directory becomes consistent: what was copied while a backup ran, or written before a
/// crash, may be newer than where replay begins, so replay must come as far as any of it.
///
/// ```
///   from a primary's backup    the record that says the backup is complete, and minRecoveryPoint
///   from a standby's backup    backupEndPoint (what minRecoveryPoint was), and minRecoveryPoint
///   otherwise                  minRecoveryPoint
///   crash recovery             the end of the WAL
/// ```
///
/// Counterpart of CheckRecoveryConsistency(), src/backend/access/transam/xlogrecovery.c.
final class ConsistencyPoint {

  /// What a record's end has brought.
  enum Reached {
    NOTHING,
    /// The backup is whole, but what was written later is not.
    END_OF_BACKUP,
    CONSISTENCY,
    /// Both at once.
    END_OF_BACKUP_AND_CONSISTENCY
  }

  private long minRecoveryPoint;
  private int minRecoveryPointTimeline;
  private long backupStartPoint;
  private long backupEndPoint;
  private boolean backupEndRequired;
  private boolean reached;

  /// @param start what pg_control says when recovery begins
  ConsistencyPoint(ControlFile start, boolean archiveRecovery) {
    minRecoveryPoint = archiveRecovery ? start.minRecoveryPoint() : 0;
    minRecoveryPointTimeline = archiveRecovery ? start.minRecoveryPointTimeline() : 0;
    backupStartPoint = start.backupStartPoint();
    backupEndPoint = start.backupEndPoint();
    backupEndRequired = start.backupEndRequired();
  }

  /// Looks at a record that is replayed: the end of a backup is known by it.
  ///
  /// @throws RecoveryException when it says that the backup will never be complete
  void look(XLogRmgrRecord record) throws RecoveryException {
    switch (record) {
      case XLogRmgrRecord.BackupEnd end -> backupEnd(end.startLsn(), record.record().endLsn());
      case XLogRmgrRecord.CheckpointShutdown _ -> shutdownCheckPoint();
      default -> {}
    }
  }

  /// @param startLsn where it began: other backups may have run at the same time
  private void backupEnd(long startLsn, long endLsn) {
    if (startLsn == backupStartPoint && backupStartPoint != 0) {
      backupEndPoint = endLsn;
    }
  }

  /// The WAL that crash recovery had to replay ends here.
  void endOfCrashRecovery(long endLsn, int timeline) {
    minRecoveryPoint = endLsn;
    minRecoveryPointTimeline = timeline;
  }

  /// Told after each record, and once before the first.
  Reached replayed(long endLsn) {
    if (reached || minRecoveryPoint == 0) {
      return Reached.NOTHING;
    }
    boolean backupEnded = backupEndPoint != 0 && !Lsn.isAfter(backupEndPoint, endLsn);
    if (backupEnded) {
      backupStartPoint = 0;
      backupEndPoint = 0;
      backupEndRequired = false;
    }
    reached = !backupEndRequired && !Lsn.isAfter(minRecoveryPoint, endLsn);
    if (reached) {
      return backupEnded ? Reached.END_OF_BACKUP_AND_CONSISTENCY : Reached.CONSISTENCY;
    }
    return backupEnded ? Reached.END_OF_BACKUP : Reached.NOTHING;
  }

  boolean isReached() {
    return reached;
  }

  /// The server was shut down here: if the record of the backup's end must still come, it never
  /// will.
  private void shutdownCheckPoint() throws RecoveryException {
    if (awaitsEndOfBackup()) {
      throw new RecoveryException(
          "online backup was canceled, recovery cannot continue", "Use another backup.");
    }
  }

  private boolean awaitsEndOfBackup() {
    return backupStartPoint != 0 && backupEndPoint == 0;
  }

  /// What is missing at the end of the WAL, in PostgreSQL's words.
  String missing() {
    return backupEndRequired || awaitsEndOfBackup()
        ? "WAL ends before end of online backup"
        : "WAL ends before consistent recovery point";
  }

  long minRecoveryPoint() {
    return minRecoveryPoint;
  }

  int minRecoveryPointTimeline() {
    return minRecoveryPointTimeline;
  }
}
