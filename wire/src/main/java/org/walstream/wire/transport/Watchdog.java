package org.walstream.wire.transport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.walstream.wal.machine.Machine;

/// Closes a transport when something over it takes too long: a server that accepts and then says
/// nothing would hold a blocking reader for ever.
///
/// ```java
/// try (var watchdog = new Watchdog(transport, timeout, machine)) {
///   …
/// }
/// ```
///
/// Kept by a platform thread, since a timer on a virtual one may be late by as long as a disk read.
public final class Watchdog implements AutoCloseable {

  private final Machine machine;
  private final long timeoutNanos;
  private final @Nullable Thread thread;
  private volatile long heardNanos;
  private volatile boolean calledOff;
  private volatile boolean bitten;

  /// @param timeout zero keeps no watch
  public Watchdog(Transport transport, Duration timeout, Machine machine) {
    this.machine = machine;
    timeoutNanos = timeout.toNanos();
    heardNanos = machine.nanoTime();
    thread =
        timeout.isZero()
            ? null
            : machine.platformThread("walstream-watchdog", () -> watch(transport));
    if (thread != null) {
      thread.start();
    }
  }

  private void watch(Transport transport) {
    long left = timeoutNanos;
    while (left > 0) {
      machine.parkNanos(this, left);
      if (calledOff) {
        return;
      }
      left = timeoutNanos - (machine.nanoTime() - heardNanos);
    }
    bitten = true;
    try {
      transport.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Something has come: the time begins anew.
  public void heard() {
    heardNanos = machine.nanoTime();
  }

  /// True when the time was up: then whatever has failed has failed of that.
  public boolean hasBitten() {
    return bitten;
  }

  @Override
  public void close() {
    calledOff = true;
    LockSupport.unpark(thread);
  }
}
