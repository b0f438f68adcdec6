package org.walstream.redo.relation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.walstream.redo.storage.DataFiles.BLOCK_BYTES;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.walstream.file.FileLayer;
import org.walstream.redo.storage.DataFiles;
import org.walstream.testkit.PostgresServer;
import org.walstream.wal.WalFormat;
import org.walstream.wal.record.ForkNumber;
import org.walstream.wal.record.RelFileLocator;

/// Every relation of every database of a server that has done a bit of everything: its files are
/// where we look and as long as the server says, and there are no others.
class RelationFilesIT {

  private static final String RELATIONS =
      """
      SELECT CASE WHEN c.relisshared THEN 1664
                  WHEN c.reltablespace = 0 THEN d.dattablespace
                  ELSE c.reltablespace END,
             CASE WHEN c.relisshared THEN 0 ELSE d.oid END,
             pg_relation_filenode(c.oid),
             pg_relation_filepath(c.oid),
             pg_relation_size(c.oid, 'main') AS main, pg_relation_size(c.oid, 'fsm') AS fsm,
             pg_relation_size(c.oid, 'vm') AS vm, pg_relation_size(c.oid, 'init') AS init,
             c.relpersistence
        FROM pg_class c, pg_database d
       WHERE d.datname = current_database() AND pg_relation_filenode(c.oid) IS NOT NULL
      """;

  private final Set<Path> seen = new HashSet<>();
  private final Set<String> forksSeen = new TreeSet<>();

  @ParameterizedTest
  @ValueSource(ints = {15, 16, 17, 18})
  void everyFileOfEveryRelationIsFoundAndIsAsLongAsTheServerSays(int major) throws Exception {
    try (var server = server(major)) {
      doABitOfEverything(server);
      var format = WalFormat.ofMajorVersion(major).orElseThrow();
      var paths = new RelationPaths(server.dataDirectory(), format);
      try (var files = new DataFiles(FileLayer.system(), 20)) {
        var relations = new RelationFiles(files, paths, RelationFiles.SEGMENT_BLOCKS);
        for (String database : column(server, "SELECT datname FROM pg_database")) {
          compare(server, database, paths, relations);
        }
      }
      assertThat(forksSeen)
          .contains(
              "1663 main p",
              "1663 fsm p",
              "1663 vm p",
              "1663 main u",
              "1663 init u",
              "1664 main p",
              "other main p",
              "other vm p",
              "other init u");
      nothingElseIsThere(server, paths);
    }
  }

  private static PostgresServer server(int major) {
    return PostgresServer.builder(major)
        .setting("autovacuum", "off")
        .setting("checkpoint_timeout", "1d")
        .start();
  }

  private static void doABitOfEverything(PostgresServer server) throws SQLException {
    Path directory = server.dataDirectory().resolve("elsewhere");
    server.makeDirectory(directory);
    server.sql("CREATE TABLESPACE elsewhere LOCATION '%s'".formatted(directory));
    server.sql("CREATE DATABASE copied STRATEGY file_copy");
    server.sql("CREATE DATABASE logged STRATEGY wal_log TABLESPACE elsewhere");
    server.sql("CREATE DATABASE dropped");
    for (String database : List.of("postgres", "copied", "logged")) {
      try (var connection = connect(server, database);
          var sql = connection.createStatement()) {
        for (String tablespace : List.of("pg_default", "elsewhere")) {
          for (String statement : statements(tablespace)) {
            sql.execute(statement);
          }
        }
      }
    }
    server.sql("DROP DATABASE dropped");
    server.sql("ALTER DATABASE template0 ALLOW_CONNECTIONS true");
    // The first file of what has been dropped stays until the next checkpoint but one.
    server.sql("CHECKPOINT");
    server.sql("CHECKPOINT");
  }

