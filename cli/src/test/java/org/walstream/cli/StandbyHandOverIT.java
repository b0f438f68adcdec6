package org.walstream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.walstream.redo.DirectoryComparison;
import org.walstream.redo.TestedVersions;
import org.walstream.testkit.Eventually;
import org.walstream.testkit.PostgresServer;
import org.walstream.testkit.PostgresServerBuilder;

/// One standby's directory, in which `postgres` and `walstream standby` take turns under load, each
/// ended by a stop or a SIGKILL: in the end it is that of a standby that `postgres` has run all the
/// time.
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class StandbyHandOverIT {

  private static final int TURNS = TestedVersions.HEAVY ? 10 : 2;
  private static final String SHARED = "shared";
  private static final String THEIRS = "theirs";
  private static final int LONGEST_LIFE_MS = 2000;

  private final long seed = Long.getLong("walstream.test.seed", System.nanoTime());
  private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);

  @ParameterizedTest
  @MethodSource(TestedVersions.OF_HEAVY_TESTS)
  void backAndForthTheBytesAreAStandbys(int major) throws Exception {
    System.out.printf("PostgreSQL %d, seed %d, %d turns%n", major, seed, TURNS);
    try (var primary =
            settings(PostgresServer.builder(major).initdb("--data-checksums"))
                .setting("wal_level", "logical")
                .start();
        var theirs = standby(primary, THEIRS);
        var shared = standby(primary, SHARED)) {
      theirs.spawn();
      try (var load = MixedLoad.on(primary)) {
        for (int turn = 0; turn < TURNS; turn++) {
          serversTurn(primary, shared);
          ourTurn(primary, shared);
          load.requireWell();
        }
      }
      try (var standby = RunningStandby.start(shared)) {
        standby.awaitSaid("started streaming WAL");
        standby.endWith(primary, theirs, THEIRS);
      }
      assertThat(DirectoryComparison.differences(shared.dataDirectory(), theirs.dataDirectory()))
          .isEmpty();
    }
  }

  /// Durable, as ours always is: a primary that forces nothing would leave it behind.
  private static PostgresServerBuilder settings(PostgresServerBuilder builder) {
    return builder
        .durable()
        .setting("max_prepared_transactions", "50")
        .setting("max_wal_size", "64MB")
        .setting("checkpoint_timeout", "30s");
  }

  private static PostgresServer standby(PostgresServer primary, String name) {
    primary.sql("SELECT pg_create_physical_replication_slot('%s', true)".formatted(name));
    return settings(
            PostgresServer.standbyOf(primary, primary.conninfo() + " application_name=" + name))
        .setting("hot_standby", "off")
        .setting("primary_slot_name", name)
        .create();
  }

  private void serversTurn(PostgresServer primary, PostgresServer shared) throws Exception {
    shared.ownFiles();
    shared.spawn();
    try {
      live(primary);
    } catch (AssertionError e) {
      throw new AssertionError("the server has logged: " + shared.log(), e);
    }
    if (random.nextBoolean()) {
      shared.kill9();
    } else {
      shared.stopFast();
    }
    awaitGone(primary);
  }

  private void ourTurn(PostgresServer primary, PostgresServer shared) throws Exception {
    try (var standby = RunningStandby.start(shared)) {
      live(primary);
      if (random.nextBoolean()) {
        standby.kill9();
      } else {
        standby.stop();
      }
      assertThat(standby.said()).doesNotContain("Exception");
    }
    awaitGone(primary);
  }

  /// Until it has replayed what there was, and then for a while.
  private void live(PostgresServer primary) throws InterruptedException {
    RunningStandby.awaitReplayed(primary, SHARED);
    Thread.sleep(random.nextLong(LONGEST_LIFE_MS));
  }

  private static void awaitGone(PostgresServer primary) {
    Eventually.holds(
        "the primary has noticed",
        () ->
            primary
                .sql(
                    "SELECT count(*) FROM pg_stat_replication WHERE application_name = '%s'"
                        .formatted(SHARED))
                .equals("0"));
  }
}
