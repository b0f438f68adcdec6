package org.walstream.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Timeout;
import org.walstream.store.check.WalCheck;
import org.walstream.testkit.Eventually;
import org.walstream.testkit.FlippingProxy;
import org.walstream.testkit.PostgresServer;

/// WAL that a line has damaged, seen from behind the relay: a standby, which proves every record
/// that it replays, never gets any of it, and a commit is acknowledged only once it has come whole.
@Timeout(600)
class BadWalIT {

  @RepeatedTest(3)
  void corruptWalIsNeverForwarded() throws Exception {
    try (var primary = Relay.primary(18).start();
        var line = new FlippingProxy(primary.port(), 4_000_000 + (System.nanoTime() & 0xFFFFF));
        var relay = Relay.of(line.conninfo());
        var process = relay.process()) {
      process.awaitPrinted("started streaming");
      try (var standby = PostgresServer.standbyOf(primary, relay.conninfo()).start()) {
        primary.sql("CREATE TABLE t (x text)");
        primary.set("synchronous_standby_names", "walstream").reload();
        Eventually.holds(
            "the relay is synchronous",
            () -> primary.sql("SELECT sync_state FROM pg_stat_replication").equals("sync"));
        primary.sql("INSERT INTO t SELECT repeat('x', 1500) FROM generate_series(1, 30000)");
        assertThat(line.hasFlipped()).isTrue();
        process.awaitPrinted("received corrupt WAL: ");
        process.awaitPrinted("are kept in \"");
        Relay.awaitReplayed(primary, standby);
        assertThat(standby.sql("SELECT count(*) FROM t")).isEqualTo("30000");
        assertThat(standby.log())
            .doesNotContain("incorrect resource manager data checksum", "incorrect prev-link");
      }
      assertThat(WalCheck.run(relay.walDirectory(), false, 2).damages()).isEmpty();
    }
  }
}
