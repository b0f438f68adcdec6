package org.walstream.redo.recovery;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Whether replay is to stand still, for other threads to say and to ask; also before a commit that
/// is too young.
///
/// ```
///   NOT_PAUSED ──request──▶ PAUSE_REQUESTED ──replay stands still──▶ PAUSED
///       ▲                         │                                    │
///       └─────────resume──────────┴────────────────────────────────────┘
/// ```
///
/// Counterpart of RecoveryPauseState, SetRecoveryPause() and GetRecoveryPauseState(),
/// src/backend/access/transam/xlogrecovery.c.
public final class RecoveryPause {

  /// As `pg_get_wal_replay_pause_state()` has it.
  public enum State {
    NOT_PAUSED,
    PAUSE_REQUESTED,
    PAUSED;

    @Override
    public String toString() {
      return name().replace('_', ' ').toLowerCase(Locale.ROOT);
    }
  }

  private volatile State state = State.NOT_PAUSED;
  private volatile @Nullable Thread replaying;
  private volatile @Nullable Duration delay;

  public RecoveryPause() {}

  /// Has replay stand still before its next record. Returns at once.
  public synchronized void request() {
    if (state == State.NOT_PAUSED) {
      state = State.PAUSE_REQUESTED;
      wake();
    }
  }

  /// Lets replay go on. Returns at once.
  public synchronized void resume() {
    state = State.NOT_PAUSED;
    wake();
  }

  /// Commits wait until they are so old, from now on, whatever [RecoveryOptions#minApplyDelay]
  /// says. Returns at once.
  public void delay(Duration age) {
    delay = age;
    wake();
  }

  /// How old commits are to be.
  Duration delayOr(Duration otherwise) {
    Duration wanted = delay;
    return wanted == null ? otherwise : wanted;
  }

  public State state() {
    return state;
  }

  /// Whether replay is to stand still, or does.
  public boolean isWanted() {
    return state != State.NOT_PAUSED;
  }

  /// Has replay look again at what it waits for. Any thread.
  public void wake() {
    LockSupport.unpark(replaying);
  }

  /// Replay stands still now, if that is still wanted.
  synchronized void confirm() {
    if (state == State.PAUSE_REQUESTED) {
      state = State.PAUSED;
    }
  }

  /// The calling thread is the one that replays: from now on no [#wake] is lost on it.
  void begin() {
    replaying = Thread.currentThread();
  }

  /// Waits, on the thread that replays, until something has changed, or so long.
  void await(long nanos) {
    LockSupport.parkNanos(this, nanos);
  }
}
