package org.walstream.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.walstream.testkit.CrashProcess;
import org.walstream.testkit.Eventually;
import org.walstream.testkit.PostgresServer;
import org.walstream.wal.Lsn;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalSegmentName;
import org.walstream.wal.WalSegmentSize;

/// A relay that is killed again and again under load loses nothing that it has acknowledged, leaves
/// no gap, and never leads its standby astray.
///
/// `-Dwalstream.crash.rounds=50` for more rounds, `-Dwalstream.crash.seed=` to repeat a run.
class RelayCrashIT {

  private static final int ROUNDS = Integer.getInteger("walstream.crash.rounds", 10);
  private static final long SEED = Long.getLong("walstream.crash.seed", System.nanoTime());
  private static final Duration LIFE = Duration.ofMillis(1500);
  private static final WalSegmentSize SIZE = WalSegmentSize.DEFAULT;

  private final RandomGenerator random = RandomGeneratorFactory.getDefault().create(SEED);

  /// What has been found to be the primary's WAL, and is not compared again while the load runs.
  private long comparedLsn;

  @Test
  @Timeout(1200)
  void nothingAcknowledgedIsLostWhenTheRelayIsKilled() throws Exception {
    System.out.println("seed " + SEED + ", " + ROUNDS + " rounds");
    try (var primary = Relay.primary(18).setting("wal_keep_size", "8GB").start();
        var relay = Relay.of(primary.conninfo()).set("primary_slot_name", "relay")) {
      primary.sql("SELECT pg_create_physical_replication_slot('relay', true)");
      primary.sql("CREATE TABLE t (id bigserial, filler text)");
      try (var first = begin(relay);
          var standby = PostgresServer.standbyOf(primary, relay.conninfo()).start()) {
        try (var _ = Load.on(primary)) {
          first.killWithin(random, LIFE);
          for (int round = 1; round < ROUNDS; round++) {
            killOnceMore(primary, relay);
            assertThat(standby.isRunning()).as("the standby runs in round %d", round).isTrue();
          }
        }
        assertThatTheStandbyIsACopy(primary, relay, standby);
      }
    }
  }

  private void killOnceMore(PostgresServer primary, Relay relay) throws IOException {
    String acknowledged = acknowledged(primary);
    long end = Lsn.parse(acknowledged).value();
    assertSame(primary, relay, end);
    comparedLsn = SIZE.startOfSegment(end);
    try (var process = begin(relay)) {
      assertThat(new Lsn(relay.flushedLsn())).isGreaterThanOrEqualTo(Lsn.parse(acknowledged));
      process.killWithin(random, LIFE);
    }
  }

  private static CrashProcess begin(Relay relay) {
    var process = relay.process();
    process.awaitPrinted("started streaming");
    return process;
  }

  /// What the primary believes to be safe with the relay, which is dead.
  private static String acknowledged(PostgresServer primary) {
    Eventually.holds(
        "the primary has seen the relay die",
        () ->
            primary
                .sql("SELECT active FROM pg_replication_slots WHERE slot_name = 'relay'")
                .equals("f"));
    return primary.sql("SELECT restart_lsn FROM pg_replication_slots WHERE slot_name = 'relay'");
  }

  /// All WAL from [#comparedLsn], or the relay's first segment, to `end` is in its files, and is
  /// the primary's.
  private void assertSame(PostgresServer primary, Relay relay, long end) throws IOException {
    var segments = relay.segments();
    long start =
        segments.isEmpty()
            ? SIZE.startOfSegment(end)
            : WalSegmentName.parse(segments.getFirst(), SIZE).orElseThrow().startLsn();
    long lsn = Lsn.max(start, comparedLsn);
    while (Lsn.isBefore(lsn, end)) {
      var segment = WalSegmentName.containing(TimelineId.FIRST, lsn, SIZE);
      Path ours = relay.walDirectory().resolve(segment.fileName());
      if (!Files.exists(ours)) {
        ours = relay.walDirectory().resolve(segment.partialFileName());
      }
      int length = (int) Math.min(SIZE.bytes(), end - lsn);
      assertThat(mismatch(ours, primary.walDirectory().resolve(segment.fileName()), length))
          .as("%s up to %s", ours, Lsn.format(end))
          .isNegative();
      lsn = segment.endLsn();
    }
  }

  private static int mismatch(Path ours, Path theirs, int length) throws IOException {
    try (var our = Files.newInputStream(ours);
        var their = Files.newInputStream(theirs)) {
      return Arrays.mismatch(our.readNBytes(length), their.readNBytes(length));
    }
  }

  private void assertThatTheStandbyIsACopy(
      PostgresServer primary, Relay relay, PostgresServer standby) throws Exception {
    try (var _ = begin(relay)) {
      Relay.awaitReplayed(primary, standby);
      String end = standby.sql("SELECT pg_last_wal_replay_lsn()");
      relay.awaitFlushed(end);
      comparedLsn = 0;
      assertSame(primary, relay, Lsn.parse(end).value());
      assertThat(standby.sql(Load.CHECKSUM)).isEqualTo(primary.sql(Load.CHECKSUM));
      assertThat(standby.log()).doesNotContain("PANIC");
    }
  }
}