  /// Tables that grow, shrink, are rewritten, emptied, dropped; with indexes, toast, sequences.
  private static List<String> statements(String tablespace) {
    String script =
        """
        CREATE SCHEMA in_SPC;
        SET search_path = in_SPC;
        SET default_tablespace = SPC;
        CREATE TABLE grown (id serial PRIMARY KEY, big text);
        INSERT INTO grown (big) SELECT repeat('x', 500) FROM generate_series(1, 5000);
        DELETE FROM grown WHERE id % 10 = 0;
        VACUUM grown;
        CREATE TABLE shrunk (id int, big text);
        INSERT INTO shrunk SELECT i, repeat('x', 500) FROM generate_series(1, 5000) i;
        DELETE FROM shrunk WHERE id > 100;
        VACUUM shrunk;
        CREATE TABLE rewritten AS SELECT * FROM grown;
        VACUUM FULL rewritten;
        CREATE TABLE emptied AS SELECT * FROM grown;
        TRUNCATE emptied;
        CREATE TABLE gone AS SELECT * FROM grown;
        DROP TABLE gone;
        CREATE UNLOGGED TABLE unlogged (id serial PRIMARY KEY, words tsvector);
        CREATE INDEX ON unlogged USING gin (words);
        INSERT INTO unlogged (words)
          SELECT to_tsvector('simple', i::text) FROM generate_series(1, 99) i;
        CREATE MATERIALIZED VIEW seen AS SELECT count(*) FROM grown;
        """;
    return List.of(script.replace("SPC", tablespace).strip().split(";\n?"));
  }

  private void compare(
      PostgresServer server, String database, RelationPaths paths, RelationFiles relations)
      throws SQLException, IOException {
    try (var connection = connect(server, database);
        var sql = connection.createStatement();
        var rows = sql.executeQuery(RELATIONS)) {
      int count = 0;
      while (rows.next()) {
        compare(rows, paths, relations);
        count++;
      }
      assertThat(count).as(database).isGreaterThan(200);
    }
  }

  private void compare(ResultSet row, RelationPaths paths, RelationFiles relations)
      throws SQLException, IOException {
    var locator =
        new RelFileLocator((int) row.getLong(1), (int) row.getLong(2), (int) row.getLong(3));
    assertThat(paths.dataDirectory().relativize(paths.fork(locator, ForkNumber.MAIN)))
        .hasToString(row.getString(4));
    for (ForkNumber fork : ForkNumber.values()) {
      long bytes = row.getLong(fork.forkName());
      assertThat(relations.blocks(locator, fork) * BLOCK_BYTES)
          .as("%s of %s", fork, row.getString(4))
          .isEqualTo(bytes);
      if (relations.exists(locator, fork)) {
        seen.add(paths.fork(locator, fork));
        String spc = locator.spcOid() > 1664 ? "other" : Integer.toString(locator.spcOid());
        forksSeen.add(spc + " " + fork.forkName() + " " + row.getString(9));
      }
    }
  }

  /// Each file in a database's directory is a relation's that we have seen, or is known by name.
  private void nothingElseIsThere(PostgresServer server, RelationPaths paths)
      throws SQLException, IOException {
    var directories = new ArrayList<Path>();
    directories.add(paths.database(RelFileLocator.GLOBAL_TABLESPACE, 0));
    for (String database : column(server, "SELECT oid FROM pg_database")) {
      for (String tablespace : column(server, "SELECT oid FROM pg_tablespace WHERE oid <> 1664")) {
        directories.add(
            paths.database(
                Integer.parseUnsignedInt(tablespace), Integer.parseUnsignedInt(database)));
      }
    }
    var others = new TreeSet<String>();
    int relationFiles = 0;
    for (Path directory : directories) {
      if (!Files.exists(directory)) {
        continue;
      }
      for (String name : FileLayer.system().list(directory)) {
        RelationFileName parsed = RelationFileName.parse(name);
        if (parsed == null) {
          others.add(name);
        } else {
          assertThat(parsed).hasToString(name);
          assertThat(seen).contains(directory.resolve(name));
          relationFiles++;
        }
      }
    }
    assertThat(relationFiles).isEqualTo(seen.size());
    assertThat(others)
        .isSubsetOf("PG_VERSION", "pg_control", "pg_filenode.map", "pg_internal.init");
  }

  private static List<String> column(PostgresServer server, String query) throws SQLException {
    var values = new ArrayList<String>();
    try (var connection = server.jdbc();
        var sql = connection.createStatement();
        var rows = sql.executeQuery(query)) {
      while (rows.next()) {
        values.add(rows.getString(1));
      }
    }
    return values;
  }

  private static Connection connect(PostgresServer server, String database) throws SQLException {
    String url = server.jdbcUrl().replace("/postgres?", "/" + database + "?");
    return DriverManager.getConnection(url, "postgres", "");
  }
}
