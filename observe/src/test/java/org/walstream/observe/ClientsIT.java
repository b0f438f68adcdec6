package org.walstream.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.util.PSQLException;
import org.walstream.observe.sql.SqlEngine;
import org.walstream.send.ServerFixture;
import org.walstream.send.StandbyClient;
import org.walstream.send.walsender.WalSenderState;
import org.walstream.testkit.Eventually;
import org.walstream.testkit.PostgresTools;

/// psql and the JDBC driver ask a server for its status.
@Timeout(600)
class ClientsIT {

  @TempDir Path directory;
  private ServerFixture fixture;

  @BeforeEach
  void open() throws Exception {
    fixture = new ServerFixture(directory, server -> new SqlEngine(new FixtureStatus(server)));
    var log = fixture.openLog(1, ServerFixture.START);
    ServerFixture.append(log, RandomGeneratorFactory.of("L64X128MixRandom").create(1), 1_000);
    fixture.slots.create("s1", false, ServerFixture.START, 1);
  }

  @AfterEach
  void close() throws Exception {
    fixture.close();
  }

  @Test
  void psqlReadsTheStatus() throws Exception {
    try (var standby = new StandbyClient(fixture.replicate("rep"))) {
      standby.start("START_REPLICATION 0/300000");
      standby.readWal(ServerFixture.START, ServerFixture.START + 1_000);
      Eventually.holds(
          "the sender knows that it has caught up",
          () ->
              fixture.senders.active().stream()
                  .allMatch(sender -> sender.state() == WalSenderState.STREAMING));
      assertThat(
              psql(
                  15,
                  "SELECT application_name, client_addr, state, sent_lsn FROM pg_stat_replication"))
          .isEqualTo("standby1|127.0.0.1|streaming|0/3003E8");
    }
    assertThat(
            psql(
                15,
                "BEGIN; SELECT slot_name, restart_lsn FROM pg_replication_slots; SELECT 1/0;"
                    + " COMMIT"))
        .contains("s1|0/300000", "ERROR:  division by zero");
    assertThat(psql(15, "COPY (SELECT slot_name, active FROM pg_replication_slots) TO STDOUT"))
        .isEqualTo("s1\tf");
    assertThat(psql(15, "SELECT nope FROM pg_roles"))
        .contains("ERROR:  column \"nope\" does not exist", "LINE 1: SELECT nope", "       ^");
    assertThat(psql(15, "SHOW max_wal_senders; SHOW wal_segment_size")).isEqualTo("500\n1MB");
  }

  /// What psql looks up for its own commands, from the oldest version to the newest.
  @ParameterizedTest
  @ValueSource(ints = {15, 16, 17, 18})
  void psqlsOwnCommandsWork(int major) throws Exception {
    assertThat(psql(major, "\\d pg_stat_replication"))
        .contains("sent_lsn|pg_lsn", "write_lag|interval", "client_addr|inet");
    assertThat(psql(major, "\\du")).contains("rep|Replication");
    assertThat(psql(major, "\\l")).contains("walstream|walstream|UTF8");
    assertThat(psql(major, "\\conninfo")).contains("walstream").doesNotContain("ERROR");
    assertThat(psql(major, "\\dvS pg_stat*")).contains("pg_catalog|pg_stat_wal_receiver|view");
    for (String command :
        List.of(
            "\\d",
            "\\dv",
            "\\dt",
            "\\dn",
            "\\dx",
            "\\df pg_is*",
            "\\db",
            "\\d+ pg_stat_ssl",
            "\\dp")) {
      assertThat(psql(major, command)).as(command).doesNotContain("ERROR");
    }
    assertThat(psql(major, "\\x\nSELECT slot_name FROM pg_replication_slots"))
        .contains("slot_name|s1");
    if (major >= 16) { // before, nothing but a signal ends it
      assertThat(psql(major, "SELECT count(*) FROM pg_replication_slots \\watch c=2 i=0.01"))
          .contains("1\n")
          .doesNotContain("ERROR");
    }
  }

