package org.walstream.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.walstream.testkit.Eventually;
import org.walstream.testkit.PostgresServer;
import org.walstream.wal.Lsn;
import org.walstream.wire.PostgresException;

/// What becomes of a slot that nobody reads, from `reserved` to `lost`, on a relay and on a real
/// primary with the same limits, at the same WAL.
@Timeout(600)
class KeepingWalIT {

  /// restart_lsn is left out: PostgreSQL reserves from its last checkpoint on, a relay from the
  /// beginning of the segment.
  private static final String STATE =
      "SELECT wal_status, safe_wal_size, active, inactive_since IS NULL, invalidation_reason,"
          + " restart_lsn IS NULL FROM pg_replication_slots WHERE slot_name = 'away'";

  @Test
  void aSlotGoesFromReservedToLostAsOnAServer() throws Exception {
    try (var primary =
            PostgresServer.builder(18)
                .setting("wal_keep_size", "48MB")
                .setting("min_wal_size", "32MB")
                .setting("max_wal_size", "32MB")
                .setting("max_slot_wal_keep_size", "96MB")
                .start();
        var relay =
            Relay.of(primary.conninfo())
                .set("wal_keep_size", "48MB")
                .set("max_slot_wal_keep_size", "96MB")
                .set("primary_slot_name", "relay")) {
      primary.sql("SELECT pg_create_physical_replication_slot('relay', true)");
      relay.start();
      primary.sql("CREATE TABLE t (id int)");
      writeSegment(primary);
      relay.awaitFlushed(primary.sql("SELECT pg_current_wal_flush_lsn()"));
      try (var theirs = primary.jdbc();
          var ours = connect(relay)) {
        for (Connection each : List.of(theirs, ours)) {
          ask(each, "SELECT pg_create_physical_replication_slot('away', true)");
        }
        var seen = new ArrayList<String>();
        for (int segment = 0; segment < 12; segment++) {
          awaitSame(primary, relay, theirs, ours);
          seen.add(ask(ours, STATE));
          writeSegment(primary);
        }
        awaitSame(primary, relay, theirs, ours);
        assertThat(seen).anyMatch(state -> state.startsWith("reserved|"));
        assertThat(seen).anyMatch(state -> state.startsWith("extended|"));
        assertThat(ask(ours, STATE)).isEqualTo("lost||f|f|wal_removed|t");
      }
    }
  }

  @Test
  void aSlotThatIsIdleForTooLongIsLostAsOnAServer() throws Exception {
    try (var primary = Relay.primary(18).start();
        var relay = Relay.of(primary.conninfo()).set("idle_replication_slot_timeout", "1s")) {
      relay.start();
      relay.awaitFlushed(primary.sql("SELECT pg_current_wal_flush_lsn()"));
      try (var theirs = primary.jdbc();
          var ours = connect(relay)) {
        for (Connection each : List.of(theirs, ours)) {
          ask(each, "SELECT pg_create_physical_replication_slot('away', true)");
        }
        primary.set("idle_replication_slot_timeout", "1s").reload();
        Eventually.holds(
            "both have lost it",
            () -> {
              primary.sql("CHECKPOINT");
              return ask(theirs, STATE).startsWith("lost|") && ask(ours, STATE).startsWith("lost|");
            });
        assertThat(ask(ours, STATE))
            .isEqualTo("lost||f|f|idle_timeout|f")
            .isEqualTo(ask(theirs, STATE));
        assertThat(refusal(relay.conninfo())).isEqualTo(refusal(primary.conninfo()));
      }
    }
  }

  private static String refusal(String conninfo) throws Exception {
    try (var client = Relay.connectTo(conninfo + " replication=true")) {
      client.startCopyBoth("START_REPLICATION SLOT \"away\" 0/1000000");
      return "none";
    } catch (PostgresException e) {
      return e.sqlState() + " " + e.primaryMessage() + " " + e.detail();
    }
  }

  /// A server removes WAL at its checkpoints, a relay every few seconds.
  private static void awaitSame(
      PostgresServer primary, Relay relay, Connection theirs, Connection ours) throws Exception {
    primary.sql("CHECKPOINT");
    Eventually.holds(
        "the slots are in the same state",
        () -> {
          long end = Lsn.parse(primary.sql("SELECT pg_current_wal_flush_lsn()")).value();
          String one = ask(theirs, STATE);
          String other = ask(ours, STATE);
          return relay.flushedLsn() == end && one.equals(other);
        });
  }

  private static void writeSegment(PostgresServer primary) {
    primary.sql("INSERT INTO t VALUES (0)");
    primary.sql("SELECT pg_switch_wal()");
    primary.sql("CHECKPOINT");
  }

  private static Connection connect(Relay relay) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:%d/walstream?user=postgres".formatted(relay.port()));
  }

  private static String ask(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      var values = new ArrayList<String>();
      rows.next();
      for (int column = 1; column <= rows.getMetaData().getColumnCount(); column++) {
        String value = rows.getString(column);
        values.add(value == null ? "" : value);
      }
      return String.join("|", values);
    }
  }
}
