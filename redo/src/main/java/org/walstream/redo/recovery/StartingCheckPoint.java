package org.walstream.redo.recovery;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.walstream.wal.Lsn;
import org.walstream.wal.control.CheckPoint;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.record.ReadResult;
import org.walstream.wal.rmgr.Rmgr;
import org.walstream.wal.rmgr.XLogRmgrRecord;

/// The checkpoint that recovery begins with, as its record in WAL has it.
///
/// ```
///   online     redo ── … ── checkpoint ──▶    the first record to be replayed is at redo
///   shutdown   checkpoint ──▶                 it is the one behind the checkpoint
/// ```
///
/// @param lsn where the record starts
/// @param endLsn where it ends
/// @param isShutdown whether nothing ran beside it
record StartingCheckPoint(long lsn, long endLsn, CheckPoint checkPoint, boolean isShutdown) {

  /// Reads the record at `lsn`.
  ///
  /// @return null when there is no checkpoint's record, or nobody waits for it any more; what there
  ///   is in its place has been told `why`
  static @Nullable StartingCheckPoint read(RecoveryReader wal, long lsn, RecoveryListener why)
      throws IOException {
    wal.startAtRecord(lsn);
    switch (wal.await()) {
      case DecodedXLogRecord record -> {
        if (record.lsn() == lsn
            && record.rmgrId() == Rmgr.XLOG.id()
            && XLogRmgrRecord.of(record) instanceof XLogRmgrRecord.Checkpoint found) {
          return new StartingCheckPoint(
              lsn,
              record.endLsn(),
              found.checkPoint(),
              found instanceof XLogRmgrRecord.CheckpointShutdown);
        }
        why.log("invalid checkpoint record");
      }
      case ReadResult.EndOfRecords end -> why.log(end.reason().message());
      case ReadResult.NeedMoreData _ -> {} // it has not come yet
    }
    return null;
  }

  /// Puts the reader before the first record that is to be replayed.
  void begin(RecoveryReader wal) throws IOException {
    if (beginsBefore()) {
      wal.startAtRecord(checkPoint.redoLsn());
    } else {
      wal.startAtRecord(lsn);
      wal.await();
    }
  }

  /// Whether replay begins before the record.
  boolean beginsBefore() {
    return Lsn.isBefore(checkPoint.redoLsn(), lsn);
  }

  /// How far the directory counts as replayed before anything is.
  long replayedLsn() {
    return beginsBefore() ? checkPoint.redoLsn() : endLsn;
  }

  /// @throws RecoveryException when the record contradicts itself
  void check() throws RecoveryException {
    if (Integer.compareUnsigned((int) checkPoint.nextXid(), 3) < 0) {
      throw new RecoveryException("invalid next transaction ID");
    }
    if (Lsn.isAfter(checkPoint.redoLsn(), lsn)) {
      throw new RecoveryException("invalid redo in checkpoint record");
    }
    if (beginsBefore() && isShutdown) {
      throw new RecoveryException("invalid redo record in shutdown checkpoint");
    }
  }

  /// Looks for the record at the redo point.
  ///
  /// @return false when there is none
  boolean findsRedo(RecoveryReader wal, RecoveryListener why) throws IOException {
    if (!beginsBefore()) {
      return true;
    }
    wal.startAtRecord(checkPoint.redoLsn());
    switch (wal.await()) {
      case DecodedXLogRecord record -> {
        requireRedo(record);
        return true;
      }
      case ReadResult.EndOfRecords end -> {
        why.log(end.reason().message());
        return false;
      }
      case ReadResult.NeedMoreData _ -> {
        return false; // it has not come yet
      }
    }
  }

  /// Since PostgreSQL 17 a record of its own marks the place.
  private static void requireRedo(DecodedXLogRecord record) throws RecoveryException {
    if (record.format().hasCheckPointRedo()
        && (record.rmgrId() != Rmgr.XLOG.id()
            || record.opcode() != XLogRmgrRecord.CHECKPOINT_REDO)) {
      throw new RecoveryException(
          "unexpected record type found at redo point " + Lsn.format(record.lsn()));
    }
  }
}
