package org.walstream.node;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Takes one step every so often, on a thread of its own that keeps no process alive.
final class PeriodicTimer implements AutoCloseable {

  private static final long FIRST_SECONDS = 1;

  private final long periodSeconds;
  private final Runnable step;
  private final ScheduledExecutorService executor;

  /// @param name its thread's
  PeriodicTimer(String name, long periodSeconds, Runnable step) {
    this.periodSeconds = periodSeconds;
    this.step = step;
    this.executor =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name(name).daemon(true).factory());
  }

  void start() {
    var _ = executor.scheduleWithFixedDelay(step, FIRST_SECONDS, periodSeconds, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
