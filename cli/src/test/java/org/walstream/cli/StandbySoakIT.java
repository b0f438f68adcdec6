package org.walstream.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.walstream.redo.TestedVersions;
import org.walstream.testkit.Eventually;
import org.walstream.testkit.FaultProxy;
import org.walstream.testkit.PostgresServer;
import org.walstream.testkit.PostgresServerBuilder;

/// Primary, standby and the network between them die at random moments under load of many kinds.
/// Each round ends with the primary's death, a promotion, and a server on the standby's directory:
/// it must be whole, and have every row that was acknowledged as replayed there. It is the next
/// round's primary.
///
/// ```
///   primary ◀── load of many kinds         round 1     primary ──▶ standby
///      │                                   round 2                 primary ──▶ standby
///   network (FaultProxy)                   ...
///      ▼
///   walstream standby
/// ```
///
/// `-Dwalstream.test.seconds=N`: for how long, each version; `-Dwalstream.test.seed=N` for the same
/// faults in the same order.
@Timeout(value = 3, unit = TimeUnit.HOURS)
class StandbySoakIT {

  private static final int SECONDS = Integer.getInteger("walstream.test.seconds", 5);
  private static final int ROUND_SECONDS = 60;
  private static final Duration LONGEST_PEACE = Duration.ofSeconds(5);
  private static final String NAME = "soaked";

