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
import org.junit.jupiter.params.provider.MethodSource;
import org.walstream.redo.DirectoryComparison;
import org.walstream.redo.TestedVersions;
import org.walstream.testkit.CrashProcess;
import org.walstream.testkit.Eventually;
import org.walstream.testkit.PostgresServer;
import org.walstream.testkit.ScratchDirectory;
import org.walstream.testkit.SqlScript;

/// Replay killed at random moments, and gone on with by us or by a real standby, which is killed,
/// too: whenever it comes to the end, the directory is what a standby makes that nothing happened
/// to; and it begins anew with the backup, until enough have been killed.
@Timeout(7200) // of the heavy checks: a hundred kills
class ReplayCrashIT {

  private static final int ROUNDS = Integer.getInteger("walstream.crash.rounds", 4);

  /// A server needs about this for all the WAL.
  private static final Duration SERVERS_LIFE = Duration.ofSeconds(2);

  private final long seed = Long.getLong("walstream.test.seed", System.nanoTime());
  private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);

  @ParameterizedTest
  @MethodSource(TestedVersions.OF_LONG_TESTS)
  void whateverMomentItIsKilledAtTheBytesAreTheSame(int major) throws Exception {
    System.out.printf("seed %d, %d rounds%n", seed, ROUNDS);
    try (var primary = ReplayIT.primary(major);
        var scratch = ScratchDirectory.create("replay-crash")) {
      primary.start();
      try (var standby = standby(primary);
          var ours = standby(primary)) {
        Path backup = scratch.path().resolve("backup");
        copy(ours.dataDirectory(), backup);
        standby.spawn();
        SqlScript.named("every-record.sql").run(primary);
        ReplayIT.stopBoth(primary, standby);

        Duration whole = wholeLife(ours, primary);
        assertSame(ours, standby);
        copy(backup, ours.dataDirectory());

        int ends = 1;
        int servers = 0;
        for (int killed = 0; killed < ROUNDS; killed++) {
          if (random.nextInt(3) == 0) {
            letAServerGoOn(ours);
            servers++;
          } else if (letUsGoOn(ours, primary, whole)) {
            ends++;
            killed--;
            whole =
                whole.multipliedBy(4).dividedBy(5); // a busy machine's, else most come to the end
            assertSame(ours, standby);
            copy(backup, ours.dataDirectory());
          }
        }
        wholeLife(ours, primary);
        assertSame(ours, standby);
        System.out.printf(
            "%d: %d killed, %d of them servers; %d times at the end, of %d ms%n",
            major, ROUNDS, servers, ends + 1, whole.toMillis());
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
    run(
        "chown",
        "-R",
        "--reference=" + ours.dataDirectory().resolve("PG_VERSION"),
        ours.dataDirectory().toString());
    int before = starts(ours);
    ours.spawn();
    Eventually.holds("it runs", () -> starts(ours) > before);
    Thread.sleep(random.nextLong(SERVERS_LIFE.toMillis()));
    ours.kill9();
  }

  /// How often it has begun, by its log.
  private static int starts(PostgresServer server) {
    return server.log().split("entering standby mode", -1).length;
  }

  /// @return whether it came to the end before it was to be killed
  private boolean letUsGoOn(PostgresServer ours, PostgresServer primary, Duration longest) {
    try (var replay = replay(ours, primary)) {
      replay.awaitPrinted(ReplayProcess.BEGINS);
      replay.killWithin(random, longest);
      assertThat(replay.errors()).as("seed %d", seed).doesNotContain("Exception");
      return replay.output().contains(ReplayProcess.DONE);
    }
  }

  /// @return how long it took
  private static Duration wholeLife(PostgresServer ours, PostgresServer primary) {
    try (var replay = replay(ours, primary)) {
      replay.awaitPrinted(ReplayProcess.BEGINS);
      long begin = System.nanoTime();
      replay.awaitPrinted(ReplayProcess.DONE);
      return Duration.ofNanos(System.nanoTime() - begin);
    }
  }

  private static CrashProcess replay(PostgresServer ours, PostgresServer primary) {
    return CrashProcess.java(
        ReplayProcess.class.getName(),
        ours.dataDirectory().toString(),
        primary.walDirectory().toString());
  }

  private void assertSame(PostgresServer ours, PostgresServer standby) throws IOException {
    List<String> differences =
        DirectoryComparison.differences(ours.dataDirectory(), standby.dataDirectory());
    assertThat(differences).as("seed %d", seed).isEmpty();
  }

  /// Puts a copy of the directory in the place of another.
  static void copy(Path from, Path to) throws IOException, InterruptedException {
    run("rm", "-rf", to.toString());
    run("cp", "-a", from.toString(), to.toString());
  }

  private static void run(String... command) throws IOException, InterruptedException {
    assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
  }
}
