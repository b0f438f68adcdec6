package org.walstream.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.walstream.testkit.CrashProcess;
import org.walstream.testkit.PortReservation;
import org.walstream.testkit.PostgresTools;
import org.walstream.testkit.ScratchDirectory;
import org.walstream.wal.Lsn;
import org.walstream.wire.client.PgClient;
import org.walstream.wire.conninfo.ConnInfo;
import org.walstream.wire.conninfo.ConnectionSettings;
import org.walstream.wire.conninfo.LibpqEnvironment;

/// What TLS costs: the same WAL received and sent with it and without, beside PostgreSQL's
/// programs; then how soon those who listen are told. What idle connections cost is
/// [ConnectionBench]'s.
///
/// Who receives what is sent is `pg_receivewal --no-sync` each time, so that only the sender
/// differs.
final class TlsBench {

  private final Plan plan;
  private final Consumer<String> progress;
  private int slots;

  TlsBench(Plan plan, Consumer<String> progress) {
    this.plan = plan;
    this.progress = progress;
  }

  /// The tables, in Markdown.
  String run() throws Exception {
    String received =
        new ReceiveBench(new Plan(plan.quick(), plan.rounds(), false), progress, true).run();
    var tools = Tools.find();
    try (var source = WalSource.start();
        var scratch = ScratchDirectory.create("bench");
        var port = PortReservation.any()) {
      var files = new TlsFiles(scratch.path());
      source.offerTls(files);
      try (var relay =
          RelayProcess.start(
              scratch.path().resolve("node"), source.primary(), port.port(), settings(files))) {
        relay.awaitStreaming(source.primary());
        atRelay(relay, "SELECT pg_create_physical_replication_slot('origin', true)");
        String notified = new NotifyBench(relay, plan.quick() ? 20 : 1000).run();
        progress.accept("making %,d MB of WAL".formatted(plan.walBytes() / 1_000_000));
        source.write(tools, plan.walBytes());
        relay.awaitFlushed(source.primary(), source.endLsn());
        return received + send(source, relay, tools, scratch.path()) + notified;
      }
    }
  }

  private static Map<String, String> settings(TlsFiles files) throws IOException {
    var settings = new HashMap<String, String>();
    settings.put("ssl", "on");
    settings.put("ssl_cert_file", files.certificate().toString());
    settings.put("ssl_key_file", files.key().toString());
    settings.put("walstream.keep_all", "on");
    settings.put("wal_sender_timeout", "0");
    return settings;
  }

  // ---------------------------------------------------------------------------------------------

  private String send(WalSource source, RelayProcess relay, PostgresTools tools, Path work)
      throws Exception {
    var table =
        new StringBuilder(
            """

            ### Send %,d MB of WAL to `pg_receivewal --no-sync`

            Medians of %d.

            | | sender | MB/s | ratio | the sender's CPU s/GB |
            |---|---|---|---|---|
            """
                .formatted(source.bytes() / 1_000_000, plan.rounds()));
    var theirs = Sender.Walsenders.of(source.primary());
    var ours = new Sender.Relay(relay);
    for (String mode : List.of("disable", "require")) {
      var theirRuns = new ArrayList<Run>();
      var ourRuns = new ArrayList<Run>();
      sendOnce(source, ours, tools, mode, work); // not counted: the relay's code is compiled
      for (int round = 1; round <= plan.rounds(); round++) {
        theirRuns.add(sendOnce(source, theirs, tools, mode, work));
        ourRuns.add(sendOnce(source, ours, tools, mode, work));
      }
      double rate = Run.median(theirRuns, Run::megabytesPerSecond);
      table.append(row(mode, theirs, theirRuns, rate)).append(row(mode, ours, ourRuns, rate));
    }
    return table.toString();
  }

  private Run sendOnce(WalSource source, Sender sender, PostgresTools tools, String mode, Path work)
      throws Exception {
    Memory.WARM.prepare(work, source.bytes());
    Path directory = work.resolve("sent");
    Files.createDirectory(directory);
    String slot = "sent_" + ++slots;
    if (sender instanceof Sender.Relay(RelayProcess relay)) {
      atRelay(relay, "SELECT pg_copy_physical_replication_slot('origin', '%s')".formatted(slot));
    } else {
      source.copySlot(slot);
    }
    var arguments =
        List.of(
            "-D",
            directory.toString(),
            "-d",
            "host=127.0.0.1 port=%d user=%s sslmode=%s application_name=sink"
                .formatted(sender.port(), sender.user(), mode),
            "--endpos",
            Lsn.format(source.endLsn()),
            "--no-loop",
            "--no-sync",
            "--slot",
            slot);
    double cpuBefore = sender.cpuSeconds();
    long start = System.nanoTime();
    var process =
        CrashProcess.start(tools.command("pg_receivewal", arguments.toArray(String[]::new)));
    if (process.awaitExit() != 0) {
      throw new IOException("could not receive: " + process);
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    double cpu = sender.cpuSeconds() - cpuBefore;
    if (sender instanceof Sender.Relay(RelayProcess relay)) {
      atRelay(relay, "SELECT pg_drop_replication_slot('%s')".formatted(slot));
    } else {
      source.dropSlot(slot);
    }
    ReceiveBench.deleteFiles(directory);
    var run = new Run(source.bytes(), seconds, cpu, 0);
    progress.accept(
        "%s, sslmode=%s: %.0f MB/s".formatted(sender.name(), mode, run.megabytesPerSecond()));
    return run;
  }

  /// Has a relay do something with its slots.
  private static void atRelay(RelayProcess relay, String sql) throws IOException {
    try (PgClient client = connect(relay.conninfo() + " dbname=x")) {
      client.query(sql);
      client.terminate();
    }
  }

  private static String row(String mode, Sender sender, List<Run> runs, double theirRate) {
    double rate = Run.median(runs, Run::megabytesPerSecond);
    return String.format(
        Locale.ROOT,
        "| %s | %s | %.0f | %.2f | %.2f |%n",
        mode.equals("require") ? "TLS" : "in clear",
        sender.name(),
        rate,
        rate / theirRate,
        Run.median(runs, Run::cpuSecondsPerGigabyte));
  }

  // ---------------------------------------------------------------------------------------------

  static PgClient connect(String conninfo) throws IOException {
    var nothing = new LibpqEnvironment(Map.of(), "nobody", Path.of("/nonexistent"), w -> {});
    return PgClient.connect(ConnectionSettings.of(ConnInfo.parse(conninfo), nothing));
  }
}
