package org.walstream.soak;

import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicLong;
import org.walstream.testkit.PostgresServer;

/// A client that rewrites a table for ever, and in the same transactions counts up a row per
/// client: the last number whose COMMIT returned is what nobody downstream may lack. Survives the
/// server's death by connecting again.
///
/// One thread runs it; the counters are for any.
final class Load implements Runnable {

  static final String SCHEMA =
      """
      CREATE TABLE soak_load (id int PRIMARY KEY, payload text NOT NULL) WITH (fillfactor = 50);
      INSERT INTO soak_load SELECT g, repeat(md5(g::text), 8) FROM generate_series(1, 100000) g;
      CREATE TABLE soak_acknowledged (client int, number bigint);
      """;

  private static final int ROWS_PER_TRANSACTION = 5_000;
  private static final long RECONNECT_MS = 200;

  private final PostgresServer primary;
  private final int client;
  private final AtomicLong acknowledged = new AtomicLong();
  private volatile boolean stopped;

  Load(PostgresServer primary, int client) {
    this.primary = primary;
    this.client = client;
  }

  /// The last number whose COMMIT has returned.
  long acknowledged() {
    return acknowledged.get();
  }

  void stop() {
    stopped = true;
  }

  @Override
  public void run() {
    while (!stopped) {
      try (var connection = primary.jdbc();
          var statement = connection.createStatement()) {
        connection.setAutoCommit(false);
        while (!stopped) {
          long next = acknowledged.get() + 1;
          statement.execute(
              "UPDATE soak_load SET payload = repeat(md5(random()::text), 8) WHERE id %% %d = %d"
                  .formatted(
                      100_000 / ROWS_PER_TRANSACTION, next % (100_000 / ROWS_PER_TRANSACTION)));
          statement.execute(
              "INSERT INTO soak_acknowledged VALUES (%d, %d)".formatted(client, next));
          connection.commit();
          acknowledged.set(next);
        }
      } catch (SQLException killed) {
        pause(RECONNECT_MS); // the primary is down: that is part of the plan
      }
    }
  }

  static void pause(long milliseconds) {
    try {
      Thread.sleep(milliseconds);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
