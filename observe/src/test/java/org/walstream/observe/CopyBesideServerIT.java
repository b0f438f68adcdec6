package org.walstream.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;
import org.walstream.observe.sql.SqlEngine;
import org.walstream.send.ServerFixture;
import org.walstream.testkit.PostgresServer;

/// COPY, to the byte, and its errors, beside a real PostgreSQL.
@Timeout(600)
class CopyBesideServerIT {

  private static ServerFixture fixture;
  private static Connection node;
  private static PostgresServer server;
  private static Connection connection;

  @BeforeAll
  static void open(@TempDir Path directory) throws Exception {
    fixture = new ServerFixture(directory, s -> new SqlEngine(new FixtureStatus(s)));
    server = PostgresServer.builder(18).start();
    server.sql("CREATE ROLE mon LOGIN IN ROLE pg_monitor");
    node =
        DriverManager.getConnection(
            "jdbc:postgresql://127.0.0.1:%d/walstream".formatted(fixture.port), "mon", "mon");
    connection =
        DriverManager.getConnection(
            "jdbc:postgresql://127.0.0.1:%d/postgres".formatted(server.port()), "mon", "");
  }

  @AfterAll
  static void close() throws Exception {
    node.close();
    connection.close();
    server.close();
    fixture.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "COPY (SELECT 1, 'a,b', NULL, 'q\"q') TO STDOUT (FORMAT 'csv', HEADER true, FORCE_QUOTE *)",
        "COPY (SELECT 1, 'a''b') TO STDOUT CSV HEADER QUOTE ''''",
        "COPY (SELECT 1 AS a, NULL AS b, 'x;\"' AS c) TO STDOUT WITH (FORMAT csv, NULL 'x',"
            + " DELIMITER ';', HEADER, ESCAPE '\\', ENCODING 'UTF8', FORCE_QUOTE (a))",
        "COPY (SELECT 1::int2, 'a'::text, true, 1.50, NULL::int, ARRAY[1,2]) TO STDOUT"
            + " (FORMAT binary)",
        "COPY (SELECT 1 WHERE false) TO STDOUT (FORMAT binary)",
        "COPY pg_inherits TO STDOUT (HEADER)",
        "COPY pg_catalog.pg_inherits (inhrelid, inhparent) TO STDOUT CSV HEADER",
        "COPY pg_roles TO STDOUT",
        "COPY nope TO STDOUT",
        "COPY (SELECT nope) TO STDOUT",
        "COPY (SELECT 1) TO '/tmp/x'",
        "COPY (SELECT 1) TO PROGRAM 'x'",
        "COPY (SELECT 1) TO STDOUT (FORMAT csv, QUOTE 'xx')",
        "COPY (SELECT 1) TO STDOUT (FORMAT nope)"
      })
  void isWhatAServerWrites(String copy) {
    assertThat(copied(node, copy)).isEqualTo(copied(connection, copy));
  }

  private static String copied(Connection from, String copy) {
    var bytes = new ByteArrayOutputStream();
    try {
      from.unwrap(PGConnection.class).getCopyAPI().copyOut(copy, bytes);
      return bytes.toString(StandardCharsets.ISO_8859_1);
    } catch (SQLException e) {
      return e.getSQLState() + " " + String.valueOf(e.getMessage()).lines().findFirst();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
