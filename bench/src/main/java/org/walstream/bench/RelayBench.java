package org.walstream.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.walstream.testkit.Eventually;
import org.walstream.testkit.PortReservation;
import org.walstream.testkit.PostgresServer;
import org.walstream.testkit.ScratchDirectory;

/// How much later a commit is at a receiver two steps away from the primary: behind a relay, and
/// behind a cascading PostgreSQL standby, in turns. Few and small commits, so that nothing waits in
/// a queue: what is left is the hop itself.
///
/// While one is measured the other is frozen (SIGSTOP), so that it takes neither processor nor
/// disk.
final class RelayBench {

  private static final int COMMITS_PER_SECOND = 50;

  private final Plan plan;
  private final Consumer<String> progress;

  RelayBench(Plan plan, Consumer<String> progress) {
    this.plan = plan;
    this.progress = progress;
  }

  /// The table, in Markdown.
  String run() throws Exception {
    var tools = Tools.find();
    try (var primary = startPrimary();
        var scratch = ScratchDirectory.create("bench");
        var port = PortReservation.any();
        var relay =
            RelayProcess.start(
                scratch.path().resolve("node"),
                primary,
                port.port(),
                Map.of("wal_sender_timeout", "0", "wal_receiver_timeout", "0"));
        var standby =
            PostgresServer.standbyOf(primary, primary.conninfo())
                .durable()
                .setting("wal_sender_timeout", "0")
                .setting("wal_receiver_timeout", "0")
                .start()) {
      relay.awaitStreaming(primary);
      var theirs = new Contestant("standby", standby.port(), "postgres", walReceiver(standby));
      var ours = new Contestant("relay", relay.port(), "standby", relay.pid());
      return measure(
          primary,
          theirs,
          ours,
          Machine.describe(scratch.path(), tools.run("pg_receivewal", "--version").strip()));
    }
  }

  private static PostgresServer startPrimary() {
    var primary =
        PostgresServer.builder(18)
            .durable()
            .setting("autovacuum", "off")
            .setting("checkpoint_timeout", "1d")
            .setting("wal_keep_size", "1GB")
            .setting("wal_sender_timeout", "0")
            .start();
    primary.sql("CREATE TABLE hop (id bigint, filler text)");
    return primary;
  }

  /// The process of a standby whose rest is the whole standby's.
  private static long walReceiver(PostgresServer standby) {
    Eventually.holds("the standby receives WAL", () -> !walReceiverPid(standby).isEmpty());
    return Long.parseLong(walReceiverPid(standby));
  }

  private static String walReceiverPid(PostgresServer standby) {
    return standby.sql("SELECT pid FROM pg_stat_wal_receiver WHERE status = 'streaming'");
  }

  /// @param frozenPid the process without which it does nothing
  private record Contestant(String name, int port, String user, long frozenPid) {

    void freeze() throws IOException {
      signal("-STOP");
    }

    void thaw() throws IOException {
      signal("-CONT");
    }

    private void signal(String signal) throws IOException {
      var kill = new ProcessBuilder("kill", signal, String.valueOf(frozenPid)).inheritIO().start();
      if (kill.onExit().join().exitValue() != 0) {
        throw new IOException("could not send " + signal + " to process " + frozenPid);
      }
    }
  }

  private String measure(PostgresServer primary, Contestant theirs, Contestant ours, String machine)
      throws Exception {
    var theirHops = new ArrayList<long[]>();
    var ourHops = new ArrayList<long[]>();
    try {
      for (int round = 0;
          round <= plan.rounds();
          round++) { // the first warms up, and does not count
        theirHops.add(runOnce(primary, theirs, ours));
        ourHops.add(runOnce(primary, ours, theirs));
      }
    } finally {
      ours.thaw(); // or it could not be stopped
      theirs.thaw();
    }
    long[] their = together(theirHops);
    long[] our = together(ourHops);
    return """
    ### From COMMIT to a receiver behind one more hop

    %s. %d one-row commits a second, %d of them through each. Milliseconds since COMMIT returned.

    | through | p50 | p90 | p99 | p99.9 | most |
    |---|---|---|---|---|---|
    """
            .formatted(machine, COMMITS_PER_SECOND, our.length)
        + row("PostgreSQL standby", their)
        + row("relay", our)
        + ratios(our, their);
  }

  private long[] runOnce(PostgresServer primary, Contestant measured, Contestant idle)
      throws Exception {
    idle.freeze();
    measured.thaw();
    int commits = COMMITS_PER_SECOND * (plan.quick() ? 1 : 20);
    long[] hops;
    try (var hop = HopProbe.connect(primary, measured.port(), measured.user())) {
      hops = hop.measure(commits, 1_000_000_000L / COMMITS_PER_SECOND);
    }
    idle.thaw();
    progress.accept(
        "%s: p50 %.2f ms, p99 %.2f ms"
            .formatted(measured.name(), millis(hops, 0.5), millis(hops, 0.99)));
    return hops;
  }

  private static long[] together(List<long[]> rounds) {
    long[] all = rounds.stream().skip(1).flatMapToLong(Arrays::stream).toArray();
    Arrays.sort(all);
    return all;
  }

  private static double millis(long[] nanos, double quantile) {
    long[] sorted = nanos.clone();
    Arrays.sort(sorted);
    return sorted[(int) Math.min(sorted.length - 1L, (long) (sorted.length * quantile))] / 1e6;
  }

  private static String row(String name, long[] hops) {
    return String.format(
        Locale.ROOT,
        "| %s | %.2f | %.2f | %.2f | %.2f | %.2f |%n",
        name,
        millis(hops, 0.5),
        millis(hops, 0.9),
        millis(hops, 0.99),
        millis(hops, 0.999),
        millis(hops, 1));
  }

  private static String ratios(long[] our, long[] their) {
    return String.format(
        Locale.ROOT,
        "| ratio | %.2f | %.2f | %.2f | %.2f | |%n",
        millis(our, 0.5) / millis(their, 0.5),
        millis(our, 0.9) / millis(their, 0.9),
        millis(our, 0.99) / millis(their, 0.99),
        millis(our, 0.999) / millis(their, 0.999));
  }
}
