package org.walstream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.walstream.testkit.CrashProcess;
import org.walstream.testkit.Eventually;
import org.walstream.testkit.Load;
import org.walstream.testkit.PostgresServer;
import org.walstream.testkit.ScratchDirectory;
import org.walstream.testkit.WalCopy;
import org.walstream.wal.Lsn;

/// A receiver that is killed again and again under load loses nothing that it has acknowledged and
/// leaves no gap.
///
/// `-Dwalstream.crash.rounds=50` for more rounds, `-Dwalstream.crash.seed=` to repeat a run.
class ReceiverCrashIT {

  private static final int ROUNDS = Integer.getInteger("walstream.crash.rounds", 10);
  private static final long SEED = Long.getLong("walstream.crash.seed", System.nanoTime());
  private static final Duration LIFE = Duration.ofMillis(1500);

  private final RandomGenerator random = RandomGeneratorFactory.getDefault().create(SEED);

  @Test
  @Timeout(1200)
  void nothingAcknowledgedIsLostWhenTheReceiverIsKilled() throws Exception {
    System.out.println("seed " + SEED + ", " + ROUNDS + " rounds");
    try (var scratch = ScratchDirectory.create("receiver-crash");
        var primary = PostgresServer.builder(18).setting("wal_keep_size", "8GB").start()) {
      primary.sql("SELECT pg_create_physical_replication_slot('receiver', true)");
      primary.sql("CREATE TABLE t (id bigserial, filler text)");
      var copy = new WalCopy(scratch.path(), primary.walDirectory());
      Lsn acknowledged = Lsn.INVALID;
      try (var _ = Load.on(primary)) {
        for (int round = 0; round < ROUNDS; round++) {
          try (var receiver = begin(primary, scratch.path(), round)) {
            receiver.killWithin(random, LIFE);
          }
          // What was acknowledged stays acknowledged: like pg_receivewal a receiver begins its last
          // segment anew, and may be killed before it has come as far as it had been.
          Lsn latest = acknowledged(primary);
          acknowledged = latest.isAfter(acknowledged) ? latest : acknowledged;
          copy.assertSame(acknowledged);
        }
      }
      assertThat(acknowledged).as("what was acknowledged at all").isNotEqualTo(Lsn.INVALID);
      assertThatItReceivesTheRest(primary, scratch.path());
    }
  }

  /// Every other time with `--synchronous`, which acknowledges most and most often.
  private static CrashProcess begin(PostgresServer primary, Path directory, int round) {
    var process =
        CrashProcess.java(
            "org.walstream.cli.Main",
            "receive",
            "-v",
            "-D",
            directory.toString(),
            "-d",
            primary.conninfo(),
            "-S",
            "receiver",
            round % 2 == 0 ? "--synchronous" : "--status-interval=1");
    process.awaitPrinted("starting log streaming");
    return process;
  }

  /// What the primary believes to be safe with the receiver, which is dead.
  private static Lsn acknowledged(PostgresServer primary) {
    Eventually.holds(
        "the primary has seen the receiver die",
        () -> primary.sql("SELECT active FROM pg_replication_slots").equals("f"));
    return Lsn.parse(primary.sql("SELECT restart_lsn FROM pg_replication_slots"));
  }

  private static void assertThatItReceivesTheRest(PostgresServer primary, Path directory)
      throws Exception {
    String end = primary.sql("SELECT pg_current_wal_flush_lsn()");
    try (var _ = begin(primary, directory, 0)) {
      Eventually.holds(
          "everything is acknowledged",
          () ->
              primary
                  .sql("SELECT restart_lsn >= '%s' FROM pg_replication_slots".formatted(end))
                  .equals("t"));
    }
    new WalCopy(directory, primary.walDirectory()).assertSame(Lsn.parse(end));
  }
}
