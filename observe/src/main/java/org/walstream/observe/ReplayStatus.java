package org.walstream.observe;

import java.time.Instant;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// Replay as a standby shows it, and lets others say what becomes of it. Thread-safe; answers at
/// once.
public interface ReplayStatus {

  /// The end of what has been received and flushed; 0 when nothing has.
  long receivedLsn();

  /// Everything before it has been redone; 0 before replay has begun.
  long replayedLsn();

  /// The end of what has been read, and is being redone; 0 before replay has begun.
  long readLsn();

  /// When the last transaction ended that has been replayed.
  Optional<Instant> lastTransaction();

  /// As `pg_get_wal_replay_pause_state()` has it.
  String pauseState();

  /// Whether replay stands still, or is to.
  boolean isPauseWanted();

  void pause();

  void resume();

  /// Asks for a restart point.
  ///
  /// @return whether it has been made, or there was none to make; asked again and again
  BooleanSupplier requestRestartPoint();

  /// Whether there is to be no more than what has come.
  boolean isPromoting();

  /// Asks for the end of the standby.
  ///
  /// @param pid the session that waits for it: it is answered before it is closed
  void promote(int pid);

  /// Whether the directory is a primary's now.
  boolean isPromoted();
}
