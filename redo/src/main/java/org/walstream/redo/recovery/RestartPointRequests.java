package org.walstream.redo.recovery;

/// Restart points that others want at once, by a `CHECKPOINT` on a standby. One answers all who
/// have asked before it was begun. Thread-safe.
///
/// Counterpart of RequestCheckpoint(), src/backend/postmaster/checkpointer.c.
final class RestartPointRequests {

  private volatile long asked;
  private volatile long answered;

  /// Asks for one. Returns at once.
  ///
  /// @return the request, for [#isAnswered]
  synchronized long ask() {
    return ++asked;
  }

  /// Whether it has been made since, or there was none to make: no checkpoint has been replayed
  /// after the one that recovery begins at.
  boolean isAnswered(long request) {
    return answered >= request;
  }

  /// Whether somebody waits.
  boolean isAny() {
    return asked > answered;
  }

  /// The last request, which one that is begun now answers.
  long last() {
    return asked;
  }

  /// The replaying thread's.
  void answer(long request) {
    answered = request;
  }
}
