package org.walstream.bench;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.walstream.testkit.PostgresServer;

/// Looks again and again at how many bytes of WAL a primary has on disk that its standby has not
/// replayed. The standby is asked first: what is written meanwhile counts.
final class LagWatch implements AutoCloseable {

  private final PostgresServer primary;
  private final PostgresServer standby;
  private final Duration interval;
  private final CompletableFuture<List<Long>> found = new CompletableFuture<>();
  private final Thread thread;
  private volatile boolean ending;

  /// @param standby whoever runs it
  LagWatch(PostgresServer primary, PostgresServer standby, Duration interval) {
    this.primary = primary;
    this.standby = standby;
    this.interval = interval;
    this.thread = Thread.ofPlatform().daemon().name("lag").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  private void run() {
    var lags = new ArrayList<Long>();
    try (Connection ahead = primary.jdbc();
        Connection behind = standby.jdbc();
        var askAhead = ahead.createStatement();
        var askBehind = behind.createStatement()) {
      while (!ending) {
        long replayed = WalPositions.replayed(askBehind);
        lags.add(Math.max(0, WalPositions.flushed(askAhead) - replayed));
        Thread.sleep(interval);
      }
      found.complete(List.copyOf(lags));
    } catch (SQLException | InterruptedException e) {
      found.completeExceptionally(e);
    }
  }

  /// @return the bytes of each look
  List<Long> end() throws Exception {
    ending = true;
    return found.get();
  }

  @Override
  public void close() {
    ending = true;
  }
}
