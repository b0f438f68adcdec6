package org.walstream.wal.machine;

import java.time.Instant;

/// The clocks and the threads of the computer on which a part runs.
///
/// Whoever waits for a time to come, looks at a clock, or begins a thread, asks this one and not
/// the JDK: then all of that can be simulated ([#real] is no simulation), and what happened in a
/// simulation happens again. Waits without a time limit are
/// [java.util.concurrent.locks.LockSupport]'s and the JDK's locks', everywhere.
///
/// Any thread.
public interface Machine {

  /// The computer itself.
  static Machine real() {
    return RealMachine.INSTANCE;
  }

  /// Nanoseconds since some moment, as [System#nanoTime].
  long nanoTime();

  /// The time of day.
  Instant now();

  /// Waits, as [java.util.concurrent.locks.LockSupport#parkNanos(Object, long)] does: until the
  /// thread is unparked, interrupted, or so much time has passed, or for no reason at all.
  void parkNanos(Object blocker, long nanos);

  /// A thread that computes or waits for the kernel; daemon, not started yet.
  Thread platformThread(String name, Runnable work);

  /// A thread that waits for a connection most of the time; not started yet.
  Thread virtualThread(String name, Runnable work);
}
