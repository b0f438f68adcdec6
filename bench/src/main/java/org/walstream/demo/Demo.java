package org.walstream.demo;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import org.walstream.bench.RelayProcess;
import org.walstream.testkit.PortReservation;
import org.walstream.testkit.PostgresServer;
import org.walstream.testkit.PostgresServerBuilder;
import org.walstream.testkit.ScratchDirectory;

/// The story: three servers, load, a kill, a proof.
///
/// The primary waits at each COMMIT until the relay has the WAL on disk (synchronous replication),
/// so an acknowledged row is in two places. When the primary dies, the relay has everything that
/// was acknowledged, and the standby gets it from there.
final class Demo {

  private static final int MAJOR = 18;
  private static final Duration CATCH_UP_TIMEOUT = Duration.ofMinutes(1);

  private final Screen screen;
  private final int seconds;
  private final int firstPort; // 0: any free ones
  private final boolean keep;

  Demo(Screen screen, int seconds, int firstPort, boolean keep) {
    this.screen = screen;
    this.seconds = seconds;
    this.firstPort = firstPort;
    this.keep = keep;
  }

  /// True when the proof holds.
  boolean run() throws Exception {
    screen.say(
        """
        Every change to a PostgreSQL database is first written to its write-ahead log, the WAL.
        Whoever has the WAL can rebuild the data: a standby replays it and is a living copy.
        """);
    try (var relayDirectory = ScratchDirectory.create("relay");
        var primary =
            step("Starting a PostgreSQL primary", () -> server(PostgresServer.builder(MAJOR), 0));
        var relayPort = PortReservation.any();
        var relay =
            step(
                "Starting a Walstream relay, which receives the WAL, keeps it and sends it on",
                () -> relay(relayDirectory, primary, relayPort));
        var standby =
            step(
                "Starting a PostgreSQL standby, which streams from the relay",
                () -> server(PostgresServer.standbyOf(primary, relay.conninfo()), 2))) {
      introduce(primary, relay, standby);
      requireAcknowledgement(primary, relay);
      var proof = play(primary, relay, standby);
      if (keep || !proof.holds()) {
        relayDirectory.keep();
      }
      return conclude(proof, primary, relay, standby);
    }
  }

  private PostgresServer server(PostgresServerBuilder builder, int portOffset) {
    builder.durable().setting("max_wal_size", "512MB").setting("shared_buffers", "128MB");
    if (firstPort != 0) {
      builder.port(firstPort + portOffset);
    }
    return (keep ? builder.keepFiles() : builder).start();
  }

  private RelayProcess relay(
      ScratchDirectory directory, PostgresServer primary, PortReservation anyPort)
      throws IOException {
    var port = firstPort == 0 ? anyPort.port() : firstPort + 1;
    var relay = RelayProcess.start(directory.path().resolve("node"), primary, port, Map.of());
    relay.awaitStreaming(primary);
    return relay;
  }

  private void introduce(PostgresServer primary, RelayProcess relay, PostgresServer standby) {
    screen.say(
        """

          PostgreSQL %1$-13s Walstream              PostgreSQL %1$s
          primary         ──WAL──▶ relay         ──WAL──▶ standby
          127.0.0.1:%2$-14d 127.0.0.1:%3$-12d 127.0.0.1:%4$d

        A COMMIT on the primary returns once the relay has it on disk. Four clients insert rows
        for %5$d seconds; a row counts as acknowledged when its COMMIT has returned. The lag is the
        WAL that the primary has written and the relay has not yet on disk, or the standby has
        not yet replayed.
        """
            .formatted(
                primary.sql("SHOW server_version"),
                primary.port(),
                relay.port(),
                standby.port(),
                seconds));
    screen.say(Watch.HEADING);
  }

  private static void requireAcknowledgement(PostgresServer primary, RelayProcess relay) {
    Load.createTable(primary);
    primary.set("synchronous_standby_names", relay.name());
    primary.reload();
  }

  private Proof play(PostgresServer primary, RelayProcess relay, PostgresServer standby)
      throws Exception {
    try (var load = new Load()) {
      load.start(primary);
      try (var watch = new Watch(primary, standby, relay.name())) {
        watch(load, watch);
      }
      screen.say("\nKilling the primary: SIGKILL to all its processes, in the middle of the load.");
      primary.kill9();
      load.awaitEnd();
      screen.say("The relay has lost its source; the standby still gets all that the relay has.");
      return awaitProof(load, standby);
    }
  }

  private void watch(Load load, Watch watch) throws Exception {
    var start = System.nanoTime();
    for (int second = 1; second <= seconds; second++) {
      Thread.sleep(Duration.ofNanos(start + second * 1_000_000_000L - System.nanoTime()));
      screen.live(watch.line(second, load.acknowledgedRows()));
      var failure = load.failure();
      if (failure != null) {
        throw failure;
      }
    }
  }

  /// What the relay has flows on by itself: looks again until every row is there, or long enough.
  private static Proof awaitProof(Load load, PostgresServer standby) throws Exception {
    var deadline = System.nanoTime() + CATCH_UP_TIMEOUT.toNanos();
    while (true) {
      var proof = Proof.of(standby, load.acknowledged());
      if (proof.holds() || System.nanoTime() - deadline > 0) {
        return proof;
      }
      Thread.sleep(100);
    }
  }

  private boolean conclude(
      Proof proof, PostgresServer primary, RelayProcess relay, PostgresServer standby)
      throws SQLException {
    screen.say(
        """

        acknowledged rows            %,12d
        of these on the standby      %,12d
        of these with right payload  %,12d
        checksum of the ids          %s
        never acknowledged, yet here %,12d  (their COMMIT was under way)
        """
            .formatted(
                proof.acknowledged(),
                proof.found(),
                proof.whole(),
                proof.checksumRight() ? "       right" : "       WRONG",
                proof.more()));
    if (keep || !proof.holds()) {
      screen.say("primary  " + primary.dataDirectory());
      screen.say("relay    " + relay.directory());
      screen.say("standby  " + standby.dataDirectory() + "\n");
    }
    if (!proof.holds()) {
      primary.keepFiles(true);
      standby.keepFiles(true);
      screen.say("FAILED: the standby lacks rows that were acknowledged. The relay's log:");
      screen.say(relay.log());
      return false;
    }
    promote(standby);
    return true;
  }

  private void promote(PostgresServer standby) {
    step(
        "Making the standby the new primary",
        () -> {
          standby.promote();
          standby.sql("INSERT INTO demo VALUES (0, 1, 'the first row of a new life')");
          return standby;
        });
    screen.say("\nPROVED: the primary is gone, and not one acknowledged row with it.");
  }

  private <T> T step(String what, Callable<T> action) {
    var start = System.nanoTime();
    try {
      var result = action.call();
      screen.say("%s (%.1f s)".formatted(what, (System.nanoTime() - start) / 1e9));
      return result;
    } catch (Exception | AssertionError e) { // the latter: waited long enough
      throw new IllegalStateException(what + " failed: " + e.getMessage(), e);
    }
  }
}
