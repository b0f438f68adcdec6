package org.walstream.redo.recovery;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.walstream.wal.PgTimestamp;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.rmgr.XactCompletion;

/// Keeps replay where it is though there may be more: while it is paused, and until a commit is as
/// old as `recovery_min_apply_delay` wants it. Only commits are kept waiting, since only they have
/// a time and only they make anything visible. WAL is received meanwhile, the upstream is told of
/// positions, restart points are made.
///
/// Neither holds a standby that is to be promoted: the end of what there is comes first.
///
/// Counterpart of recoveryPausesHere() and recoveryApplyDelay(),
/// src/backend/access/transam/xlogrecovery.c. The replaying thread's.
final class ReplayHold {

  /// The longest wait before the others are looked at: who promotes may do so by a file.
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final RecoveryPause pause;
  private final Duration delayAtStart;
  private final RecoveryWal wal;
  private final RestartPoints restartPoints;
  private final RecoveryListener listener;
  private final Clock clock;

  /// @param clock what the age of a commit is told by
  ReplayHold(
      RecoveryOptions options,
      RecoveryPause pause,
      RecoveryWal wal,
      RestartPoints restartPoints,
      RecoveryListener listener,
      Clock clock) {
    this.pause = pause;
    this.delayAtStart = options.minApplyDelay();
    this.wal = wal;
    this.restartPoints = restartPoints;
    this.listener = listener;
    this.clock = clock;
  }

  /// Whether somebody wants replay to stand still.
  boolean isPaused() {
    return pause.isWanted();
  }

  /// Stands still for as long as that is wanted. Everything before `lsn` has been redone.
  ///
  /// @param stop ends it
  void whilePaused(long lsn, BooleanSupplier stop) throws IOException {
    if (!pause.isWanted() || wal.isPromoted()) {
      return;
    }
    listener.log("recovery has paused");
    stand(lsn, stop);
  }

  /// The target has been reached, and everything redone: stands still until there is to be an end.
  ///
  /// @param stop ends it
  void atTarget(long lsn, BooleanSupplier stop) throws IOException {
    listener.log("pausing at the end of recovery");
    pause.request();
    stand(lsn, stop);
  }

  private void stand(long lsn, BooleanSupplier stop) throws IOException {
    while (pause.isWanted() && !isCalledAway(stop)) {
      pause.confirm();
      stay(lsn, LOOK_NANOS);
    }
  }

  /// Whether the record, which is to be replayed next, is too young.
  boolean isTooYoung(DecodedXLogRecord record) {
    return !delay().isZero() && microsToWait(record) > 0;
  }

  /// Waits until it is old enough. Everything before it has been redone.
  ///
  /// @param stop ends it
  void untilOldEnough(DecodedXLogRecord record, long lsn, BooleanSupplier stop) throws IOException {
    for (long micros = microsToWait(record);
        micros > 0 && !isCalledAway(stop);
        micros = microsToWait(record)) {
      stay(lsn, Math.min(LOOK_NANOS, TimeUnit.MICROSECONDS.toNanos(micros)));
      whilePaused(lsn, stop);
    }
  }

  private long microsToWait(DecodedXLogRecord record) {
    XactCompletion end = RecoveryTarget.endOfTransaction(record);
    if (end == null || !isCommit(end)) {
      return 0;
    }
    return end.xactTime() + delay().toNanos() / 1000 - PgTimestamp.micros(clock.instant());
  }

  private Duration delay() {
    return pause.delayOr(delayAtStart);
  }

  private static boolean isCommit(XactCompletion end) {
    return end instanceof XactCompletion.Commit || end instanceof XactCompletion.CommitPrepared;
  }

  private boolean isCalledAway(BooleanSupplier stop) throws IOException {
    return stop.getAsBoolean() || wal.isPromoted();
  }

  private void stay(long lsn, long nanos) throws IOException {
    wal.held(lsn);
    restartPoints.makeIfTime(lsn);
    pause.await(nanos);
  }
}
