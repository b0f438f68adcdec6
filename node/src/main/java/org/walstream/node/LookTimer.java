package org.walstream.node;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Has a standby take note every few seconds of how much has come and gone, as a node's
/// [Housekeeping] does beside its own work.
final class LookTimer implements AutoCloseable {

  private static final long PERIOD_SECONDS = 5;

  private final Runnable look;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("throughput").daemon(true).factory());

  LookTimer(Runnable look) {
    this.look = look;
  }

  void start() {
    var _ = timer.scheduleWithFixedDelay(look, 1, PERIOD_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
