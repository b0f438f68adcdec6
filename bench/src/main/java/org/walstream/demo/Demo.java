package org.walstream.demo;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import org.walstream.bench.RelayProcess;
import org.walstream.testkit.Eventually;
import org.walstream.testkit.PortReservation;
import org.walstream.testkit.PostgresServer;
import org.walstream.testkit.PostgresServerBuilder;
import org.walstream.testkit.ScratchDirectory;

/// The story: a primary, a relay, two standbys, load, a kill, a proof.
///
/// The primary waits at each COMMIT until the relay has the WAL on disk (synchronous replication),
/// so an acknowledged row is in two places. When the primary dies, the relay has everything that
/// was acknowledged, and the standbys get it from there: PostgreSQL's own, and Walstream's, which
/// becomes the next primary.
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
                () -> server(PostgresServer.standbyOf(primary, relay.conninfo()), 2));
        var javaStandby =
            step(
                "Starting a Walstream standby, which does, too, on a base backup as it is",
                () -> javaStandby(primary, relay))) {
      introduce(primary, relay, standby, javaStandby);
      requireAcknowledgement(primary, relay);
      var proofs = play(primary, relay, standby, javaStandby);
      if (keep || !proofs.hold()) {
        relayDirectory.keep();
      }
      return conclude(proofs, primary, relay, standby, javaStandby);
    }
  }

  private PostgresServer server(PostgresServerBuilder builder, int portOffset) {
    return configured(builder, portOffset).start();
  }

  private PostgresServerBuilder configured(PostgresServerBuilder builder, int portOffset) {
    builder.durable().setting("max_wal_size", "512MB").setting("shared_buffers", "128MB");
    if (firstPort != 0) {
      builder.port(firstPort + portOffset);
    }
    return keep ? builder.keepFiles() : builder;
  }

  private JavaStandby javaStandby(PostgresServer primary, RelayProcess relay) throws IOException {
    var home = configured(PostgresServer.standbyOf(primary, relay.conninfo()), 3).create();
    return new JavaStandby(home).start();
  }

  private RelayProcess relay(
      ScratchDirectory directory, PostgresServer primary, PortReservation anyPort)
      throws IOException {
    var port = firstPort == 0 ? anyPort.port() : firstPort + 1;
    var relay = RelayProcess.start(directory.path().resolve("node"), primary, port, Map.of());
    relay.awaitStreaming(primary);
    return relay;
  }

  private void introduce(
      PostgresServer primary, RelayProcess relay, PostgresServer standby, JavaStandby javaStandby) {
    screen.say(
        """

          PostgreSQL %1$-13s Walstream                 PostgreSQL %1$s
          primary         ──WAL──▶ relay         ──┬──WAL──▶ standby
          127.0.0.1:%2$-14d 127.0.0.1:%3$-7d   │         127.0.0.1:%4$d
                                                   │
                                                   │         Walstream
                                                   └──WAL──▶ standby
                                                             127.0.0.1:%5$d

        A COMMIT on the primary returns once the relay has it on disk. Four clients insert rows
        for %6$d seconds; a row counts as acknowledged when its COMMIT has returned. The lag is the
        WAL that the primary has written and the relay has not yet on disk, or a standby has not
        yet replayed.
        """
            .formatted(
                primary.sql("SHOW server_version"),
                primary.port(),
                relay.port(),
                standby.port(),
                javaStandby.home().port(),
                seconds));
    screen.say(Watch.HEADING);
  }

  private static void requireAcknowledgement(PostgresServer primary, RelayProcess relay) {
    Load.createTable(primary);
    primary.set("synchronous_standby_names", relay.name());
    primary.reload();
  }

  /// Of the standby that PostgreSQL runs, and of what was Walstream's.
  private record Proofs(Proof standby, Proof javaStandby) {

    boolean hold() {
      return standby.holds() && javaStandby.holds();
    }
  }

  private Proofs play(
      PostgresServer primary, RelayProcess relay, PostgresServer standby, JavaStandby javaStandby)
      throws Exception {
    try (var load = new Load()) {
      load.start(primary);
      try (var watch = new Watch(primary, standby, javaStandby.home(), relay.name())) {
        watch(load, watch);
      }
      screen.say("\nKilling the primary: SIGKILL to all its processes, in the middle of the load.");
      primary.kill9();
      load.awaitEnd();
      screen.say("The relay has lost its source; the standbys still get all that the relay has.");
      var proof = awaitProof(load, standby);
      awaitAsFar(standby, javaStandby);
      var promoted =
          step(
              "Promoting the Walstream standby, and starting PostgreSQL on its directory",
              javaStandby::promote);
      return new Proofs(proof, Proof.of(promoted, load.acknowledged()));
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

  /// What the one has, the other gets, too: how far it is, both answer.
  private static void awaitAsFar(PostgresServer standby, JavaStandby javaStandby) {
    var replayed = standby.sql("SELECT pg_last_wal_replay_lsn()");
    Eventually.holds(
        "the Walstream standby has replayed up to " + replayed,
        CATCH_UP_TIMEOUT,
        () ->
            javaStandby
                .home()
                .sql("SELECT pg_last_wal_replay_lsn() >= '%s'".formatted(replayed))
                .equals("t"));
  }

  private boolean conclude(
      Proofs proofs,
      PostgresServer primary,
      RelayProcess relay,
      PostgresServer standby,
      JavaStandby javaStandby) {
    tell(proofs.standby(), proofs.javaStandby());
    if (keep || !proofs.hold()) {
      screen.say("primary             " + primary.dataDirectory());
      screen.say("relay               " + relay.directory());
      screen.say("PostgreSQL standby  " + standby.dataDirectory());
      screen.say("Walstream standby   " + javaStandby.home().dataDirectory() + "\n");
    }
    if (!proofs.hold()) {
      primary.keepFiles(true);
      standby.keepFiles(true);
      javaStandby.home().keepFiles(true);
      screen.say("FAILED: a standby lacks rows that were acknowledged. The relay's log:");
      screen.say(relay.log());
      return false;
    }
    javaStandby.home().sql("INSERT INTO demo VALUES (0, 1, 'the first row of a new life')");
    screen.say(
        "PROVED: the primary is gone, and not one acknowledged row with it; a new one runs.");
    return true;
  }

  private void tell(Proof standby, Proof javaStandby) {
    screen.say(
        """

                                       PostgreSQL       Walstream
        acknowledged rows            %,12d    %,12d
        of these on the standby      %,12d    %,12d
        of these with right payload  %,12d    %,12d
        checksum of the ids          %12s    %12s
        never acknowledged, yet here %,12d    %,12d  (their COMMIT was under way)
        """
            .formatted(
                standby.acknowledged(),
                javaStandby.acknowledged(),
                standby.found(),
                javaStandby.found(),
                standby.whole(),
                javaStandby.whole(),
                standby.checksumRight() ? "right" : "WRONG",
                javaStandby.checksumRight() ? "right" : "WRONG",
                standby.more(),
                javaStandby.more()));
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
