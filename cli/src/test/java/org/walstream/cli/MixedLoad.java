package org.walstream.cli;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.walstream.testkit.PostgresServer;

/// Sessions that work with a server in one way each, with tables of its own each, and go on when
/// the server has died and come back. What is said to hold of the tables ([#BROKEN_RULES]) holds at
/// every commit.
///
/// Sessions of one way alone wait until a standby has replayed their commits: which those were is
/// remembered ([#acknowledged]).
final class MixedLoad implements AutoCloseable {

  private static final String INDEXED_ROW =
      "g, g * 13 % 1000, md5(g::text), ARRAY[g % 50, g % 51, g % 52],"
          + " point(g % 100, random() * 100), int4range(g, g + (random() * 100)::int + 1)";

  private static final int INDEXED = 3_000;
  private static final int WAITING_CLIENTS = 2;
  private static final long RECONNECT_MS = 50;

  /// A standby on a machine that does all of this is not to be outrun.
  private static final long BETWEEN_MS = 10;

  /// Queries, each of which counts what ought not to be.
  static final List<String> BROKEN_RULES =
      List.of(
          PgbenchWork.BROKEN_RULE,
          "SELECT count(*) FROM (SELECT number FROM pairs GROUP BY number"
              + " HAVING count(*) <> 2 OR sum(half) <> 3) x");

  /// Conditions on `indexed`, each of which an index of another kind answers.
  static final List<String> INDEXED_CONDITIONS =
      List.of(
          "words = md5('77')",
          "list @> ARRAY[7]",
          "many && int4range(500, 900)",
          "at <@ box(point(10, 10), point(60, 60))",
          "n BETWEEN 100 AND 300",
          "n % 7 = 3 AND n % 2 = 0",
          "id BETWEEN 100 AND 2000");

  private final PostgresServer server;
  private final List<BitSet> acknowledged = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final Queue<Connection> sessions = new ConcurrentLinkedQueue<>();
  private final AtomicLong statements = new AtomicLong();
  private volatile boolean stopping;
  private volatile @Nullable SQLException failure;

  /// One way to work: what to do the nth time.
  private interface Work {

    void once(Statement session, long number) throws SQLException;
  }

  private MixedLoad(PostgresServer server) {
    this.server = server;
  }

  /// Makes the tables and begins. `synchronous_standby_names` must be set by then.
  static MixedLoad on(PostgresServer server) throws SQLException {
    var load = new MixedLoad(server);
    try (var session = server.jdbc();
        var statement = session.createStatement()) {
      statement.execute("SET synchronous_commit = local");
      statement.execute(schema());
    }
    for (int client = 0; client < WAITING_CLIENTS; client++) {
      load.begin("remote_apply", load.acknowledging(client));
    }
    load.begin("local", PgbenchWork::once);
    load.begin("local", MixedLoad::indexes);
    load.begin("local", MixedLoad::definitions);
    load.begin("local", MixedLoad::prepared);
    load.begin("local", MixedLoad::vacuum);
    return load;
  }

  private void begin(String synchronousCommit, Work work) {
    threads.add(
        Thread.ofPlatform().daemon().name("mixed load").start(() -> run(synchronousCommit, work)));
  }

  private void run(String synchronousCommit, Work work) {
    long number = 0;
    while (!stopping && failure == null) {
      try (var session = server.jdbc();
          var statement = session.createStatement()) {
        sessions.add(session);
        statement.execute("SET synchronous_commit = " + synchronousCommit);
        while (!stopping) {
          work.once(statement, ++number);
          statements.incrementAndGet();
          Thread.sleep(BETWEEN_MS);
        }
      } catch (InterruptedException e) {
        return;
      } catch (SQLException e) {
        if (!isOfADeath(e) && !stopping) {
          failure = e;
        }
        pause();
      }
    }
  }

  /// The connection has failed, or the server goes down or is not up yet.
  private static boolean isOfADeath(SQLException e) {
    String state = e.getSQLState();
    return state != null && (state.startsWith("08") || state.startsWith("57P"));
  }

