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
import org.walstream.testkit.PostgresServer;
import org.walstream.testkit.ScratchDirectory;
import org.walstream.testkit.SqlScript;
import org.walstream.testkit.file.PowerCutFiles;
import org.walstream.testkit.file.PowerLossException;
import org.walstream.testkit.file.RecordedFiles.Torn;

/// Replay whose computer loses its power in the midst of random operations, after which of all that
/// was not forced anything is there or not, in sectors of 512 bytes or pages of 4 kB: whenever it
/// comes to the end, the directory is what a standby makes that nothing happened to.
@Timeout(7200) // of the heavy checks: a hundred cuts
class ReplayPowerCutIT {

  private static final int CUTS = Integer.getInteger("walstream.crash.rounds", 6);

  private final long seed = Long.getLong("walstream.test.seed", System.nanoTime());
  private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);

  @ParameterizedTest
  @MethodSource(TestedVersions.OF_LONG_TESTS)
  void whateverOfTheUnforcedIsLostTheBytesAreTheSame(int major) throws Exception {
    System.out.printf("seed %d, %d cuts%n", seed, CUTS);
    try (var primary = ReplayIT.primary(major);
        var scratch = ScratchDirectory.create("power-cut")) {
      primary.start();
      try (var standby =
          PostgresServer.standbyOf(primary, primary.conninfo())
              .setting("allow_in_place_tablespaces", "on")
              .setting("hot_standby", "off")
              .setting("max_prepared_transactions", "10")
              .create()) {
        Path backup = scratch.path().resolve("backup");
        Path ours = scratch.path().resolve("ours");
        ReplayCrashIT.copy(standby.dataDirectory(), backup);
        standby.spawn();
        SqlScript.named("every-record.sql").run(primary);
        touchManyPages(primary);
        ReplayIT.stopBoth(primary, standby);

        var files = new PowerCutFiles(scratch.path().resolve("aside"));
        ReplayCrashIT.copy(backup, ours);
        long began = System.nanoTime();
        replay(files, ours, primary);
        long operations = files.operations();
        System.out.printf(
            "%d: %d operations in %d ms%n",
            major, operations, (System.nanoTime() - began) / 1_000_000);
        files.loseUnforced(random, Torn.SECTORS, _ -> false);
        assertSame(ours, standby, 0);

        ReplayCrashIT.copy(backup, ours);
        boolean tearsMaps = false;
        int ends = 0;
        for (int cuts = 0; cuts < CUTS || ends == 0; ) {
          // Half of them come to the end, so that what a cut has done is seen.
          files.cutAt(random.nextLong(1, 2 * operations));
          boolean isCut = isCut(files, ours, primary);
          boolean maps = tearsMaps;
          Torn torn = random.nextBoolean() ? Torn.SECTORS : Torn.PAGES;
          files.loseUnforced(random, torn, path -> !maps && isMapWithoutImages(path, major));
          if (isCut) {
            cuts++;
          } else {
            ends++;
            assertSame(ours, standby, tearsMaps ? major : 0);
            ReplayCrashIT.copy(backup, ours);
            tearsMaps = random.nextInt(3) == 0;
          }
        }
        System.out.printf("%d: %d times at the end%n", major, ends);
      }
    }
  }

  /// A table larger than the pool, some pages of which change after every checkpoint.
  private static void touchManyPages(PostgresServer primary) {
    primary.sql(
        "CREATE TABLE torn (id int PRIMARY KEY, filler text) WITH (fillfactor = 80);"
            + " INSERT INTO torn SELECT g, repeat('x', 300) FROM generate_series(1, 20000) g");
    for (int round = 1; round <= 3; round++) {
      primary.sql("CHECKPOINT");
      primary.sql("UPDATE torn SET filler = repeat('" + round + "', 290) WHERE id % 23 = " + round);
      primary.sql("DELETE FROM torn WHERE id % 31 = " + round);
      primary.sql("VACUUM torn");
    }
  }

  private boolean isCut(PowerCutFiles files, Path ours, PostgresServer primary) {
    try {
      replay(files, ours, primary);
      return false;
    } catch (IOException e) {
      Throwable root = e;
      while (root.getCause() != null) {
        root = root.getCause();
      }
      assertThat(root).as("seed %d", seed).isInstanceOf(PowerLossException.class);
      return true;
    }
  }

  private static void replay(PowerCutFiles files, Path ours, PostgresServer primary)
      throws IOException {
    var options =
        RecoveryOptions.of(ours)
            .withAllowInPlaceTablespaces(true)
            .withRestartPoints(new RecoveryOptions.Budget(Duration.ZERO, 0));
    var factory = new ParallelReplay(2 << 20, 2, false);
    new Recovery(files, options, ReplayIT.walOf(primary), factory, new HeardWords()).run();
  }

  /// Of such a page WAL has no image before its first change. Torn, it fails its checksum, and is
  /// begun anew with what WAL from then on tells of it, as in PostgreSQL: only a page that is there
  /// as a whole or not comes to the same bytes.
  private static boolean isMapWithoutImages(Path path, int major) {
    String name = path.getFileName().toString();
    return name.endsWith("_fsm") || (major < 17 && name.endsWith("_vm"));
  }

  /// @param tornMaps the version, if maps may differ that have been torn; otherwise 0
  private void assertSame(Path ours, PostgresServer standby, int tornMaps) throws IOException {
    List<String> differences =
        DirectoryComparison.differences(ours, standby.dataDirectory()).stream()
            .filter(difference ->
                tornMaps == 0
                    || !difference.contains(": block ")
                    || !isMapWithoutImages(
                        Path.of(difference.substring(0, difference.indexOf(':'))), tornMaps))
            .toList();
    assertThat(differences).as("seed %d", seed).isEmpty();
  }
}
