package org.walstream.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.walstream.testkit.Eventually;
import org.walstream.testkit.FaultProxy;
import org.walstream.testkit.PostgresServer;

/// Standbys that are slow, stuck, dead or far away, and what the others notice of it: nothing.
@Timeout(600)
class DelayIT {

  private static final String A_LOT =
      "INSERT INTO t SELECT g, repeat('x', 500) FROM generate_series(1, 50000) g";

  /// The rest of a segment after a switch is zeros: it is finished all the same.
  @Test
  void aLogSwitchReachesTheStandbyWithoutFurtherTraffic() throws Exception {
    try (var primary = Relay.primary(18).start();
        var relay = Relay.of(primary.conninfo()).start();
        var standby = PostgresServer.standbyOf(primary, relay.conninfo()).start()) {
      for (int i = 0; i < 3; i++) {
        primary.sql("SELECT txid_current()");
        primary.sql("SELECT pg_switch_wal()");
        String segment = primary.sql("SELECT pg_walfile_name(pg_current_wal_flush_lsn() - 1)");
        Eventually.holds(
            "the relay has finished " + segment, () -> relay.segments().contains(segment));
        Relay.awaitReplayed(primary, standby);
      }
    }
  }

  /// 60 MB pass while no acknowledgement is younger than two seconds. A sender that waited for one
  /// after each message of 128 kB would need 15 minutes.
  @Test
  void lateAcknowledgementsDoNotThrottleTheStream() throws Exception {
    try (var primary = Relay.primary(18).start();
        var up = FaultProxy.to(primary);
        var relay = Relay.of(up.conninfo()).start();
        var down = FaultProxy.to(relay.port());
        var standby = PostgresServer.standbyOf(primary, down.conninfo()).start()) {
      up.towardsServer().delay(Duration.ofSeconds(1));
      down.towardsServer().delay(Duration.ofSeconds(1));
      primary.sql("CREATE TABLE t (id int, filler text)");
      primary.sql(A_LOT);
      primary.sql(A_LOT);
      Relay.awaitReplayed(primary, standby);
      assertThat(standby.sql("SELECT count(*) FROM t")).isEqualTo("100000");
      assertThat(down.towardsClient().bytesPassed()).isGreaterThan(50_000_000L);
    }
  }

  /// One blocked socket write is one sender's alone; `wal_sender_timeout` ends it, which is long
  /// enough here for all else to be done before.
  @Test
  void aStandbyThatIsStuckHoldsUpNobodyAndIsDropped() throws Exception {
    try (var primary = Relay.primary(18).start();
        var relay = Relay.of(primary.conninfo()).set("wal_sender_timeout", "10s").start();
        var proxy = FaultProxy.to(relay.port());
        var stuck = Relay.connectTo(proxy.conninfo() + " replication=true");
        var standby = PostgresServer.standbyOf(primary, relay.conninfo()).start()) {
      Eventually.holds(
          "the standby streams",
          () -> standby.sql("SELECT status FROM pg_stat_wal_receiver").equals("streaming"));
      WalStream.open(stuck, 0x1000000, 1);
      proxy.towardsClient().stall();
      assertThat(standbys(relay)).isEqualTo(2);
      primary.sql("CREATE TABLE t (id int, filler text)");
      primary.sql(A_LOT);
      Relay.awaitReplayed(primary, standby);
      assertThat(standby.sql("SELECT count(*) FROM t")).isEqualTo("50000");
      Eventually.holds("only one standby is left", () -> standbys(relay) == 1);
      assertThat(standby.sql("SELECT count(*) FROM pg_stat_wal_receiver")).isEqualTo("1");
    }
  }

  private static int standbys(Relay relay) throws Exception {
    try (var client = Relay.connectTo(relay.conninfo() + " dbname=postgres")) {
      int count = client.query("SELECT pid, state FROM pg_stat_replication").rows().size();
      client.terminate();
      return count;
    }
  }

  @Test
  void aStandbyWhoseConnectionBreaksComesBackAndMissesNothing() throws Exception {
    try (var primary = Relay.primary(18).start();
        var up = FaultProxy.to(primary);
        var relay = Relay.of(up.conninfo()).start();
        var down = FaultProxy.to(relay.port());
        var standby = PostgresServer.standbyOf(primary, down.conninfo()).start()) {
      primary.sql("CREATE TABLE t (id int, filler text)");
      up.towardsClient().cutAfter(3_000_000);
      down.towardsClient().cutAfter(7_000_000);
      primary.sql(A_LOT);
      Relay.awaitReplayed(primary, standby);
      assertThat(standby.sql("SELECT count(*) FROM t")).isEqualTo("50000");
      assertThat(up.connections()).isGreaterThan(1);
      assertThat(down.connections()).isGreaterThan(1);
      assertThat(relay.segmentsThatDifferFrom(primary)).isEmpty();
    }
  }
}
