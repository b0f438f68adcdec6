package org.walstream.node;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.walstream.observe.ReplayStatus;
import org.walstream.redo.recovery.RecoveryPause;
import org.walstream.redo.recovery.RecoveryProgress;
import org.walstream.standby.CascadedWal;
import org.walstream.standby.Standby;
import org.walstream.wal.PgTimestamp;

/// A standby's replay as the status model hands it out. Thread-safe.
final class StandbyReplay implements ReplayStatus {

  private final Standby standby;
  private final CascadedWal wal;
  private final Set<Integer> promoters = ConcurrentHashMap.newKeySet();
  private volatile boolean promoted;

  StandbyReplay(Standby standby, CascadedWal wal) {
    this.standby = standby;
    this.wal = wal;
  }

  @Override
  public long receivedLsn() {
    return wal.receivedLsn();
  }

  @Override
  public long replayedLsn() {
    RecoveryProgress progress = standby.progress();
    return progress == null ? 0 : progress.appliedLsn();
  }

  @Override
  public long readLsn() {
    RecoveryProgress progress = standby.progress();
    return progress == null ? 0 : progress.lsn();
  }

  @Override
  public Optional<Instant> lastTransaction() {
    RecoveryProgress progress = standby.progress();
    return progress == null || progress.transactionTime() == 0
        ? Optional.empty()
        : Optional.of(PgTimestamp.instant(progress.transactionTime()));
  }

  @Override
  public String pauseState() {
    return standby.pauseState().toString();
  }

  @Override
  public boolean isPauseWanted() {
    return standby.pauseState() != RecoveryPause.State.NOT_PAUSED;
  }

  @Override
  public void pause() {
    standby.pauseReplay();
  }

  @Override
  public void resume() {
    standby.resumeReplay();
  }

  @Override
  public BooleanSupplier requestRestartPoint() {
    return standby.requestRestartPoint();
  }

  @Override
  public boolean isPromoting() {
    return standby.isPromoting();
  }

  @Override
  public void promote(int pid) {
    promoters.add(pid);
    standby.promote();
  }

  @Override
  public boolean isPromoted() {
    return promoted;
  }

  /// The directory is a primary's now.
  void promoted() {
    promoted = true;
  }

  /// Whether a session has asked for it.
  boolean isPromoter(int pid) {
    return promoters.contains(pid);
  }
}