  private static void pause() {
    try {
      Thread.sleep(RECONNECT_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  // ---------------------------------------------------------------------------------------------

  /// A number is not tried again: whether it was committed, nobody knows.
  private Work acknowledging(int client) {
    var numbers = new BitSet();
    acknowledged.add(numbers);
    return (session, number) -> {
      session.execute("INSERT INTO acknowledged VALUES (%d, %d)".formatted(client, number));
      synchronized (numbers) {
        numbers.set(Math.toIntExact(number));
      }
    };
  }

  private static void indexes(Statement session, long number) throws SQLException {
    long some = number * 31 % INDEXED;
    session.execute(
        switch ((int) (number % 4)) {
          case 0 -> "DELETE FROM indexed WHERE id BETWEEN %d AND %d".formatted(some, some + 40);
          case 1 -> "UPDATE indexed SET n = n + 1 WHERE id %% 97 = %d".formatted(number % 97);
          case 2 ->
              "UPDATE indexed SET words = md5(n::text), list = list || n, at = point(n %% 100, random() * 100) WHERE id %% 101 = %d"
                  .formatted(number % 101);
          default ->
              "INSERT INTO indexed SELECT %s FROM generate_series(%d, %d) g ON CONFLICT DO NOTHING"
                  .formatted(INDEXED_ROW, some, some + 60);
        });
  }

  private static void definitions(Statement session, long number) throws SQLException {
    session.execute("CREATE TABLE IF NOT EXISTS made (id serial PRIMARY KEY, words text)");
    session.execute(
        switch ((int) (number % 12)) {
          case 0 -> "DROP TABLE made CASCADE";
          case 1 ->
              "INSERT INTO made (words) SELECT repeat(md5(g::text), 100) FROM generate_series(1,"
                  + " 200) g";
          case 2 -> "CREATE INDEX ON made (words)";
          case 3 -> "ALTER TABLE made ADD COLUMN IF NOT EXISTS more int DEFAULT 7";
          case 4 -> "BEGIN; TRUNCATE made; INSERT INTO made (words) VALUES ('back'); ROLLBACK";
          case 5 -> "CLUSTER made USING made_pkey";
          case 6 ->
              "DROP MATERIALIZED VIEW IF EXISTS seen; CREATE MATERIALIZED VIEW seen AS SELECT id"
                  + " FROM made";
          case 7 -> "REINDEX TABLE made";
          case 8 ->
              "DROP TABLE IF EXISTS forgetful; CREATE UNLOGGED TABLE forgetful AS SELECT g AS id"
                  + " FROM generate_series(1, 100) g; CREATE INDEX ON forgetful (id)";
          case 9 -> "TRUNCATE made";
          case 10 ->
              "DROP MATERIALIZED VIEW IF EXISTS seen; ALTER TABLE made ALTER COLUMN id TYPE bigint";
          default -> number % 60 == 59 ? "DROP DATABASE IF EXISTS soaked" : "SELECT 1";
        });
    if (number % 60 == 30) {
      session.execute("DROP DATABASE IF EXISTS soaked");
      session.execute("CREATE DATABASE soaked");
    }
  }

  /// Every fourth waits for its end beyond the next.
  private static void prepared(Statement session, long number) throws SQLException {
    session.execute(
        "BEGIN; INSERT INTO pairs VALUES (%1$d, 1), (%1$d, 2); PREPARE TRANSACTION 'soak %1$d'"
            .formatted(number));
    if (number % 4 != 0) {
      end(session, number);
    }
    if (number % 4 == 3 && number > 4) {
      finish(session);
    }
  }

  private static void end(Statement session, long number) throws SQLException {
    session.execute(
        "%s PREPARED 'soak %d'".formatted(number % 3 == 0 ? "ROLLBACK" : "COMMIT", number));
  }

  /// Commits what somebody has prepared and left.
  static void finish(Statement session) throws SQLException {
    var left = new ArrayList<String>();
    try (var rows = session.executeQuery("SELECT gid FROM pg_prepared_xacts")) {
      while (rows.next()) {
        left.add(rows.getString(1));
      }
    }
    for (String gid : left) {
      session.execute("COMMIT PREPARED '%s'".formatted(gid));
    }
  }

  private static void vacuum(Statement session, long number) throws SQLException {
    session.execute(
        switch ((int) (number % 6)) {
          case 0 -> "VACUUM indexed";
          case 1 -> "VACUUM (FREEZE) pgbench_accounts";
          case 2 -> "VACUUM ANALYZE pgbench_history";
          case 3 -> "CHECKPOINT";
          case 4 -> number % 30 == 4 ? "SELECT pg_switch_wal()" : "VACUUM pg_attribute";
          default -> "VACUUM pg_class";
        });
    rest();
  }

  /// Checkpoints make page images, and a switch a whole segment: there are to be some, no flood.
  private static void rest() {
    for (int i = 0; i < 4; i++) {
      pause();
    }
  }

  // ---------------------------------------------------------------------------------------------

  /// How much has been done.
  long statements() {
    return statements.get();
  }

  /// Which numbers of each client have been acknowledged.
  List<BitSet> acknowledged() {
    return acknowledged.stream().map(MixedLoad::copy).toList();
  }

  private static BitSet copy(BitSet numbers) {
    synchronized (numbers) {
      return (BitSet) numbers.clone();
    }
  }

  /// @throws SQLException what has failed that ought not to
  void requireWell() throws SQLException {
    SQLException found = failure;
    if (found != null) {
      throw new SQLException("the load has failed: " + found.getMessage(), found);
    }
  }

  /// Begins nothing more; what is under way may wait for a standby yet.
  void stop() {
    stopping = true;
  }

  /// What waits for a standby, waits no longer.
  @Override
  public void close() throws InterruptedException, SQLException {
    stop();
    for (Connection session : sessions) {
      session.abort(Runnable::run);
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }

  /// Made anew by each load, in a schema that is looked through first.
  private static String schema() {
    return """
    CREATE EXTENSION IF NOT EXISTS amcheck;
    DROP SCHEMA IF EXISTS soak CASCADE;
    CREATE SCHEMA soak;
    ALTER DATABASE postgres SET search_path = soak, public;
    CREATE TABLE soak.acknowledged (client int, number bigint, PRIMARY KEY (client, number));
    CREATE TABLE soak.pairs (number bigint, half int);
    CREATE TABLE soak.indexed (id int PRIMARY KEY, n int, words text, list int[], at point, many int4range);
    CREATE INDEX ON soak.indexed USING hash (words);
    CREATE INDEX ON soak.indexed USING gin (list);
    CREATE INDEX ON soak.indexed USING gist (many);
    CREATE INDEX ON soak.indexed USING spgist (at);
    CREATE INDEX ON soak.indexed USING brin (n) WITH (pages_per_range = 2);
    CREATE INDEX ON soak.indexed ((n %% 7), words) WHERE n %% 2 = 0;
    INSERT INTO soak.indexed SELECT %1$s FROM generate_series(1, %2$d) g;
    %3$s
    """
        .formatted(INDEXED_ROW, INDEXED, PgbenchWork.schema("soak"));
  }
}