  @Test
  void jdbcAsksWithAndWithoutAutocommit() throws Exception {
    try (var standby = new StandbyClient(fixture.replicate("rep"));
        var connection = jdbc();
        var prepared =
            connection.prepareStatement(
                "SELECT pid, client_addr, client_port, backend_start, sent_lsn, write_lag,"
                    + " ARRAY[1,2], 1.5::numeric, true FROM pg_stat_replication WHERE"
                    + " application_name = ? AND pid > ?")) {
      standby.start("START_REPLICATION 0/300000");
      standby.readWal(ServerFixture.START, ServerFixture.START + 1_000);
      prepared.setString(1, "standby1");
      prepared.setInt(2, 0);
      for (int i = 0; i < 12; i++) { // from the fifth time on prepared, and in binary
        connection.setAutoCommit(i % 2 == 0);
        try (var rows = prepared.executeQuery()) {
          assertThat(rows.next()).isTrue();
          assertThat(rows.getInt(1)).isGreaterThan(1_000);
          assertThat(rows.getInt(3)).isPositive();
          assertThat(rows.getTimestamp(4).toInstant())
              .isBetween(Instant.now().minusSeconds(240), Instant.now());
          assertThat(rows.getString(5)).isEqualTo("0/3003E8");
          assertThat(rows.getString(6)).isNull();
          assertThat((Integer[]) rows.getArray(7).getArray()).containsExactly(1, 2);
          assertThat(rows.getBigDecimal(8)).isEqualByComparingTo("1.5");
          assertThat(rows.getBoolean(9)).isTrue();
          assertThat(rows.next()).isFalse();
        }
      }
    }
  }

  @Test
  void jdbcFetchesInGoesInsideATransaction() throws Exception {
    try (var connection = jdbc();
        var statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
      statement.setFetchSize(2);
      int count = 0;
      try (var rows = statement.executeQuery("SELECT x FROM generate_series(1, 5) x")) {
        while (rows.next()) {
          assertThat(rows.getInt(1)).isEqualTo(++count);
        }
      }
      assertThat(count).isEqualTo(5);
      var savepoint = connection.setSavepoint();
      assertThatThrownBy(() -> statement.executeQuery("SELECT * FROM nope"))
          .isInstanceOfSatisfying(
              PSQLException.class,
              e -> {
                assertThat(e.getSQLState()).isEqualTo("42P01");
                assertThat(e.getServerErrorMessage())
                    .satisfies(error -> assertThat(error.getPosition()).isEqualTo(15));
              });
      assertThatThrownBy(() -> statement.executeQuery("SELECT 1"))
          .extracting(e -> ((SQLException) e).getSQLState())
          .isEqualTo("25P02");
      connection.rollback(savepoint);
      try (var rows = statement.executeQuery("SHOW transaction_isolation")) {
        assertThat(rows.next()).isTrue();
        assertThat(rows.getString(1)).isEqualTo("serializable");
      }
      connection.commit();
      assertThat(connection.getMetaData().getTables(null, "pg_catalog", "pg_stat_repl%", null))
          .isNotNull();
    }
  }

  private Connection jdbc() throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:%d/walstream?user=mon&password=mon".formatted(fixture.port));
  }

  private String psql(int major, String commands) throws Exception {
    var tools = PostgresTools.forTest(major, "psql");
    assumeTrue(tools.isPresent(), PostgresTools.missing(major, "psql"));
    var command =
        new ArrayList<>(
            tools
                .get()
                .command(
                    "psql", "-X", "-A", "-t", "-d", fixture.conninfo("mon") + " dbname=walstream"));
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (var in = process.getOutputStream()) {
      in.write((commands + "\n").getBytes(StandardCharsets.UTF_8));
      boolean sql = !commands.startsWith("\\") && !commands.contains("\\watch");
      if (sql || commands.startsWith("\\x")) {
        in.write(";\n".getBytes(StandardCharsets.UTF_8));
      }
    }
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
  }
}
