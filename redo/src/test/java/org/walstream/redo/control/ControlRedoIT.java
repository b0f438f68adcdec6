package org.walstream.redo.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.walstream.redo.TestedVersions;
import org.walstream.testkit.PostgresServer;

/// What control alone makes of a server's WAL is, byte for byte, what a real standby makes of it.
@Timeout(600)
class ControlRedoIT {

  /// Directories of which every file is as a standby's.
  private static final List<String> SAME =
      List.of("pg_xact", "pg_commit_ts", "pg_multixact", "pg_twophase", "pg_logical");

  @ParameterizedTest
  @ValueSource(ints = {15, 16, 17, 18})
  void transactionsEndAsOnAStandby(int major) throws Exception {
    try (var replays =
        new TwoReplays(major, settings -> settings.setting("track_commit_timestamp", "on"))) {
      PostgresServer primary = replays.primary();
      beforeTheBackup(primary);
      replays.takeBackup();
      transactions(primary);
      replays.replayByPostgres(() -> {});
      replays.replayByUs();

      for (String directory : SAME) {
        same(replays, directory);
      }
      // They have made something of it.
      assertThat(names(replays.ours().resolve("pg_commit_ts"))).doesNotContain("0000");
      assertThat(names(replays.ours().resolve("pg_multixact/members"))).doesNotContain("0000");
      assertThat(names(replays.ours().resolve("pg_twophase"))).hasSize(3);
      assertThat(replays.ours().resolve("pg_logical/replorigin_checkpoint")).hasSize(8 + 2 * 16);
    }
  }

  private static void beforeTheBackup(PostgresServer primary) throws SQLException {
    primary.sql("CREATE TABLE t (id int PRIMARY KEY, v text)");
    primary.sql("INSERT INTO t SELECT i, 'x' FROM generate_series(1, 100) i");
    useUpTransactions(primary, 60_000);
    // Two members each: into the second file of members.
    makeMultixacts(primary, 27_000);
    primary.sql("SELECT pg_replication_origin_create('old'), pg_replication_origin_create('gone')");
    primary.sql("SELECT pg_replication_origin_advance('old', '0/100')");
    primary.sql("SELECT pg_replication_origin_advance('gone', '0/200')");
    prepare(primary, "open before", "INSERT INTO t VALUES (1001)");
    prepare(primary, "committed after", "INSERT INTO t VALUES (1002)");
    prepare(primary, "aborted after", "INSERT INTO t VALUES (1003)");
  }

  private static void transactions(PostgresServer primary) throws SQLException {
    freezeEverything(primary);
    primary.sql("COMMIT PREPARED 'committed after'");
    primary.sql("ROLLBACK PREPARED 'aborted after'");
    useUpTransactions(primary, 40_000);
    subtransactions(primary);
    makeMultixacts(primary, 2_100);
    prepare(primary, "committed at once", "INSERT INTO t VALUES (1004)");
    primary.sql("COMMIT PREPARED 'committed at once'");
    prepare(primary, "with a subtransaction", "SAVEPOINT s", "INSERT INTO t VALUES (1005)");
    prepare(primary, "with files", "CREATE TABLE made (id int)", "DROP TABLE IF EXISTS t2");
    primary.sql("CHECKPOINT");
    origins(primary);
    primary.sql("CHECKPOINT");
  }

  private static void origins(PostgresServer primary) throws SQLException {
    primary.sql("SELECT pg_replication_origin_drop('gone')");
    primary.sql("SELECT pg_replication_origin_create('new')");
    try (var connection = primary.jdbc();
        var sql = connection.createStatement()) {
      sql.execute("SELECT pg_replication_origin_session_setup('new')");
      for (int i = 1; i <= 3; i++) {
        sql.execute("BEGIN");
        sql.execute(
            "SELECT pg_replication_origin_xact_setup('0/%d00', '2020-01-0%d')".formatted(i, i));
        sql.execute("INSERT INTO t VALUES (%d)".formatted(2000 + i));
        sql.execute(i == 2 ? "ROLLBACK" : "COMMIT");
      }
    }
    primary.sql("SELECT pg_replication_origin_advance('old', '0/50')");
  }

