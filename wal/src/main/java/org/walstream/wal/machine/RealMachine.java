package org.walstream.wal.machine;

import java.time.Instant;
import java.util.concurrent.locks.LockSupport;

/// The JDK's clocks and threads.
final class RealMachine implements Machine {

  static final Machine INSTANCE = new RealMachine();

  private RealMachine() {}

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public Instant now() {
    return Instant.now();
  }

  @Override
  public void parkNanos(Object blocker, long nanos) {
    LockSupport.parkNanos(blocker, nanos);
  }

  @Override
  public Thread platformThread(String name, Runnable work) {
    return Thread.ofPlatform().daemon().name(name).unstarted(work);
  }

  @Override
  public Thread virtualThread(String name, Runnable work) {
    return Thread.ofVirtual().name(name).unstarted(work);
  }
}
