package org.walstream.redo.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.walstream.redo.DirectoryComparison;
import org.walstream.testkit.CrashProcess;
import org.walstream.testkit.Eventually;
import org.walstream.testkit.PostgresServer;
import org.walstream.testkit.SqlScript;

/// Replay killed at random moments, and gone on with by us or by a real standby, which is killed,
/// too: in the end the directory is what a standby makes that nothing happened to.
@Timeout(1800)
class ReplayCrashIT {

  private static final int ROUNDS = Integer.getInteger("walstream.crash.rounds", 8);
  private static final Duration LONGEST_LIFE = Duration.ofSeconds(3);

  private final long seed = Long.getLong("walstream.test.seed", System.nanoTime());
  private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);

  @ParameterizedTest
  @ValueSource(ints = {15, 18})
  void whateverMomentItIsKilledAtTheBytesAreTheSame(int major) throws Exception {
    System.out.printf("seed %d, %d rounds%n", seed, ROUNDS);
    try (var primary = ReplayIT.primary(major)) {
      primary.start();
      try (var standby = standby(primary);
          var ours = standby(primary)) {
        standby.spawn();
        SqlScript.named("every-record.sql").run(primary);
        ReplayIT.stopBoth(primary, standby);

        int ends = 0;
        for (int round = 0; round < ROUNDS; round++) {
          if (round % 3 == 2) {
            letAServerGoOn(ours);
          } else {
            ends += letUsGoOn(ours, primary) ? 1 : 0;
          }
        }
        System.out.printf(
            "%d of %d rounds came to the end before they were killed%n", ends, ROUNDS);
        finish(ours, primary);

        List<String> differences =
            DirectoryComparison.differences(ours.dataDirectory(), standby.dataDirectory());
        assertThat(differences).as("seed %d", seed).isEmpty();
      }
    }
  }

  private static PostgresServer standby(PostgresServer primary) {
    return PostgresServer.standbyOf(primary, primary.conninfo())
        .setting("allow_in_place_tablespaces", "on")
        .setting("hot_standby", "off")
        .setting("max_prepared_transactions", "10")
        .setting("restore_command", "cp '%s/%%f' '%%p'".formatted(primary.walDirectory()))
        .create();
  }

  private void letAServerGoOn(PostgresServer ours) throws Exception {
    giveToTheServer(ours.dataDirectory());
    int before = starts(ours);
    ours.spawn();
    Eventually.holds("it runs", () -> starts(ours) > before);
    Thread.sleep(random.nextLong(LONGEST_LIFE.toMillis()));
    ours.kill9();
  }

  /// How often it has begun, by its log.
  private static int starts(PostgresServer server) {
    return server.log().split("entering standby mode", -1).length;
  }

  /// @return whether it came to the end
  private boolean letUsGoOn(PostgresServer ours, PostgresServer primary) {
    try (var replay = replay(ours, primary)) {
      replay.killWithin(random, LONGEST_LIFE);
      assertThat(replay.errors()).doesNotContain("Exception");
      return replay.output().contains(ReplayProcess.DONE);
    }
  }

  private static void finish(PostgresServer ours, PostgresServer primary) {
    try (var replay = replay(ours, primary)) {
      replay.awaitPrinted(ReplayProcess.DONE);
    }
  }

  private static CrashProcess replay(PostgresServer ours, PostgresServer primary) {
    return CrashProcess.java(
        ReplayProcess.class.getName(),
        ours.dataDirectory().toString(),
        primary.walDirectory().toString());
  }

  private static void giveToTheServer(Path directory) throws IOException, InterruptedException {
    var chown =
        new ProcessBuilder(
            "chown", "-R", "--reference=" + directory.resolve("PG_VERSION"), directory.toString());
    assertThat(chown.inheritIO().start().waitFor()).isZero();
  }
}
