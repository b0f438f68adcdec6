package org.walstream.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.walstream.send.sync.StandbyNames;
import org.walstream.send.sync.StandbyNamesException;
import org.walstream.testkit.Eventually;
import org.walstream.testkit.PostgresServer;
import org.walstream.wal.Lsn;
import org.walstream.wire.client.PgClient;
import org.walstream.wire.client.QueryResult;

/// `synchronous_standby_names` at a relay, beside a primary and a cascading standby that are given
/// the same value and the same standbys.
@Timeout(600)
class SyncStateIT {

  private static final String QUERY =
      "SELECT application_name, sync_priority, sync_state FROM pg_stat_replication"
          + " WHERE application_name IN ('a', 'b', 'c') ORDER BY 1";

  private static final Map<String, String> EXPECTED =
      Map.of(
          "FIRST 1 (a, b, c)", "a 1 sync, b 2 potential, c 3 potential",
          "FIRST 2 (c, a)", "a 2 sync, b 0 async, c 1 sync",
          "3 (b, c, a)", "a 3 sync, b 1 sync, c 2 sync",
          "ANY 2 (a, B)", "a 1 quorum, b 1 quorum, c 0 async",
          "ANY 1 (*)", "a 1 quorum, b 1 quorum, c 1 quorum",
          "nobody", "a 0 async, b 0 async, c 0 async",
          "b, a", "a 2 potential, b 1 sync, c 0 async");

  /// A standby that has flushed all that it has been sent.
  private static PgClient standby(String conninfo, String name) throws Exception {
    PgClient client = Relay.connectTo(conninfo + " replication=true application_name=" + name);
    QueryResult system = client.query("IDENTIFY_SYSTEM");
    long end = Lsn.parse(String.valueOf(system.text(0, 2))).value();
    var stream = WalStream.open(client, end, Integer.parseInt(String.valueOf(system.text(0, 1))));
    stream.report(end, end);
    return client;
  }

  private static String states(PostgresServer server) throws SQLException {
    var lines = new ArrayList<String>();
    try (var connection = server.jdbc();
        var statement = connection.createStatement();
        var rows = statement.executeQuery(QUERY)) {
      while (rows.next()) {
        lines.add("%s %s %s".formatted(rows.getString(1), rows.getString(2), rows.getString(3)));
      }
    }
    return String.join(", ", lines);
  }

  private static String states(Relay relay) throws Exception {
    var lines = new ArrayList<String>();
    try (PgClient client = Relay.connectTo(relay.conninfo() + " dbname=walstream")) {
      QueryResult rows = client.query(QUERY);
      for (int row = 0; row < rows.rows().size(); row++) {
        lines.add("%s %s %s".formatted(rows.text(row, 0), rows.text(row, 1), rows.text(row, 2)));
      }
      client.terminate();
    }
    return String.join(", ", lines);
  }

  private static void setNames(Relay relay, String value) throws Exception {
    Files.writeString(
        relay.directory().configurationFile(),
        "synchronous_standby_names = '%s'\n".formatted(value),
        StandardOpenOption.APPEND);
    assertThat(relay.reload()).isTrue();
  }

  @Test
  void whoCountsIsAsOnAPrimary() throws Exception {
    var clients = new ArrayList<PgClient>();
    try (var primary = Relay.primary(18).start();
        var relay =
            Relay.of(primary.conninfo())
                .set("walstream.report_flush", "quorum")
                .set("wal_sender_timeout", "0")) {
      primary.set("wal_sender_timeout", "0").set("synchronous_commit", "local").reload();
      Files.writeString(
          relay.directory().configurationFile(),
          "synchronous_standby_names = 'nobody'\n",
          StandardOpenOption.APPEND);
      relay.start();
      // Who joins while it catches up is sent more than the connection takes, as nobody reads.
      relay.awaitFlushed(primary.sql("SELECT pg_current_wal_flush_lsn()"));
      for (String name : List.of("a", "b", "c")) {
        clients.add(standby(primary.conninfo(), name));
        clients.add(standby(relay.conninfo(), name));
      }
      for (var value : EXPECTED.entrySet()) {
        primary.set("synchronous_standby_names", value.getKey()).reload();
        setNames(relay, value.getKey());
        Eventually.holds("who counts for " + value, () -> states(primary).equals(value.getValue()));
        Eventually.holds("the same for the relay", () -> states(relay).equals(value.getValue()));
      }
    } finally {
      for (PgClient client : clients) {
        client.close();
      }
    }
  }

  /// Where nobody waits for a standby, none is said to be waited for.
  @Test
  void onesOwnFlushMakesEverybodyAsynchronousAsOnACascadingStandby() throws Exception {
    var clients = new ArrayList<PgClient>();
    try (var primary = Relay.primary(18).start();
        var cascading =
            PostgresServer.standbyOf(primary, primary.conninfo())
                .setting("synchronous_standby_names", "FIRST 1 (a)")
                .start();
        var relay =
            Relay.of(primary.conninfo()).set("synchronous_standby_names", "FIRST 1 (a)").start()) {
      Relay.awaitReplayed(primary, cascading);
      clients.add(standby(cascading.conninfo(), "a"));
      clients.add(standby(relay.conninfo(), "a"));
      Eventually.holds("both say so", () -> states(cascading).equals("a 0 async"));
      Eventually.holds("both say so", () -> states(relay).equals("a 0 async"));
    } finally {
      for (PgClient client : clients) {
        client.close();
      }
    }
  }

  @Test
  void whatIsWrongIsSaidInPostgresWords() throws Exception {
    try (var primary = Relay.primary(18).start()) {
      for (String value :
          List.of(
              " ",
              "a b",
              "a,",
              ",a",
              "2 (a",
              "2 a",
              "FIRST (a)",
              "FIRST a",
              "ANY 2 (a,)",
              "any",
              "1 (a) b",
              "0 (a)",
              "\"a",
              "\"a\" \"b\"",
              "a;b",
              "(a)",
              "FIRST 1 ()",
              "12abc")) {
        var ours =
            catchThrowableOfType(StandbyNamesException.class, () -> StandbyNames.parse(value));
        assertThatThrownBy(() ->
                primary.sql("ALTER SYSTEM SET synchronous_standby_names = '%s'".formatted(value)))
            .hasMessageContaining(ours.getMessage());
      }
    }
  }

  @Test
  void aQuorumOfNobodyIsRefused() throws Exception {
    try (var relay = Relay.of("host=127.0.0.1 port=1").set("walstream.report_flush", "quorum")) {
      assertThatThrownBy(relay::startAlone)
          .hasMessageContaining("needs \"synchronous_standby_names\"");
    }
  }
}
