package org.walstream.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.walstream.testkit.Eventually;
import org.walstream.testkit.PostgresServer;
import org.walstream.wal.Lsn;

/// A slot on the relay keeps WAL for a standby that is away, whatever happens to the relay.
@Timeout(600)
class SlotIT {

  private static final int SEGMENT = 16 << 20;
  private static final String SLOTS = "SELECT count(*) FROM pg_replication_slots";

  @Test
  void aSlotKeepsWalForAStandbyThatIsAway() throws Exception {
    try (var primary = Relay.primary(18).start();
        var relay = Relay.of(primary.conninfo()).set("wal_keep_size", "0").start()) {
      try (var client = relay.connect()) {
        client.query("CREATE_REPLICATION_SLOT \"away\" PHYSICAL (RESERVE_WAL)");
        client.terminate();
      }
      long restartLsn = restartLsn(relay);
      primary.sql("CREATE TABLE t (id int)");
      try (var standby =
          PostgresServer.standbyOf(primary, relay.conninfo())
              .setting("primary_slot_name", "away")
              .start()) {
        Relay.awaitReplayed(primary, standby);
        Eventually.holds("the slot moves on", () -> restartLsn(relay) > restartLsn);
        standby.stopFast();
        writeSegments(primary, 4);
        relay.awaitFlushed(primary.sql("SELECT pg_current_wal_flush_lsn()"));

        relay.stop();
        relay.start();
        writeSegments(primary, 1);
        relay.stop();
        try (var process = relay.process()) {
          process.awaitPrinted("started streaming");
          process.kill9();
        }
        relay.start();
        writeSegments(primary, 1);
        long kept = restartLsn(relay) / SEGMENT;
        Eventually.holds(
            "what the slot does not need is removed", () -> oldestSegment(relay) >= kept);
        assertThat(oldestSegment(relay)).isEqualTo(kept);

        standby.start();
        Relay.awaitReplayed(primary, standby);
        assertThat(standby.log()).doesNotContain("has already been removed");
        assertThat(standby.sql("SELECT count(*) FROM t")).isEqualTo("6");
        Eventually.holds(
            "the slot lets go of what it has held", () -> oldestSegment(relay) > kept + 1);
      }
    }
  }

  /// However the slot was made: by a function, too, it is its session's.
  @Test
  void aTemporarySlotGoesWithItsSession() throws Exception {
    try (var primary = Relay.primary(18).start();
        var relay = Relay.of(primary.conninfo()).start()) {
      relay.awaitFlushed(primary.sql("SELECT pg_current_wal_flush_lsn()"));
      for (boolean server : new boolean[] {true, false}) {
        try (var session = server ? primary.jdbc() : relay.jdbc()) {
          String make =
              "SELECT slot_name FROM pg_create_physical_replication_slot('x', true, true)";
          assertThat(answer(session, make)).isEqualTo("x");
          assertThat(answer(session, SLOTS)).isEqualTo("1");
        }
        try (var session = server ? primary.jdbc() : relay.jdbc()) {
          Eventually.holds("the slot is gone", () -> answer(session, SLOTS).equals("0"));
        }
      }
    }
  }

  private static String answer(Connection session, String sql) throws SQLException {
    try (var statement = session.createStatement();
        var rows = statement.executeQuery(sql)) {
      return rows.next() ? rows.getString(1) : "nothing";
    }
  }

  /// Each ends with the rest of its segment empty.
  private static void writeSegments(PostgresServer primary, int count) {
    for (int i = 0; i < count; i++) {
      primary.sql("INSERT INTO t VALUES (0)");
      primary.sql("SELECT pg_switch_wal()");
    }
  }

  private static long restartLsn(Relay relay) throws IOException {
    try (var client = relay.connect()) {
      String lsn = client.query("READ_REPLICATION_SLOT \"away\"").text(0, 1);
      client.terminate();
      return Lsn.parse(String.valueOf(lsn)).value();
    }
  }

  private static long oldestSegment(Relay relay) throws IOException {
    return Long.parseLong(relay.segments().getFirst().substring(16), 16);
  }
}
