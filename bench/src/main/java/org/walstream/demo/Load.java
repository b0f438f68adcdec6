package org.walstream.demo;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.walstream.testkit.PostgresServer;

/// Clients that insert rows into a primary as fast as it commits them, and remember which were
/// acknowledged: those whose COMMIT has returned. Only these are promised to anybody.
///
/// ```
/// demo(worker int, id bigint, payload text)
///
/// Each worker inserts ids 1, 2, 3 ... in transactions of ROWS rows, so that what is
/// acknowledged to it is one number. The payload follows from worker and id: whoever finds the row can tell whether
/// it is whole.
/// ```
final class Load implements AutoCloseable {

  static final String PAYLOAD = "repeat(md5(worker || ':' || id), 6)";

  private static final int WORKERS = 4;
  private static final int ROWS = 100;

  private final List<Worker> workers = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean stopping;

  static void createTable(PostgresServer primary) {
    primary.sql(
        "CREATE TABLE demo (worker int, id bigint, payload text, PRIMARY KEY (worker, id))");
  }

  void start(PostgresServer primary) throws SQLException {
    for (int number = 1; number <= WORKERS; number++) {
      var worker = new Worker(number, primary.jdbc());
      workers.add(worker);
      threads.add(Thread.ofPlatform().daemon().name("load " + number).start(worker::run));
    }
  }

  /// The highest acknowledged id of each worker, the first worker's first.
  List<Long> acknowledged() {
    return workers.stream().map(worker -> worker.acknowledged).toList();
  }

  long acknowledgedRows() {
    return acknowledged().stream().mapToLong(Long::longValue).sum();
  }

  /// Why the load has stopped by itself, or null: before the kill it must not.
  @Nullable SQLException failure() {
    return workers.stream()
        .map(worker -> worker.failure)
        .filter(f -> f != null)
        .findAny()
        .orElse(null);
  }

  /// Waits until all workers have noticed that their primary is gone.
  void awaitEnd() throws InterruptedException {
    for (var thread : threads) {
      thread.join();
    }
  }

  @Override
  public void close() {
    stopping = true;
  }

  private final class Worker {

    private final int number;
    private final Connection connection;
    private volatile long acknowledged;
    private volatile @Nullable SQLException failure;

    Worker(int number, Connection connection) {
      this.number = number;
      this.connection = connection;
    }

    void run() {
      try (connection;
          var insert =
              connection.prepareStatement(
                  """
                  INSERT INTO demo SELECT worker, id, %s
                  FROM (SELECT ? AS worker, id FROM generate_series(?, ?) AS id)
                  """
                      .formatted(PAYLOAD))) {
        while (!stopping) {
          insertOnce(insert);
        }
      } catch (SQLException e) {
        failure = e;
      }
    }

    private void insertOnce(PreparedStatement insert) throws SQLException {
      var last = acknowledged + ROWS;
      insert.setInt(1, number);
      insert.setLong(2, acknowledged + 1);
      insert.setLong(3, last);
      insert.executeUpdate(); // returns when the transaction is committed
      acknowledged = last;
    }
  }
}
