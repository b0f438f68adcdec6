package org.walstream.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.walstream.testkit.PortReservation;
import org.walstream.testkit.PostgresTools;
import org.walstream.testkit.ScratchDirectory;

/// Sends the same WAL to many receivers from PostgreSQL's walsenders and from a relay that holds it
/// too, in turns; all files are in the cache of the operating system.
final class SendBench {

  private static final List<Integer> RECEIVERS = List.of(1, 10, 50);
  private static final int LIGHT_RECEIVERS = 500;
  private static final long LIGHT_BYTES = 4 << 20;

  private final Plan plan;
  private final Consumer<String> progress;

  SendBench(Plan plan, Consumer<String> progress) {
    this.plan = plan;
    this.progress = progress;
  }

  /// The table, in Markdown.
  String run() throws Exception {
    var tools = Tools.find();
    try (var source = WalSource.start();
        var scratch = ScratchDirectory.create("bench");
        var port = PortReservation.any();
        var relay =
            RelayProcess.start(
                scratch.path().resolve("node"),
                source.primary(),
                port.port(),
                Map.of(
                    "max_wal_senders", "600",
                    "max_connections", "700",
                    "walstream.keep_all", "on",
                    "wal_sender_timeout", "0"))) {
      relay.awaitStreaming(source.primary());
      progress.accept("making %,d MB of WAL".formatted(plan.walBytes() / 1_000_000));
      source.write(tools, plan.walBytes());
      relay.awaitFlushed(source.primary(), source.endLsn());
      return measure(source, relay, tools, scratch);
    }
  }

  private String measure(
      WalSource source, RelayProcess relay, PostgresTools tools, ScratchDirectory scratch)
      throws IOException {
    var table =
        new StringBuilder(
            """
            ### Send %,d MB of WAL

            %s. Medians of %d. Memory: what is private to the walsenders together; all of the relay.

            | receivers | sender | MB/s | ratio | CPU s/GB | MiB |
            |---|---|---|---|---|---|
            """
                .formatted(
                    source.bytes() / 1_000_000,
                    Machine.describe(
                        scratch.path(), tools.run("pg_receivewal", "--version").strip()),
                    plan.rounds()));
    var walsenders = Sender.Walsenders.of(source.primary());
    var ours = new Sender.Relay(relay);
    runOnce(source, walsenders, 1, source.bytes()); // not counted: files come into the cache,
    runOnce(source, ours, 1, source.bytes()); // and a server that has run for days is compiled
    for (int receivers : RECEIVERS) {
      var theirRuns = new ArrayList<Run>();
      var ourRuns = new ArrayList<Run>();
      for (int round = 1; round <= plan.rounds(); round++) {
        theirRuns.add(runOnce(source, walsenders, receivers, bytesEach(source, receivers)));
        ourRuns.add(runOnce(source, ours, receivers, bytesEach(source, receivers)));
      }
      var theirRate = Run.median(theirRuns, Run::megabytesPerSecond);
      table.append(row(walsenders, receivers, theirRuns, theirRate));
      table.append(row(ours, receivers, ourRuns, theirRate));
    }
    var light = runOnce(source, ours, LIGHT_RECEIVERS, LIGHT_BYTES);
    table.append(row(ours, LIGHT_RECEIVERS, List.of(light), 0));
    return table.toString();
  }

  /// All of it to one, and together not more than takes a few seconds.
  private long bytesEach(WalSource source, int receivers) {
    var together = plan.quick() ? source.bytes() : 12_000_000_000L;
    return Math.min(source.bytes(), together / receivers);
  }

  private Run runOnce(WalSource source, Sender sender, int receivers, long bytesEach)
      throws IOException {
    double seconds;
    long memory;
    var cpuBefore = sender.cpuSeconds();
    try (var sinks = Sinks.connect(sender.port(), sender.user(), receivers, bytesEach)) {
      seconds = sinks.drain(source.startLsn());
      memory = sender.memoryBytes();
    }
    var cpu = sender.cpuSeconds() - cpuBefore;
    var run = new Run(bytesEach * receivers, seconds, cpu, memory);
    progress.accept(
        "%d receivers from %s: %.0f MB/s"
            .formatted(receivers, sender.name(), run.megabytesPerSecond()));
    return run;
  }

  private static String row(Sender sender, int receivers, List<Run> runs, double theirRate) {
    var rate = Run.median(runs, Run::megabytesPerSecond);
    return String.format(
        Locale.ROOT,
        "| %d | %s | %.0f | %s | %.2f | %.0f |%n",
        receivers,
        sender.name(),
        rate,
        theirRate == 0 ? "" : String.format(Locale.ROOT, "%.2f", rate / theirRate),
        Run.median(runs, Run::cpuSecondsPerGigabyte),
        Run.median(runs, Run::memoryMebibytes));
  }
}
