package org.walstream.redo.recovery;

import java.io.IOException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.walstream.file.FileLayer;
import org.walstream.redo.control.ControlReplay;
import org.walstream.redo.replay.PageReplay;
import org.walstream.wal.Lsn;
import org.walstream.wal.TimelineId;
import org.walstream.wal.control.WalLevel;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.record.ReadResult;
import org.walstream.wal.rmgr.Rmgr;
import org.walstream.wal.rmgr.XLogRmgrRecord;
import org.walstream.wal.rmgr.XactCompletion;

/// Record after record, until there is none or the target is reached:
///
/// ```
///   paused? ─▶ target, before ─▶ old enough? ─▶ timeline ─▶ pages, then all else ─▶ pg_control's share
///     ─▶ consistent? ─▶ target, behind ─▶ restart point?
/// ```
///
/// Counterpart of PerformWalRecovery(), src/backend/access/transam/xlogrecovery.c, and of the
/// records of xlog_redo(), src/backend/access/transam/xlog.c, that concern recovery itself.
final class ReplayLoop {

  /// Why replay has ended.
  enum End {
    OF_WAL,
    AT_TARGET,
    STOPPED
  }

  /// Records between two looks at the clock.
  private static final int PATIENCE = 1024;

  /// How long what has been redone may go untold.
  private static final long APPLIED_NANOS = 100_000_000;

  private final RecoveryOptions options;
  private final FileLayer files;
  private final RecoveryControlFile controlFile;
  private final PageReplay pages;
  private final ControlReplay control;
  private final ConsistencyPoint consistency;
  private final TimelineSwitches switches;
  private final RestartPoints restartPoints;
  private final ReplayHold hold;
  private final CustomRecords customRecords;
  private final RecoveryListener listener;
  private final RecoveryProgress progress;

  private boolean begun;
  private int unapplied;
  private long appliedNanos = System.nanoTime();
  private long lastLsn;
  private long endLsn;
  private String endReason = RecoveryTarget.NO_TARGET;

  ReplayLoop(
      RecoveryOptions options,
      FileLayer files,
      RecoveryControlFile controlFile,
      PageReplay pages,
      ControlReplay control,
      ConsistencyPoint consistency,
      TimelineSwitches switches,
      RestartPoints restartPoints,
      ReplayHold hold,
      RecoveryListener listener,
      RecoveryProgress progress) {
    this.options = options;
    this.files = files;
    this.controlFile = controlFile;
    this.pages = pages;
    this.control = control;
    this.consistency = consistency;
    this.switches = switches;
    this.restartPoints = restartPoints;
    this.hold = hold;
    this.customRecords = new CustomRecords(options.skipCustomRmgrs(), listener);
    this.listener = listener;
    this.progress = progress;
  }

  /// Begins where everything up to `lsn` counts as replayed.
  void startAt(long lsn) throws IOException {
    endLsn = lsn;
    progress.begin(lsn);
    lookForConsistency();
  }

  /// Where the last record ends that has been replayed.
  long endLsn() {
    return endLsn;
  }

  /// Where the last record starts that has been replayed; 0 when there was none.
  long lastLsn() {
    return lastLsn;
  }

  /// Why replay has ended here, as a history file says it.
  String endReason() {
    return endReason;
  }

  /// Replays what the reader has, waiting for more where there may be.
  ///
  /// @param target [RecoveryTarget.EndOfWal] in crash recovery
  /// @param stop asked before every record
  End run(RecoveryReader reader, RecoveryTarget target, BooleanSupplier stop) throws IOException {
    while (!stop.getAsBoolean()) {
      switch (reader.next()) {
        case DecodedXLogRecord record -> {
          if (hold.isPaused()) {
            standStill(stop);
          }
          if (stops(target.stopsBefore(record, consistency.isReached()))) {
            endReason = target.reason("before", record);
            return End.AT_TARGET;
          }
          if (consistency.isReached() && hold.isTooYoung(record)) {
            comeToRest();
            hold.untilOldEnough(record, endLsn, stop);
          }
          if (stop.getAsBoolean()) {
            return End.STOPPED;
          }
          replay(record);
          if (stops(target.stopsAfter(record, consistency.isReached()))) {
            endReason = target.reason("after", record);
            return End.AT_TARGET;
          }
          restartPoints.makeIfDue(endLsn);
          applyIfDue();
        }
        case ReadResult why -> {
          comeToRest();
          restartPoints.makeIfTime(endLsn);
          hold.whilePaused(endLsn, stop);
          if (!reader.awaitMore(why)) {
            return stop.getAsBoolean() ? End.STOPPED : endOfWal(why);
          }
        }
      }
    }
    return End.STOPPED;
  }

  private void standStill(BooleanSupplier stop) throws IOException {
    comeToRest();
    hold.whilePaused(endLsn, stop);
  }