  private static void subtransactions(PostgresServer primary) {
    primary.sql(
        """
        DO $$ BEGIN
          FOR i IN 1..2000 LOOP
            BEGIN
              INSERT INTO t VALUES (10000 + i);
              IF i % 3 = 0 THEN RAISE EXCEPTION 'no'; END IF;
            EXCEPTION WHEN raise_exception THEN NULL;
            END;
          END LOOP;
        END $$
        """);
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 16, 17, 18})
  void filesComeAndGoAsOnAStandby(int major) throws Exception {
    try (var replays = new TwoReplays(major, UnaryOperator.identity())) {
      PostgresServer primary = replays.primary();
      Path elsewhere = replays.tablespace("elsewhere");
      Path dropped = replays.tablespace("dropped");
      primary.sql("CREATE DATABASE before");
      primary.sql("CREATE DATABASE dropped_later");
      tables(primary);
      replays.takeBackup();
      files(primary, elsewhere, dropped);
      replays.replayByPostgres(() -> {
        for (Path tablespace : List.of(elsewhere, dropped)) {
          setAside(tablespace);
        }
      });
      Path theirElsewhere = aside(elsewhere);
      replays.replayByUs(100, 5_000);

      sameFiles(replays.theirs(), replays.ours());
      sameFiles(theirElsewhere, elsewhere);
      assertThat(dropped).isEmptyDirectory();
      sameMaps(replays.theirs(), replays.ours());
      links(replays.theirs(), replays.ours());
      same(replays, "pg_xact");
      mappings(replays);
      cutMaps(replays);
    }
  }

  private static void tables(PostgresServer primary) {
    for (String table : List.of("shrunk", "emptied", "grown", "dropped")) {
      primary.sql("CREATE TABLE %s (id int, big text)".formatted(table));
      primary.sql(
          "INSERT INTO %s SELECT i, repeat('x', 500) FROM generate_series(1, 5000) i"
              .formatted(table));
      primary.sql("DELETE FROM %s WHERE id %% 100 = 50".formatted(table));
      primary.sql("VACUUM (FREEZE) %s".formatted(table));
    }
  }

  private static void files(PostgresServer primary, Path elsewhere, Path dropped)
      throws SQLException {
    // What is cut and otherwise left alone, so that control alone decides its maps.
    primary.sql("DELETE FROM shrunk WHERE ctid >= '(66,0)'");
    primary.sql("VACUUM (INDEX_CLEANUP off) shrunk");
    primary.sql("TRUNCATE emptied");
    primary.sql("DROP TABLE dropped");
    execute(
        primary,
        "postgres",
        "BEGIN",
        "CREATE TABLE in_vain (id serial PRIMARY KEY)",
        "INSERT INTO in_vain SELECT FROM generate_series(1, 5000)",
        "ROLLBACK",
        "BEGIN",
        "CREATE TABLE at_once (id int)",
        "INSERT INTO at_once SELECT FROM generate_series(1, 5000)",
        "TRUNCATE at_once",
        "COMMIT");
    primary.sql("CREATE TABLESPACE elsewhere LOCATION '%s'".formatted(elsewhere));
    primary.sql("CREATE TABLESPACE dropped LOCATION '%s'".formatted(dropped));
    execute(
        primary,
        "postgres",
        "SET allow_in_place_tablespaces = on",
        "CREATE TABLESPACE in_place LOCATION ''",
        "CREATE TABLESPACE in_place_dropped LOCATION ''");
    primary.sql("CREATE TABLE there (id int) TABLESPACE elsewhere");
    primary.sql("CREATE TABLE in_place (id int) TABLESPACE in_place");
    primary.sql("CREATE TABLE going (id int) TABLESPACE dropped");
    primary.sql("DROP TABLE going");
    primary.sql("DROP TABLESPACE dropped");
    primary.sql("DROP TABLESPACE in_place_dropped");
    primary.sql("CREATE DATABASE copied TEMPLATE before STRATEGY file_copy");
    primary.sql("CREATE DATABASE logged STRATEGY wal_log TABLESPACE elsewhere");
    primary.sql("CREATE DATABASE gone STRATEGY wal_log");
    primary.sql("CREATE DATABASE gone_too STRATEGY file_copy TABLESPACE elsewhere");
    primary.sql("DROP DATABASE gone");
    primary.sql("DROP DATABASE gone_too");
    primary.sql("DROP DATABASE dropped_later");
    primary.sql("ALTER DATABASE before SET TABLESPACE in_place");
    primary.sql("SELECT pg_create_logical_replication_slot('slot', 'pgoutput')");
    primary.sql("CREATE TABLE more (id int)");
    primary.sql("VACUUM FULL pg_class");
    primary.sql("VACUUM FULL pg_database");
    execute(primary, "logged", "VACUUM FULL pg_proc");
    primary.sql("CHECKPOINT");
    primary.sql("VACUUM FULL pg_class");
  }

  /// The relation files of both directories have the same names, but for maps: those are made by
  /// blocks. What was made and not filled, or cut to nothing, is as long.
  private static void sameFiles(Path theirs, Path ours) throws IOException {
    assertThat(relationFiles(ours)).isEqualTo(relationFiles(theirs));
  }

  private static Set<String> relationFiles(Path directory) throws IOException {
    var found = new TreeSet<String>();
    for (String part : List.of("", "base", "global", "pg_tblspc")) {
      Path root = directory.resolve(part);
      boolean tablespace = Files.notExists(directory.resolve("base"));
      if (part.isEmpty() != tablespace) {
        continue;
      }
      try (var files = Files.walk(root)) {
        files
            .filter(file -> !file.getFileName().toString().matches(".*(_fsm|_vm|pg_internal.init)"))
            .map(file -> directory.relativize(file).toString())
            .forEach(found::add);
      }
    }
    return found;
  }

  private static void sameMaps(Path theirs, Path ours) throws IOException {
    int maps = 0;
    for (String name : relationFiles(theirs)) {
      if (name.endsWith("pg_filenode.map") || name.endsWith("PG_VERSION")) {
        assertThat(ours.resolve(name)).as(name).hasSameBinaryContentAs(theirs.resolve(name));
        maps++;
      }
    }
    assertThat(maps).isGreaterThan(10);
  }

  private static void links(Path theirs, Path ours) throws IOException {
    for (String name : names(theirs.resolve("pg_tblspc"))) {
      Path link = theirs.resolve("pg_tblspc").resolve(name);
      if (Files.isSymbolicLink(link)) {
        assertThat(Files.readSymbolicLink(ours.resolve("pg_tblspc").resolve(name)))
            .isEqualTo(Files.readSymbolicLink(link));
      }
    }
  }

  /// The primary has a slot, so its mappings are still there; a standby without has removed them.
  private static void mappings(TwoReplays replays) throws IOException {
    Path primary = replays.primary().dataDirectory().resolve("pg_logical/mappings");
    Path before = replays.ours().resolve("pg_logical_before/mappings");
    assertThat(names(primary)).isNotEmpty();
    sameContent(TwoReplays.content(primary), TwoReplays.content(before));
    assertThat(names(replays.theirs().resolve("pg_logical/mappings"))).isEmpty();
    assertThat(names(replays.ours().resolve("pg_logical/mappings"))).isEmpty();
  }

  /// Of tables that were cut: their lengths, and the maps, apart from the LSN that records set.
  private static void cutMaps(TwoReplays replays) throws IOException {
    replays.primary().start();
    for (String table : List.of("shrunk", "emptied", "at_once")) {
      String path = replays.primary().sql("SELECT pg_relation_filepath('%s')".formatted(table));
      for (String fork : List.of("", "_fsm", "_vm")) {
        Path theirs = replays.theirs().resolve(path + fork);
        Path ours = replays.ours().resolve(path + fork);
        if (table.equals("shrunk") || fork.isEmpty()) {
          assertThat(ours).as(table + fork).hasSize(Files.size(theirs));
        }
        if (table.equals("shrunk") && !fork.isEmpty()) {
          assertThat(Arrays.mismatch(withoutLsn(ours), withoutLsn(theirs)))
              .as(table + fork)
              .isEqualTo(-1);
        }
      }
    }
    replays.primary().stopFast();
  }

  private static byte[] withoutLsn(Path file) throws IOException {
    byte[] content = Files.readAllBytes(file);
    for (int page = 0; page < content.length; page += 8192) {
      Arrays.fill(content, page, page + 10, (byte) 0);
    }
    return content;
  }

  @ParameterizedTest
  @MethodSource(TestedVersions.OF_LONG_TESTS)
  void commitTimestampsComeAndGoWithTheSetting(int major) throws Exception {
    for (boolean onAtTheEnd : new boolean[] {true, false}) {
      try (var replays =
          new TwoReplays(major, settings -> settings.setting("track_commit_timestamp", "on"))) {
        PostgresServer primary = replays.primary();
        primary.sql("CREATE TABLE t (id int)");
        replays.takeBackup();
        for (String setting : onAtTheEnd ? List.of("off", "on") : List.of("off", "on", "off")) {
          primary.set("track_commit_timestamp", setting);
          primary.restart();
          useUpTransactions(primary, 1000);
        }
        replays.replayByPostgres(() -> {});
        replays.replayByUs();
        if (onAtTheEnd) {
          same(replays, "pg_commit_ts");
          assertThat(names(replays.ours().resolve("pg_commit_ts"))).isNotEmpty();
        } else {
          // A server has pages in memory yet, and writes them to files that it has just removed.
          assertThat(names(replays.ours().resolve("pg_commit_ts"))).isEmpty();
        }
      }
    }
  }

  private static void same(TwoReplays replays, String directory) throws IOException {
    sameContent(
        TwoReplays.content(replays.theirs().resolve(directory)),
        TwoReplays.content(replays.ours().resolve(directory)));
  }

  private static void sameContent(Map<String, byte[]> theirs, Map<String, byte[]> ours) {
    assertThat(ours.keySet()).isEqualTo(theirs.keySet());
    ours.forEach((name, content) ->
        assertThat(Arrays.mismatch(theirs.get(name), content)).as(name).isEqualTo(-1));
  }

  private static List<String> names(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  /// Moves what is in the directory of a tablespace away, for the next replay to find it empty.
  private static void setAside(Path tablespace) {
    TwoReplays.copy(tablespace, aside(tablespace));
    TwoReplays.run("find", tablespace.toString(), "-mindepth", "1", "-delete");
  }

  private static Path aside(Path tablespace) {
    return tablespace.resolveSibling(tablespace.getFileName() + ".aside");
  }

  private static void useUpTransactions(PostgresServer server, int count) throws SQLException {
    execute(
        server,
        "postgres",
        "SET synchronous_commit = off",
        """
        DO $$ BEGIN
          FOR i IN 1..%d LOOP
            PERFORM pg_current_xact_id();
            IF i %% 5 = 0 THEN ROLLBACK; ELSE COMMIT; END IF;
          END LOOP;
        END $$
        """
            .formatted(count));
  }

  /// One transaction holds a row all the time, and others with it, one after the other.
  private static void makeMultixacts(PostgresServer server, int count) throws SQLException {
    try (var holding = server.jdbc();
        var hold = holding.createStatement()) {
      holding.setAutoCommit(false);
      hold.execute("SELECT FROM t WHERE id = 1 FOR KEY SHARE");
      execute(
          server,
          "postgres",
          "SET synchronous_commit = off",
          """
          DO $$ BEGIN
            FOR i IN 1..%d LOOP
              PERFORM FROM t WHERE id = 1 FOR SHARE;
              COMMIT;
            END LOOP;
          END $$
          """
              .formatted(count));
      holding.commit();
    }
  }

  private static void freezeEverything(PostgresServer server) throws SQLException {
    server.sql("ALTER DATABASE template0 ALLOW_CONNECTIONS true");
    for (String database : List.of("template0", "template1", "postgres")) {
      execute(server, database, "VACUUM (FREEZE)");
    }
  }

  private static void prepare(PostgresServer server, String name, String... statements)
      throws SQLException {
    try (var connection = server.jdbc();
        var sql = connection.createStatement()) {
      sql.execute("BEGIN");
      for (String statement : statements) {
        sql.execute(statement);
      }
      sql.execute("PREPARE TRANSACTION '%s'".formatted(name));
    }
  }

  private static void execute(PostgresServer server, String database, String... statements)
      throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(
                server.jdbcUrl().replace("/postgres?", "/" + database + "?"), "postgres", "");
        var sql = connection.createStatement()) {
      for (String statement : statements) {
        sql.execute(statement);
      }
    }
  }
}
