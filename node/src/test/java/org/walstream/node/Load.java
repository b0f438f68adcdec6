package org.walstream.node;

import java.sql.SQLException;
import org.walstream.testkit.PostgresServer;

/// Somebody who works with table `t (id bigserial, filler text)` of a server, a commit after the
/// other, until told to stop.
final class Load implements AutoCloseable {

  /// A row's worth of everything committed.
  static final String CHECKSUM =
      "SELECT count(*) || ' ' || coalesce(sum(hashtext(filler)), 0) FROM t";

  private static final String INSERT =
      "INSERT INTO t (filler) SELECT repeat(md5(random()::text), 4) FROM generate_series(1, 500)";

  private final PostgresServer server;
  private final Thread thread;
  private volatile boolean stopping;
  private volatile int commits;

  private Load(PostgresServer server) {
    this.server = server;
    this.thread = Thread.ofPlatform().name("load").unstarted(this::run);
  }

  static Load on(PostgresServer server) {
    var load = new Load(server);
    load.thread.start();
    return load;
  }

  int commits() {
    return commits;
  }

  private void run() {
    try (var connection = server.jdbc();
        var statement = connection.createStatement()) {
      while (!stopping) {
        statement.execute(INSERT);
        commits++;
      }
    } catch (SQLException e) {
      if (!stopping) {
        throw new IllegalStateException(e);
      }
    }
  }

  @Override
  public void close() throws InterruptedException {
    stopping = true;
    thread.join();
  }
}
