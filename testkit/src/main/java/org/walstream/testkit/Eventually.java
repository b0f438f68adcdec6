package org.walstream.testkit;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/// Waits for what happens in another process, where there is nothing to be notified by. The timeout
/// is generous: it tells a hang from a slow machine, it measures nothing.
public final class Eventually {

  private static final Duration TIMEOUT = Duration.ofMinutes(5);
  private static final Duration PAUSE = Duration.ofMillis(10);

  private Eventually() {}

  /// Returns once `condition` is true; a condition that throws is not true yet.
  ///
  /// @throws AssertionError naming `what`, with what the condition threw last, after five minutes
  public static void holds(String what, Callable<Boolean> condition) {
    holds(what, TIMEOUT, condition);
  }

  public static void holds(String what, Duration timeout, Callable<Boolean> condition) {
    var deadline = System.nanoTime() + timeout.toNanos();
    while (true) {
      Exception thrown = null;
      try {
        if (condition.call()) {
          return;
        }
      } catch (Exception e) {
        thrown = e;
      }
      if (System.nanoTime() - deadline > 0) {
        throw timedOut(what, timeout, thrown);
      }
      sleep(PAUSE);
    }
  }

  static void sleep(Duration pause) {
    try {
      Thread.sleep(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting", e);
    }
  }

  private static AssertionError timedOut(
      String what, Duration timeout, @Nullable Exception thrown) {
    return new AssertionError("not after %d s: %s".formatted(timeout.toSeconds(), what), thrown);
  }
}
