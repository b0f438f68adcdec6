package org.walstream.node.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.walstream.node.log.LogDestination;
import org.walstream.node.log.LogSink;
import org.walstream.node.log.Severity;

/// A world for each seed, one after the other, since two at once would wait for each other where
/// the program shares something (what is logged), and that would be no seed's doing; the same ones
/// in every build: what is new in one of them is the change's doing. `./check --heavy simulation`
/// visits others.
///
/// Buffers outside of the heap are given back by the collector alone, which knows no hurry; who
/// asks for one when there is no room would sleep by the real clock, while the world goes on.
///
/// `-Dwalstream.test.seed=N -Dwalstream.test.rounds=1` for one of them again,
/// `-Dwalstream.simulation.telling=true` to hear its receivers.
@Timeout(36_000)
class SimulationTest {

  private static final int ROUNDS = Integer.getInteger("walstream.test.rounds", 10_000);

  private final long firstSeed = Long.getLong("walstream.test.seed", 1);

  /// What nodes say of their troubles is no news here.
  @BeforeAll
  static void beSilent() {
    LogSink.configure(LogDestination.STDERR, "", Severity.PANIC, System.err);
  }

  @AfterAll
  static void speak() {
    LogSink.configure(LogDestination.STDERR, "", Severity.WARNING, System.err);
  }

  @Test
  void whateverBefallsThemNothingReportedFlushedIsLostAndEverybodyComesToHaveEverything() {
    System.out.printf("%d worlds from seed %d%n", ROUNDS, firstSeed);
    for (long seed = firstSeed; seed < firstSeed + ROUNDS; seed++) {
      if (seed % 50 == 0) {
        System.gc();
      }
      new Simulation(seed).run();
    }
  }

  @Test
  void theSameSeedIsTheSameWorld() {
    for (long seed = firstSeed; seed < firstSeed + 20; seed++) {
      assertThat(traceOf(seed)).as("seed %d", seed).isEqualTo(traceOf(seed));
    }
  }

  private static String traceOf(long seed) {
    var simulation = new Simulation(seed);
    simulation.run();
    return simulation.trace();
  }
}
