package org.walstream.send.walsender;

import org.walstream.wal.Lsn;

/// Measures how long WAL takes to be written, flushed and applied by a standby: it remembers when
/// positions were sent, and looks them up when the standby says how far it is.
///
/// A ring of samples, oldest first. When it is full the newest sample is overwritten, so that the
/// oldest, which the standby has not confirmed yet, stays: a standby far behind is measured
/// coarsely, not wrongly. Each of the three positions has its own place in the ring.
///
/// Counterpart of LagTrackerWrite() and LagTrackerRead(), walsender.c. Thread-safe: the sender
/// writes, the reader asks.
final class LagTracker {

  /// What a lag is measured of.
  enum Stage {
    WRITE(0),
    FLUSH(1),
    APPLY(2);

    private final int index;

    Stage(int index) {
      this.index = index;
    }
  }

  /// No measurement: nothing was sent lately, or the standby does not say.
  static final long UNKNOWN = -1;

  private static final int SAMPLES = 256;

  private final long[] lsns = new long[SAMPLES];
  private final long[] sentNanos = new long[SAMPLES];
  private final long[] read = new long[Stage.values().length];
  private final long[] lagNanos = {UNKNOWN, UNKNOWN, UNKNOWN};
  private long written;

  synchronized void sent(long lsn, long nowNanos) {
    if (written > 0 && lsns[at(written - 1)] == lsn) {
      return;
    }
    if (written - slowest() >= SAMPLES) {
      written--;
    }
    lsns[at(written)] = lsn;
    sentNanos[at(written)] = nowNanos;
    written++;
  }

  /// The standby has reached `lsn`.
  synchronized void reached(Stage stage, long lsn, long nowNanos) {
    int i = stage.index;
    long newest = UNKNOWN;
    while (read[i] < written && !Lsn.isAfter(lsns[at(read[i])], lsn)) {
      newest = sentNanos[at(read[i])];
      read[i]++;
    }
    if (newest != UNKNOWN) {
      lagNanos[i] = nowNanos - newest;
    } else if (read[i] == written) {
      lagNanos[i] = UNKNOWN; // it has had everything since before: nothing to measure
    }
  }

  /// The lag measured last, or [#UNKNOWN].
  synchronized long nanos(Stage stage) {
    return lagNanos[stage.index];
  }

  private long slowest() {
    return Math.min(read[0], Math.min(read[1], read[2]));
  }

  private static int at(long index) {
    return (int) (index % SAMPLES);
  }
}
