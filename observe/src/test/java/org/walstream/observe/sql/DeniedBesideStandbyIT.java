package org.walstream.observe.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.util.PSQLException;
import org.walstream.send.sql.SqlCommands;
import org.walstream.testkit.PostgresServer;
import org.walstream.wire.server.ServerError;

/// What a standby denies, beside a real one.
@Timeout(600)
class DeniedBesideStandbyIT {

  private static Asked node;
  private static PostgresServer primary;
  private static PostgresServer standby;
  private static Connection connection;

  @BeforeAll
  static void open(@TempDir Path directory) throws Exception {
    node = new Asked(directory);
    primary = PostgresServer.builder(18).start();
    primary.sql("CREATE ROLE mon LOGIN IN ROLE pg_monitor");
    standby = PostgresServer.standbyOf(primary, primary.conninfo()).start();
    connection =
        DriverManager.getConnection(
            "jdbc:postgresql://127.0.0.1:%d/postgres".formatted(standby.port()), "mon", "");
  }

  @AfterAll
  static void close() throws Exception {
    connection.close();
    standby.close();
    primary.close();
    node.close();
  }

  static List<String> denied() throws Exception {
    return ExpressionsBesideServerIT.lines("denied.txt");
  }

  @ParameterizedTest
  @MethodSource("denied")
  void isDeniedAsByAStandby(String call) throws Exception {
    PSQLException theirs =
        catchThrowableOfType(
            PSQLException.class,
            () -> {
              try (var statement = connection.createStatement()) {
                statement.executeQuery("SELECT " + call);
              }
            });
    ServerError ours = catchThrowableOfType(ServerError.class, () -> node.rows("SELECT " + call));
    assertThat(ours.diagnostic().sqlState()).isEqualTo(theirs.getSQLState());
    assertThat(theirs.getMessage()).contains(ours.diagnostic().message());
  }

  /// Commands that write, or that need what a standby cannot have.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "VACUUM",
        "ANALYZE pg_class",
        "CLUSTER",
        "REINDEX TABLE pg_class",
        "LOCK TABLE pg_class",
        "TRUNCATE x",
        "REFRESH MATERIALIZED VIEW x",
        "SECURITY LABEL ON TABLE x IS 'a'",
        "IMPORT FOREIGN SCHEMA a FROM SERVER b INTO c",
        "CREATE TABLE x (a int)",
        "COPY pg_class FROM STDIN"
      })
  void isRefusedAsByAStandby(String command) {
    PSQLException theirs =
        catchThrowableOfType(
            PSQLException.class,
            () -> {
              try (var statement = connection.createStatement()) {
                statement.execute(command);
              }
            });
    ServerError ours = catchThrowableOfType(ServerError.class, () -> run(command));
    assertThat(ours.diagnostic().sqlState()).isEqualTo(theirs.getSQLState());
    assertThat(theirs.getMessage()).contains(ours.diagnostic().message());
  }

  /// Prepares it as the door does.
  private static void run(String command) throws ServerError {
    new SqlCommands(node.engine, node.session(), () -> {}).prepare(command, List.of());
  }
}