  private final long seed = Long.getLong("walstream.test.seed", System.nanoTime());
  private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);

  private enum Fault {
    PRIMARY_KILLED,
    STANDBY_KILLED,
    STANDBY_STOPPED,
    NETWORK_CUT,
    NETWORK_CUT_IN_A_MESSAGE,
    NETWORK_AWAY,
    NETWORK_STALLED
  }

  @ParameterizedTest
  @MethodSource(TestedVersions.OF_HEAVY_TESTS)
  void whoeverDiesWhateverWasAcknowledgedIsThere(int major) throws Exception {
    System.out.printf("PostgreSQL %d, seed %d, %d s%n", major, seed, SECONDS);
    PostgresServer primary =
        settings(PostgresServer.builder(major).initdb("--data-checksums")).start();
    try {
      for (int left = SECONDS; left > 0; left -= ROUND_SECONDS) {
        primary = round(primary, Math.min(left, ROUND_SECONDS));
      }
    } finally {
      primary.close();
    }
  }

  /// Durable, as ours always is: a primary that forces nothing would leave it behind.
  private static PostgresServerBuilder settings(PostgresServerBuilder builder) {
    return builder
        .durable()
        .setting("wal_level", "logical")
        .setting("track_commit_timestamp", "on")
        .setting("max_prepared_transactions", "50")
        .setting("max_wal_size", "64MB")
        .setting("checkpoint_timeout", "30s")
        .setting("autovacuum_naptime", "1s");
  }

  /// @param primary is closed
  /// @return the next round's
  private PostgresServer round(PostgresServer primary, int seconds) throws Exception {
    var proxy = FaultProxy.to(primary);
    PostgresServer home = null;
    try (primary;
        proxy) {
      primary.sql("SELECT pg_create_physical_replication_slot('%s', true)".formatted(NAME));
      home =
          settings(
                  PostgresServer.standbyOf(primary, proxy.conninfo() + " application_name=" + NAME))
              .setting("primary_slot_name", NAME)
              .setting("wal_receiver_timeout", "3s")
              .create();
      primary.set("synchronous_standby_names", NAME).reload();
      try (var scene = new Scene(primary, proxy, home);
          var load = MixedLoad.on(primary)) {
        scene.begin();
        scene.play(load, seconds);
        load.stop();
        primary.kill9();
        scene.promote();
        report(load, scene);
        home.ownFiles();
        home.start();
        requireWhole(home, load.acknowledged());
      }
      return home;
    } catch (Exception | AssertionError e) {
      System.out.println("the primary's log:\n" + primary.log());
      if (home != null) {
        System.out.println("PostgreSQL's log on the standby's directory:\n" + home.log());
        home.close();
      }
      throw e;
    }
  }

  private static long acknowledged(MixedLoad load) {
    return load.acknowledged().stream().mapToLong(BitSet::cardinality).sum();
  }

  private static void report(MixedLoad load, Scene scene) {
    System.out.printf(
        "%d statements, %s acknowledged as replayed, faults %s%n",
        load.statements(),
        load.acknowledged().stream().map(BitSet::cardinality).toList(),
        scene.faults);
  }

  // ---------------------------------------------------------------------------------------------

  /// A primary, a network, a standby that runs.
  private final class Scene implements AutoCloseable {

    private final PostgresServer primary;
    private final FaultProxy proxy;
    private final PostgresServer home;
    private final List<Fault> faults = new ArrayList<>();
    private @Nullable RunningStandby standby;

    Scene(PostgresServer primary, FaultProxy proxy, PostgresServer home) {
      this.primary = primary;
      this.proxy = proxy;
      this.home = home;
    }

    void begin() {
      if (standby != null) {
        assertThat(standby.said()).doesNotContain("Exception");
      }
      standby = RunningStandby.start(home);
    }

    /// Begins once commits are replayed: the time before, on a busy machine, proves nothing.
    void play(MixedLoad load, int seconds) throws Exception {
      running().awaitSaid("started streaming WAL");
      Eventually.holds(
          "each has had a commit acknowledged",
          () -> load.acknowledged().stream().noneMatch(BitSet::isEmpty));
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
      while (deadline - System.nanoTime() > 0) {
        awaitMore(load);
        peace(LONGEST_PEACE);
        load.requireWell();
        running().requireAlive();
        Fault fault = List.of(Fault.values()).get(random.nextInt(Fault.values().length));
        faults.add(fault);
        strike(fault);
      }
    }

    /// Whatever has happened, commits are acknowledged again: each fault meets WAL that flows.
    private void awaitMore(MixedLoad load) {
      long before = acknowledged(load);
      Eventually.holds(
          "commits are acknowledged after %s; the standby has said:%n%s"
              .formatted(faults, running().said()),
          () -> acknowledged(load) > before);
    }

    private void strike(Fault fault) throws Exception {
      switch (fault) {
        case PRIMARY_KILLED -> {
          primary.kill9();
          peace(Duration.ofSeconds(1));
          primary.start();
        }
        case STANDBY_KILLED -> {
          running().kill9();
          begin();
        }
        case STANDBY_STOPPED -> {
          running().awaitSaid("entering standby mode"); // it hears signals by then
          running().stop();
          begin();
        }
        case NETWORK_CUT -> proxy.cut();
        case NETWORK_CUT_IN_A_MESSAGE ->
            proxy.towardsClient().cutAfter(1 + random.nextInt(500_000));
        case NETWORK_AWAY -> {
          proxy.refuse(true);
          proxy.cut();
          peace(Duration.ofSeconds(2));
          proxy.refuse(false);
        }
        case NETWORK_STALLED -> {
          proxy.towardsClient().stall();
          peace(Duration.ofSeconds(4));
          proxy.towardsClient().resume();
        }
      }
    }

    private void peace(Duration longest) throws InterruptedException {
      Thread.sleep(random.nextLong(longest.toMillis()));
    }

    /// A request counts once the directory is the standby's.
    void promote() throws IOException {
      running().awaitSaid("could not stream WAL from primary");
      running().ask("promote");
      assertThat(running().awaitExit()).as(running().said()).isZero();
      assertThat(running().said()).doesNotContain("Exception");
    }

    private RunningStandby running() {
      return requireNonNull(standby);
    }

    @Override
    public void close() {
      if (standby != null) {
        standby.close();
      }
    }
  }

  // ---------------------------------------------------------------------------------------------

  private static void requireWhole(PostgresServer server, List<BitSet> acknowledged)
      throws SQLException {
    try (var session = server.jdbc();
        var statement = session.createStatement()) {
      for (int client = 0; client < acknowledged.size(); client++) {
        BitSet lost = acknowledged.get(client);
        assertThat(lost.isEmpty()).as("nothing was acknowledged").isFalse();
        lost.andNot(numbers(session, client));
        assertThat(lost).as("acknowledged to client %d, and lost", client).isEqualTo(new BitSet());
      }
      MixedLoad.finish(statement);
      for (String rule : MixedLoad.BROKEN_RULES) {
        assertThat(server.sql(rule)).as(rule).isEqualTo("0");
      }
      for (String condition : MixedLoad.INDEXED_CONDITIONS) {
        requireSame(session, condition);
      }
    }
    assertThat(Amcheck.damage(server)).isEmpty();
  }

  private static BitSet numbers(Connection session, int client) throws SQLException {
    var numbers = new BitSet();
    try (var statement = session.createStatement();
        var rows =
            statement.executeQuery("SELECT number FROM acknowledged WHERE client = " + client)) {
      while (rows.next()) {
        numbers.set(rows.getInt(1));
      }
    }
    return numbers;
  }

  /// The table itself and whatever index there is for it say the same.
  private static void requireSame(Connection session, String condition) throws SQLException {
    String query = "SELECT count(*) || ' ' || coalesce(sum(id), 0) FROM indexed WHERE " + condition;
    String scanned = ask(session, "enable_indexscan = off; SET enable_bitmapscan = off", query);
    String found = ask(session, "enable_indexscan = on; SET enable_bitmapscan = on", query);
    assertThat(found).as(condition).isEqualTo(scanned);
  }

  private static String ask(Connection session, String setting, String query) throws SQLException {
    try (var statement = session.createStatement()) {
      statement.execute("SET enable_seqscan = off");
      statement.execute("SET enable_indexonlyscan = off");
      statement.execute("SET " + setting);
      try (var row = statement.executeQuery(query)) {
        row.next();
        return row.getString(1);
      }
    }
  }
}
