package org.walstream.redo.block;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.walstream.testkit.PostgresServer;

/// Has a server write records of every type of Heap and Heap2, with every flag that redo heeds.
final class HeapWork {

  /// Tables that are there at the end, and were not before; nothing has cut their files.
  static final List<String> TABLES =
      List.of("t", "big", "upserted", "loaded", "frozen", "part_low", "part_high", "bare", "map");

  private static final String KEEP = " WITH (autovacuum_enabled = off, vacuum_truncate = off)";

  private HeapWork() {}

  /// `wal_level` logical has records carry what decoders want besides.
  static void before(PostgresServer server) {
    server.set("wal_level", "logical").restart();
    server.sql("CREATE EXTENSION dblink");
  }

  static void run(PostgresServer server) throws SQLException {
    try (var first = new Session(server);
        var second = new Session(server)) {
      singleTuples(first);
      locks(first, second);
      speculation(first);
      second.run("CHECKPOINT"); // From here on, images again.
      manyTuples(first);
      partitions(first);
      toast(first);
      vacuum(first, second);
      visibility(first, second);
    }
  }

  private static void singleTuples(Session sql) throws SQLException {
    sql.run(
        "CREATE TABLE t (id int PRIMARY KEY, v int, words text)"
            + " WITH (fillfactor = 90, autovacuum_enabled = off, vacuum_truncate = off)",
        "ALTER TABLE t REPLICA IDENTITY FULL",
        "INSERT INTO t SELECT g, 0, nullif(left(repeat(md5(g::text), 5), g % 150), '')"
            + " FROM generate_series(1, 3000) g",
        "UPDATE t SET v = v + 1 WHERE id % 10 = 0", // HOT, with prefix and suffix
        "UPDATE t SET v = v + 1 WHERE id % 100 = 0",
        "UPDATE t SET words = repeat('grown ', 60) WHERE id % 7 = 0", // onto other pages
        "UPDATE t SET id = -id WHERE id % 9 = 0",
        "DELETE FROM t WHERE id % 5 = 0");
    sql.run("BEGIN", "INSERT INTO t VALUES (5000, 1, 'undone')", "ROLLBACK");
    sql.run(
        "BEGIN",
        "SAVEPOINT a",
        "UPDATE t SET v = 1 WHERE id = 11",
        "ROLLBACK TO a",
        "SAVEPOINT b",
        "UPDATE t SET v = 2 WHERE id = 11",
        "UPDATE t SET v = 3 WHERE id = 11",
        "DELETE FROM t WHERE id = 11", // combo commands
        "COMMIT");
  }

  private static void locks(Session first, Session second) throws SQLException {
    first.run("SELECT count(*) FROM (SELECT 1 FROM t WHERE id < 40 FOR UPDATE) x");
    first.run("SELECT count(*) FROM (SELECT 1 FROM t WHERE id < 40 FOR NO KEY UPDATE) x");
    first.run("BEGIN", "SELECT v FROM t WHERE id BETWEEN 50 AND 60 FOR SHARE");
    second.run("BEGIN", "SELECT v FROM t WHERE id BETWEEN 50 AND 60 FOR KEY SHARE");
    first.run("COMMIT");
    second.run("COMMIT");
    first.run("BEGIN", "UPDATE t SET v = 99 WHERE id BETWEEN 61 AND 68");
    second.run("BEGIN", "SELECT v FROM t WHERE id BETWEEN 61 AND 68 FOR KEY SHARE"); // updated
    first.run("COMMIT");
    second.run("COMMIT");
    first.run("BEGIN", "SELECT v FROM t WHERE id BETWEEN 71 AND 78 FOR KEY SHARE");
    second.run("UPDATE t SET v = 98 WHERE id BETWEEN 71 AND 78"); // multixacts with an update
    first.run("COMMIT");
  }

  /// The index's expression, evaluated for the second time, lets another session be faster: the
  /// tuple that is there by then goes again, and a tuple like it is found.
  private static void speculation(Session sql) throws SQLException {
    sql.run(
        "CREATE TABLE upserted (k int, note text)" + KEEP,
        """
        CREATE FUNCTION slow(k int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$
        BEGIN
          IF current_setting('test.call', true) = '1' THEN
            PERFORM set_config('test.call', '2', false);
          ELSIF current_setting('test.call', true) = '2' THEN
            PERFORM set_config('test.call', '', false);
            PERFORM dblink_exec(
              format('host=127.0.0.1 port=%s user=postgres dbname=postgres',
                current_setting('port')),
              format('INSERT INTO upserted VALUES (%s, ''faster'')', k));
          END IF;
          RETURN k;
        END $$\
        """,
        "CREATE UNIQUE INDEX ON upserted (slow(k))",
        "INSERT INTO upserted SELECT g, 'new' FROM generate_series(1, 50) g"
            + " ON CONFLICT DO NOTHING",
        "INSERT INTO upserted SELECT g, 'new' FROM generate_series(40, 60) g"
            + " ON CONFLICT (slow(k)) DO UPDATE SET note = 'again'",
        "SET test.call = '1'",
        "INSERT INTO upserted VALUES (1000, 'slower') ON CONFLICT DO NOTHING");
  }