  /// Stands still at the target, until there is to be an end.
  void holdAtTarget(BooleanSupplier stop) throws IOException {
    comeToRest();
    hold.atTarget(endLsn, stop);
  }

  private End endOfWal(ReadResult why) {
    if (why instanceof ReadResult.EndOfRecords end) {
      listener.log(end.reason().message());
    }
    return End.OF_WAL;
  }

  /// While there is no end to what is to be replayed, somebody may wait all the same for what has
  /// been.
  private void applyIfDue() throws IOException {
    if (++unapplied >= PATIENCE) {
      unapplied = 0;
      if (System.nanoTime() - appliedNanos >= APPLIED_NANOS) {
        apply();
      }
    }
  }

  /// There may be nothing to redo for long: what has been put off is done, too.
  private void comeToRest() throws IOException {
    control.settle();
    apply();
  }

  /// Waits until all that has been handed over is redone.
  private void apply() throws IOException {
    pages.drain();
    progress.applied(endLsn);
    appliedNanos = System.nanoTime();
  }

  /// All WAL in `pg_wal` has been replayed, as crash recovery must; what comes is from elsewhere.
  void endOfCrashRecovery() throws IOException {
    controlFile.enterArchiveRecovery(endLsn);
    consistency.endOfCrashRecovery(endLsn, switches.timeline());
    lookForConsistency();
  }

  private boolean stops(@Nullable String reason) {
    if (reason != null) {
      listener.log(reason);
    }
    return reason != null;
  }

  private void replay(DecodedXLogRecord record) throws IOException {
    if (!begun) {
      begun = true;
      listener.log("redo starts at " + Lsn.format(record.lsn()));
    }
    XLogRmgrRecord xlog = record.rmgrId() == Rmgr.XLOG.id() ? XLogRmgrRecord.of(record) : null;
    boolean switched = xlog != null && switches.follow(xlog, consistency);
    if (switched) {
      controlFile.replaying(record.endLsn(), switches.timeline());
    } else {
      controlFile.replaying(record.endLsn());
    }
    redo(record);
    if (xlog != null) {
      replayed(xlog);
    } else {
      XactCompletion end = RecoveryTarget.endOfTransaction(record);
      if (end != null) {
        progress.ended(end.xactTime());
      }
    }
    lastLsn = record.lsn();
    endLsn = record.endLsn();
    progress.replayed(endLsn);
    lookForConsistency();
    if (switched) {
      removeNonParentSegments();
    }
  }

  private void redo(DecodedXLogRecord record) throws IOException {
    boolean redoesPages =
        CustomRecords.isCustom(record)
            ? customRecords.hasOnlyImages(record)
            : record.maxBlockId() >= 0;
    if (redoesPages) {
      pages.redo(record);
    }
    control.redo(record);
  }

  private void replayed(XLogRmgrRecord record) throws IOException {
    consistency.look(record);
    switch (record) {
      case XLogRmgrRecord.Checkpoint checkpoint -> restartPoints.replayed(checkpoint);
      case XLogRmgrRecord.ParameterChange change -> {
        controlFile.changeParameters(change);
        if (change.walLevel().orElse(WalLevel.REPLICA) == WalLevel.MINIMAL) {
          throw RecoveryStart.minimalWal();
        }
      }
      case XLogRmgrRecord.OverwriteContrecord skipped ->
          listener.log(
              "successfully skipped missing contrecord at " + Lsn.format(skipped.overwrittenLsn()));
      default -> {}
    }
  }

  private void lookForConsistency() throws IOException {
    switch (consistency.replayed(endLsn)) {
      case NOTHING -> {}
      case END_OF_BACKUP -> endOfBackup();
      case CONSISTENCY -> consistent();
      case END_OF_BACKUP_AND_CONSISTENCY -> {
        endOfBackup();
        consistent();
      }
    }
  }

  private void endOfBackup() throws IOException {
    long redo = controlFile.current().backupStartPoint();
    controlFile.endOfBackup(endLsn);
    listener.log(
        "completed backup recovery with redo LSN %s and end LSN %s"
            .formatted(Lsn.format(redo), Lsn.format(endLsn)));
  }

  private void consistent() throws IOException {
    control.settle(); // with what was missing of them
    pages.reachedConsistency();
    TablespaceLinks.check(
        files, options.dataDirectory(), options.allowInPlaceTablespaces(), listener);
    listener.log("consistent recovery state reached at " + Lsn.format(endLsn));
    listener.consistencyReached();
  }

  private void removeNonParentSegments() throws IOException {
    NonParentSegments.remove(
        files,
        options.dataDirectory().resolve("pg_wal"),
        endLsn,
        new TimelineId(switches.timeline()),
        controlFile.current().layout().walSegmentSize());
  }
}
