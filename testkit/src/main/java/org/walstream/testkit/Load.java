package org.walstream.testkit;

import java.sql.SQLException;

/// Somebody who works with table `t (id bigserial, filler text)` of a server, a commit after the
/// other, until told to stop by being closed.
public final class Load implements AutoCloseable {

  /// A row's worth of everything committed.
  public static final String CHECKSUM =
      "SELECT count(*) || ' ' || coalesce(sum(hashtext(filler)), 0) FROM t";

  private static final String INSERT =
      "INSERT INTO t (filler) SELECT repeat(md5(random()::text), 4) FROM generate_series(1, 100)";

  /// Keeps the volume to what a test can compare.
  private static final int PAUSE_MS = 10;

  private final PostgresServer server;
  private final Thread thread;
  private volatile boolean stopping;

  private Load(PostgresServer server) {
    this.server = server;
    this.thread = Thread.ofPlatform().name("load").unstarted(this::run);
  }

  public static Load on(PostgresServer server) {
    var load = new Load(server);
    load.thread.start();
    return load;
  }

  private void run() {
    try (var connection = server.jdbc();
        var statement = connection.createStatement()) {
      while (!stopping) {
        statement.execute(INSERT);
        Thread.sleep(PAUSE_MS);
      }
    } catch (SQLException | InterruptedException e) {
      if (!stopping) {
        throw new IllegalStateException(e);
      }
    }
  }

  /// Returns when the last commit is done.
  @Override
  public void close() throws InterruptedException {
    stopping = true;
    thread.join();
  }
}