  private static void manyTuples(Session sql) throws SQLException {
    sql.run(
        "CREATE TABLE loaded (id int, note text)" + KEEP,
        "COPY loaded (id) FROM PROGRAM 'seq 1 3000'",
        "COPY loaded (id) FROM PROGRAM 'seq 3001 3003'",
        "INSERT INTO loaded VALUES (0, 'odd')",
        "COPY loaded FROM PROGRAM 'seq -f \"%g\to\" 1 501'");
    sql.run(
        "BEGIN",
        "CREATE TABLE frozen (id int)" + KEEP,
        "COPY frozen FROM PROGRAM 'seq 1 2000' (FREEZE)",
        "COMMIT");
  }

  private static void partitions(Session sql) throws SQLException {
    sql.run(
        "CREATE TABLE part (id int, v int) PARTITION BY RANGE (id)",
        "CREATE TABLE part_low PARTITION OF part FOR VALUES FROM (0) TO (100)" + KEEP,
        "CREATE TABLE part_high PARTITION OF part FOR VALUES FROM (100) TO (1000)" + KEEP,
        "INSERT INTO part SELECT g, 0 FROM generate_series(0, 199) g",
        "UPDATE part SET id = id + 100 WHERE id < 20");
  }

  private static void toast(Session sql) throws SQLException {
    sql.run(
        "CREATE TABLE big (id int, v text)" + KEEP,
        "ALTER TABLE big ALTER v SET STORAGE EXTERNAL",
        "INSERT INTO big SELECT g, repeat(md5(g::text), 300) FROM generate_series(1, 40) g",
        "UPDATE big SET v = v || 'more' WHERE id % 4 = 0",
        "DELETE FROM big WHERE id % 5 = 0");
  }

  private static void vacuum(Session sql, Session other) throws SQLException {
    sql.run("CREATE TABLE bare (id int, v int, words text)" + KEEP);
    sql.run(
        "INSERT INTO bare SELECT g, 0, left(repeat(md5(g::text), 5), g % 150)"
            + " FROM generate_series(1, 2000) g");
    for (int round = 0; round < 3; round++) {
      sql.run(
          "UPDATE bare SET v = v + 1 WHERE id % 3 = " + round,
          "UPDATE t SET v = v + 1 WHERE id % 3 = " + round,
          "SELECT count(*), sum(v) FROM bare", // prunes
          "SELECT count(*), sum(v) FROM t");
    }
    sql.run("DELETE FROM bare WHERE id % 4 = 0", "DELETE FROM t WHERE id % 4 = 0");
    other.run("BEGIN", "SELECT id FROM t WHERE id % 10 = 3 FOR SHARE");
    sql.run("SELECT id FROM t WHERE id % 10 = 3 FOR SHARE");
    sql.run("VACUUM (FREEZE) bare", "VACUUM t");
    other.run("COMMIT");
    sql.run("VACUUM (FREEZE) t", "VACUUM (FREEZE) big", "ANALYZE t");
  }

  /// Pages that all see, and their bits in the map, which everything takes from them again.
  private static void visibility(Session sql, Session other) throws SQLException {
    sql.run(
        "CREATE TABLE map (id int PRIMARY KEY, v int, words text)" + KEEP,
        "INSERT INTO map SELECT g, 0, repeat('x', 100) FROM generate_series(1, 3000) g",
        "DELETE FROM map WHERE id % 10 = 0",
        "VACUUM (FREEZE) map");
    sql.run("INSERT INTO map VALUES (10, 0, 'into a gap')");
    sql.run("COPY map (id) FROM PROGRAM 'seq 10 10 30 | tail -n +2'");
    sql.run("DELETE FROM map WHERE id = 1001");
    sql.run("UPDATE map SET v = 1 WHERE id = 1501"); // on its page
    sql.run("UPDATE map SET words = repeat('y', 1500) WHERE id BETWEEN 2001 AND 2030");
    sql.run("UPDATE map SET id = -id, words = repeat('y', 900) WHERE id BETWEEN 2500 AND 2510");
    sql.run("SELECT v FROM map WHERE id IN (2801, 2901) FOR UPDATE");
    sql.run("BEGIN", "SELECT v FROM map WHERE id = 2700 FOR KEY SHARE");
    other.run("UPDATE map SET v = 1 WHERE id = 2700");
    sql.run("COMMIT");
    sql.run("VACUUM map", "VACUUM loaded", "VACUUM upserted");
    sql.run("SELECT v FROM map WHERE id IN (701, 702) FOR NO KEY UPDATE");
    sql.run("COPY loaded (id) FROM PROGRAM 'seq 1 3'");
    sql.run("DELETE FROM map WHERE id = 801", "INSERT INTO loaded VALUES (7)");
  }

  /// A connection, each statement a transaction of its own unless it says otherwise.
  private static final class Session implements AutoCloseable {

    private final Connection connection;
    private final Statement statement;

    Session(PostgresServer server) throws SQLException {
      connection = server.jdbc();
      statement = connection.createStatement();
    }

    void run(String... statements) throws SQLException {
      for (String each : statements) {
        try {
          statement.execute(each);
        } catch (SQLException e) {
          throw new SQLException(each + ": " + e.getMessage(), e);
        }
      }
    }

    @Override
    public void close() throws SQLException {
      connection.close();
    }
  }
}
