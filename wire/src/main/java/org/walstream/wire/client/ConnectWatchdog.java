package org.walstream.wire.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.walstream.wire.transport.Transport;

/// Closes a transport when connecting takes too long: a server that accepts and then says nothing
/// would hold a blocking reader for ever.
final class ConnectWatchdog implements AutoCloseable {

  private final CountDownLatch calledOff = new CountDownLatch(1);
  private volatile boolean bitten;

  /// @param timeout zero keeps no watch
  ConnectWatchdog(Transport transport, Duration timeout) {
    if (!timeout.isZero()) {
      Thread.ofPlatform().name("connect-timeout").daemon().start(() -> watch(transport, timeout));
    }
  }

  private void watch(Transport transport, Duration timeout) {
    try {
      if (!calledOff.await(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
        bitten = true;
        transport.close();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean hasBitten() {
    return bitten;
  }

  @Override
  public void close() {
    calledOff.countDown();
  }
}
