package org.walstream.redo.recovery;

import java.util.concurrent.atomic.AtomicLong;

/// How far recovery has come, for another thread to look at.
public final class RecoveryProgress {

  private final AtomicLong startLsn = new AtomicLong();
  private final AtomicLong lsn = new AtomicLong();
  private final AtomicLong appliedLsn = new AtomicLong();
  private final AtomicLong transactionTime = new AtomicLong();

  public RecoveryProgress() {}

  /// Where replay began; 0 before it has.
  public long startLsn() {
    return startLsn.get();
  }

  /// The end of the last record that has been handed over; 0 before the first.
  public long lsn() {
    return lsn.get();
  }

  /// Everything before it has been redone; 0 before replay has begun.
  public long appliedLsn() {
    return appliedLsn.get();
  }

  /// When the last transaction ended that has been replayed, TimestampTz; 0 when none has.
  public long transactionTime() {
    return transactionTime.get();
  }

  void begin(long start) {
    lsn.set(start);
    appliedLsn.set(start);
    startLsn.set(start);
  }

  void replayed(long endLsn) {
    lsn.setRelease(endLsn);
  }

  void applied(long endLsn) {
    appliedLsn.setRelease(endLsn);
  }

  void ended(long xactTime) {
    transactionTime.setRelease(xactTime);
  }
}
