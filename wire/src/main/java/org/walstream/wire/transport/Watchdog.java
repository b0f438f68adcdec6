package org.walstream.wire.transport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Closes a transport when something over it takes too long: a server that accepts and then says
/// nothing would hold a blocking reader for ever.
///
/// ```java
/// try (var watchdog = new Watchdog(transport, timeout)) {
///   …
/// }
/// ```
///
/// Kept by a platform thread, since a timer on a virtual one may be late by as long as a disk read.
public final class Watchdog implements AutoCloseable {

  private final CountDownLatch calledOff = new CountDownLatch(1);
  private final long timeoutNanos;
  private volatile long heardNanos = System.nanoTime();
  private volatile boolean bitten;

  /// @param timeout zero keeps no watch
  public Watchdog(Transport transport, Duration timeout) {
    timeoutNanos = timeout.toNanos();
    if (!timeout.isZero()) {
      Thread.ofPlatform().name("walstream-watchdog").daemon().start(() -> watch(transport));
    }
  }

  private void watch(Transport transport) {
    try {
      long left = timeoutNanos;
      while (left > 0) {
        if (calledOff.await(left, TimeUnit.NANOSECONDS)) {
          return;
        }
        left = timeoutNanos - (System.nanoTime() - heardNanos);
      }
      bitten = true;
      transport.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Something has come: the time begins anew.
  public void heard() {
    heardNanos = System.nanoTime();
  }

  /// True when the time was up: then whatever has failed has failed of that.
  public boolean hasBitten() {
    return bitten;
  }

  @Override
  public void close() {
    calledOff.countDown();
  }
}
