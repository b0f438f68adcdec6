package org.walstream.bench;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.walstream.testkit.PostgresServer;

/// Asks a primary for a checkpoint and its standby for a restart point, again and again, on a
/// thread of its own.
final class RestartPointsAsked implements AutoCloseable {

  private final PostgresServer primary;
  private final PostgresServer standby;
  private final Duration interval;
  private final CompletableFuture<Boolean> ended = new CompletableFuture<>();
  private final Thread thread;

  RestartPointsAsked(PostgresServer primary, PostgresServer standby, Duration interval) {
    this.primary = primary;
    this.standby = standby;
    this.interval = interval;
    thread = Thread.ofPlatform().name("restart points").start(this::ask);
  }

  private void ask() {
    try (Connection above = primary.jdbc();
        Connection below = standby.jdbc();
        var checkpoint = above.createStatement();
        var restartPoint = below.createStatement()) {
      while (true) {
        Thread.sleep(interval);
        checkpoint.execute("CHECKPOINT");
        restartPoint.execute("CHECKPOINT");
      }
    } catch (InterruptedException asTold) {
      ended.complete(true);
    } catch (SQLException e) {
      ended.completeExceptionally(e);
    }
  }

  /// Returns once the last one has been made.
  ///
  /// @throws ExecutionException when one of them could not be
  @Override
  public void close() throws InterruptedException, ExecutionException {
    thread.interrupt();
    ended.get();
  }
}
