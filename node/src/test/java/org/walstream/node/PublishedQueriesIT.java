package org.walstream.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.walstream.testkit.Eventually;
import org.walstream.testkit.PostgresServer;

/// What monitoring agents and cluster managers ask, asked of a relay and of a PostgreSQL standby
/// beside it, which both stand between the same primary and a standby of their own.
@Timeout(600)
class PublishedQueriesIT {

  /// @param source repository, file and name
  record Published(String source, String sql) {
    @Override
    public String toString() {
      return source;
    }
  }

  private static PostgresServer primary;
  private static PostgresServer cascading;
  private static Relay relay;
  private static PostgresServer behindCascading;
  private static PostgresServer behindRelay;

  @BeforeAll
  static void start(@TempDir java.nio.file.Path directory) throws Exception {
    primary = Relay.primary(18).start();
    cascading = PostgresServer.standbyOf(primary, primary.conninfo()).start();
    relay = Relay.of(primary.conninfo()).start();
    behindCascading = PostgresServer.standbyOf(primary, cascading.conninfo()).start();
    behindRelay = PostgresServer.standbyOf(primary, relay.conninfo()).start();
    ask(cascading.jdbc(), "SELECT pg_create_physical_replication_slot('unused', true)");
    ask(node(), "SELECT pg_create_physical_replication_slot('unused', true)");
    primary.sql("CREATE ROLE somebody");
    Relay.awaitReplayed(primary, behindRelay);
    Relay.awaitReplayed(primary, behindCascading);
  }

  @AfterAll
  static void stop() throws Exception {
    for (AutoCloseable each :
        Stream.of(behindRelay, behindCascading, relay, cascading, primary)
            .filter(Objects::nonNull)
            .toList()) {
      each.close();
    }
  }

  static List<Published> queries() throws IOException {
    var queries = new ArrayList<Published>();
    try (var in =
        Objects.requireNonNull(
            PublishedQueriesIT.class.getResourceAsStream("published-queries.sql"))) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      for (String part : text.split("(?m)^--! ")) {
        String[] lines = part.split("\n", 2);
        if (lines[0].contains("/") && lines.length == 2) {
          queries.add(new Published(lines[0], lines[1].strip()));
        }
      }
    }
    return queries;
  }

  /// Names and types of the columns are PostgreSQL's, over the simple and the extended protocol;
  /// where it has rows there are rows.
  @ParameterizedTest
  @MethodSource("queries")
  void answersWithTheColumnsOfACascadingPostgres(Published query) throws Exception {
    Table theirs = ask(cascading.jdbc(), query.sql());
    Table ours = ask(node(), query.sql());
    assertThat(ours.columns()).isEqualTo(theirs.columns());
    assertThat(ask(nodeSimple(), query.sql()).columns()).isEqualTo(theirs.columns());
    Eventually.holds( // some ask for what happens to be so
        "rows where it has rows",
        () ->
            ask(node(), query.sql()).rows().isEmpty()
                == ask(cascading.jdbc(), query.sql()).rows().isEmpty());
  }

  /// Once nothing moves any more, both have come equally far.
  @Test
  void valuesAreThoseOfACascadingPostgres() throws Exception {
    for (String sql :
        List.of(
            "SELECT system_identifier FROM pg_control_system()",
            "SELECT pg_is_in_recovery(), pg_last_wal_receive_lsn()",
            "SELECT slot_name, slot_type, active, temporary, wal_status, invalidation_reason"
                + " FROM pg_replication_slots WHERE slot_name = 'unused'",
            "SELECT status, received_tli, flushed_lsn, written_lsn, sender_host, sender_port,"
                + " latest_end_lsn FROM pg_stat_wal_receiver",
            "SELECT count(*), max(state), max(sync_state), max(sent_lsn), max(replay_lsn),"
                + " max(client_addr::text) FROM pg_stat_replication",
            "SELECT pg_wal_lsn_diff(pg_last_wal_receive_lsn(), sent_lsn) FROM pg_stat_replication",
            "SELECT archived_count, failed_count FROM pg_stat_archiver",
            "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'walsender'"
                + " AND state = 'active' AND wait_event = 'WalSenderMain'",
            "SELECT current_setting('wal_segment_size'), current_setting('server_encoding'),"
                + " current_setting('server_version_num')::int / 10000")) {
      Eventually.holds(
          sql, () -> ask(node(), sql).rows().equals(ask(cascading.jdbc(), sql).rows()));
    }
  }

  private record Table(List<String> columns, List<List<String>> rows) {}

  private static Connection node() throws SQLException {
    return DriverManager.getConnection(url(""));
  }

  private static Connection nodeSimple() throws SQLException {
    return DriverManager.getConnection(url("&preferQueryMode=simple"));
  }

  private static String url(String options) {
    return "jdbc:postgresql://127.0.0.1:%d/postgres?user=postgres%s"
        .formatted(relay.port(), options);
  }

  private static Table ask(Connection connection, String sql) throws SQLException {
    try (connection;
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      ResultSetMetaData found = rows.getMetaData();
      var columns = new ArrayList<String>();
      for (int i = 1; i <= found.getColumnCount(); i++) {
        columns.add(found.getColumnLabel(i) + " " + found.getColumnTypeName(i));
      }
      var table = new ArrayList<List<String>>();
      while (rows.next()) {
        var row = new ArrayList<String>();
        for (int i = 1; i <= columns.size(); i++) {
          row.add(rows.getString(i));
        }
        table.add(row);
      }
      return new Table(columns, table);
    }
  }
}
