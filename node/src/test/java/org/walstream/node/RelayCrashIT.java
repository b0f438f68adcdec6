package org.walstream.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.walstream.testkit.CrashProcess;
import org.walstream.testkit.Load;
import org.walstream.testkit.PostgresServer;
import org.walstream.testkit.WalCopy;
import org.walstream.wal.Lsn;

/// A relay that is killed again and again under load loses nothing that it has acknowledged, leaves
/// no gap, and never leads its standby astray.
///
/// `-Dwalstream.crash.rounds=50` for more rounds, `-Dwalstream.crash.seed=` to repeat a run.
class RelayCrashIT {

  private static final int ROUNDS = Integer.getInteger("walstream.crash.rounds", 10);
  private static final long SEED = Long.getLong("walstream.crash.seed", System.nanoTime());
  private static final Duration LIFE = Duration.ofMillis(1500);

  private final RandomGenerator random = RandomGeneratorFactory.getDefault().create(SEED);

  @Test
  @Timeout(1200)
  void nothingAcknowledgedIsLostWhenTheRelayIsKilled() throws Exception {
    System.out.println("seed " + SEED + ", " + ROUNDS + " rounds");
    try (var primary = Relay.primary(18).setting("wal_keep_size", "8GB").start();
        var relay = Relay.of(primary.conninfo()).set("primary_slot_name", "relay")) {
      primary.sql("SELECT pg_create_physical_replication_slot('relay', true)");
      primary.sql("CREATE TABLE t (id bigserial, filler text)");
      var copy = new WalCopy(relay.walDirectory(), primary.walDirectory());
      try (var first = begin(relay);
          var standby = PostgresServer.standbyOf(primary, relay.conninfo()).start()) {
        try (var _ = Load.on(primary)) {
          first.killWithin(random, LIFE);
          for (int round = 1; round < ROUNDS; round++) {
            killOnceMore(primary, relay, copy);
            assertThat(standby.isRunning()).as("the standby runs in round %d", round).isTrue();
          }
        }
        assertThatTheStandbyIsACopy(primary, relay, standby);
        new WalCopy(relay.walDirectory(), primary.walDirectory())
            .assertSame(Lsn.parse(standby.sql("SELECT pg_last_wal_replay_lsn()")));
      }
    }
  }

  private void killOnceMore(PostgresServer primary, Relay relay, WalCopy copy) throws IOException {
    Lsn acknowledged = Relay.acknowledged(primary);
    copy.assertSame(acknowledged);
    try (var process = begin(relay)) {
      assertThat(new Lsn(relay.flushedLsn())).isGreaterThanOrEqualTo(acknowledged);
      process.killWithin(random, LIFE);
    }
  }

  private static CrashProcess begin(Relay relay) {
    var process = relay.process();
    process.awaitPrinted("started streaming");
    return process;
  }

  private void assertThatTheStandbyIsACopy(
      PostgresServer primary, Relay relay, PostgresServer standby) throws Exception {
    try (var _ = begin(relay)) {
      Relay.awaitReplayed(primary, standby);
      String end = standby.sql("SELECT pg_last_wal_replay_lsn()");
      relay.awaitFlushed(end);
      assertThat(standby.sql(Load.CHECKSUM)).isEqualTo(primary.sql(Load.CHECKSUM));
      assertThat(standby.log()).doesNotContain("PANIC");
    }
  }
}
