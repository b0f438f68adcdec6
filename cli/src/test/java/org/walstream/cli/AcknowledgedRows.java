package org.walstream.cli;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.walstream.testkit.Eventually;
import org.walstream.testkit.PostgresServer;

/// Somebody who inserts 1, 2, 3 … into table `acknowledged (id int)`, a commit each, and counts the
/// commits that have returned, until the server is gone.
final class AcknowledgedRows implements AutoCloseable {

  private final PostgresServer server;
  private final Thread thread;
  private volatile int acknowledged;
  private volatile boolean stopping;
  private volatile @Nullable SQLException end;

  AcknowledgedRows(PostgresServer server) {
    this.server = server;
    this.thread = Thread.ofPlatform().name("rows").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  private void run() {
    try (var connection = server.jdbc();
        var insert = connection.prepareStatement("INSERT INTO acknowledged VALUES (?)")) {
      for (int id = 1; !stopping; id++) {
        insert.setInt(1, id);
        insert.execute();
        acknowledged = id;
      }
    } catch (SQLException e) {
      end = e;
    }
  }

  /// Returns when `rows` more have been acknowledged than were when it was called.
  void awaitMore(int rows) {
    int wanted = acknowledged + rows;
    Eventually.holds(
        rows + " more rows are acknowledged",
        () -> {
          SQLException failure = end;
          if (failure != null) {
            throw failure;
          }
          return acknowledged >= wanted;
        });
  }

  /// Waits until the server, which has been stopped, answers no more.
  ///
  /// @return how many were acknowledged
  int end() throws InterruptedException {
    thread.join();
    return acknowledged;
  }

  @Override
  public void close() throws InterruptedException {
    stopping = true;
    thread.join();
  }
}
