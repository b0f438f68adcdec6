package org.walstream.redo.recovery;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.walstream.testkit.PostgresServer;
import org.walstream.testkit.ScratchDirectory;

/// Files whose names come again: a relation is dropped, or was never committed, and another gets
/// its number, without a checkpoint in between; a database goes and another gets its number. What
/// was there before may not come to light in what is there now.
///
/// A server does that when its numbers have gone round. Here it is told to, as pg_upgrade tells it
/// (`-b`), which also has it take files away at once.
@Timeout(600)
class ReusedNamesIT {

  private static final int RELATION = 90_000;
  private static final int DATABASE = 95_000;

  @ParameterizedTest
  @ValueSource(ints = {15, 16, 17, 18})
  void whatHasTheNameNowIsAnother(int major) throws Exception {
    try (var primary =
            ReplayIT.primaryBuilder(major).initdb("--data-checksums").options("-b").create();
        var scratch = ScratchDirectory.create("reused")) {
      primary.start();
      try (var standby =
          PostgresServer.standbyOf(primary, primary.conninfo())
              .setting("hot_standby", "off")
              .create()) {
        Path backup = ReplayIT.copy(standby.dataDirectory(), scratch, "backup");
        standby.spawn();
        useRelationAgain(primary);
        useDatabaseAgain(primary);
        ReplayIT.stopBoth(primary, standby);
        ReplayIT.assertReplaysAlike(primary, standby, backup, scratch);
      }
    }
  }

  private static void useRelationAgain(PostgresServer server) throws SQLException {
    try (var connection = server.jdbc()) {
      create(connection);
      run(
          connection,
          "INSERT INTO again SELECT g, g FROM generate_series(1, 20000) g",
          "VACUUM again", // with maps of its pages
          "UPDATE again SET b = -b WHERE a % 7 = 0",
          "DROP TABLE again");
      create(connection);
      run(connection, "INSERT INTO again SELECT g, 2 FROM generate_series(1, 500) g");
      run(connection, "DROP TABLE again", "BEGIN");
      create(connection);
      run(connection, "INSERT INTO again SELECT g, 3 FROM generate_series(1, 5000) g", "ROLLBACK");
      create(connection);
      run(
          connection,
          "INSERT INTO again SELECT g, 4 FROM generate_series(1, 3000) g",
          "CHECKPOINT",
          "UPDATE again SET b = 5 WHERE a % 3 = 0",
          "DROP TABLE again");
      create(connection);
      run(connection, "INSERT INTO again SELECT g, 6 FROM generate_series(1, 300) g");
    }
  }

  private static void useDatabaseAgain(PostgresServer server) throws SQLException {
    String url = server.jdbcUrl().replace("/postgres?", "/again?");
    for (String strategy : List.of("wal_log", "file_copy", "file_copy", "wal_log")) {
      server.sql("DROP DATABASE IF EXISTS again");
      server.sql("CREATE DATABASE again OID = %d STRATEGY = %s".formatted(DATABASE, strategy));
      try (var connection = DriverManager.getConnection(url, "postgres", "")) {
        create(connection);
        run(
            connection,
            "INSERT INTO again SELECT g, g FROM generate_series(1, 2000) g",
            "COMMENT ON TABLE again IS 'by " + strategy + "'",
            "ANALYZE again");
      }
    }
  }

  /// A table without indexes or anything else that would need a number.
  private static void create(Connection connection) throws SQLException {
    run(
        connection,
        "SELECT binary_upgrade_set_next_heap_pg_class_oid('%d')".formatted(RELATION),
        "SELECT binary_upgrade_set_next_heap_relfilenode('%d')".formatted(RELATION),
        "SELECT binary_upgrade_set_next_pg_type_oid('%d')".formatted(RELATION + 1),
        "SELECT binary_upgrade_set_next_array_pg_type_oid('%d')".formatted(RELATION + 2),
        "CREATE TABLE again (a int, b int)");
  }

  private static void run(Connection connection, String... statements) throws SQLException {
    try (var sql = connection.createStatement()) {
      for (String statement : statements) {
        sql.execute(statement);
      }
    }
  }
}
