package org.walstream.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.walstream.testkit.CrashProcess;
import org.walstream.testkit.PostgresTools;
import org.walstream.testkit.ScratchDirectory;
import org.walstream.wal.Lsn;

/// Receives the same WAL with pg_receivewal and with `walstream receive`, each with and without
/// fsync, in turns. What is measured is the whole process, from its start to its end.
///
/// Ours verifies the CRC of every record on the way; theirs does not.
final class ReceiveBench {

  private record Contestant(String name, boolean ours, boolean sync) {}

  private static final List<Contestant> CONTESTANTS =
      List.of(
          new Contestant("pg_receivewal", false, true),
          new Contestant("walstream receive", true, true),
          new Contestant("pg_receivewal --no-sync", false, false),
          new Contestant("walstream receive --no-sync", true, false));

  private final Plan plan;
  private final Consumer<String> progress;
  private final boolean tls;
  private int count;

  /// @param tls whether all of it comes over TLS
  ReceiveBench(Plan plan, Consumer<String> progress, boolean tls) {
    this.plan = plan;
    this.progress = progress;
    this.tls = tls;
  }

  /// The table, in Markdown.
  String run() throws Exception {
    var tools = Tools.find();
    try (var source = WalSource.start();
        var scratch = ScratchDirectory.create("bench")) {
      if (tls) {
        source.offerTls(new TlsFiles(scratch.path()));
      }
      progress.accept("making %,d MB of WAL".formatted(plan.walBytes() / 1_000_000));
      source.write(tools, plan.walBytes());
      var table = new StringBuilder(heading(source, tools, scratch.path()));
      table.append(measure(source, tools, scratch.path(), Memory.WARM));
      if (plan.cold()) {
        table.append(measure(source, tools, scratch.path(), Memory.COLD));
      }
      return table.toString();
    }
  }

  private String heading(WalSource source, PostgresTools tools, Path work) {
    return """
    ### Receive %,d MB of WAL%s

    %s. Medians of %d; peak is the largest resident size of the process.

    | memory | program | MB/s | ratio | CPU s/GB | peak MiB |
    |---|---|---|---|---|---|
    """
        .formatted(
            source.bytes() / 1_000_000,
            tls ? " over TLS" : "",
            Machine.describe(work, tools.run("pg_receivewal", "--version").strip()),
            plan.rounds());
  }

  private String measure(WalSource source, PostgresTools tools, Path work, Memory memory)
      throws Exception {
    Map<Contestant, List<Run>> runs = new LinkedHashMap<>();
    for (int round = 1; round <= plan.rounds(); round++) {
      for (var contestant : CONTESTANTS) {
        memory.prepare(work, source.bytes());
        var run = runOnce(source, tools, contestant, work.resolve("wal"));
        progress.accept(
            "%s, round %d: %-28s %5.0f MB/s"
                .formatted(memory.label(), round, contestant.name(), run.megabytesPerSecond()));
        runs.computeIfAbsent(contestant, _ -> new ArrayList<>()).add(run);
      }
    }
    return rows(memory, runs);
  }

  private Run runOnce(WalSource source, PostgresTools tools, Contestant contestant, Path directory)
      throws IOException, InterruptedException {
    Files.createDirectory(directory);
    var slot = "run_" + ++count;
    source.copySlot(slot);
    var words = command(source, tools, contestant, directory, slot);
    var cpuBefore = ChildUsage.cpuSeconds();
    var start = System.nanoTime();
    var process = CrashProcess.start(words);
    var peak = watch(process);
    var seconds = (System.nanoTime() - start) / 1e9;
    var exitCode = process.awaitExit();
    var cpu = ChildUsage.cpuSeconds() - cpuBefore;
    requireAllReceived(source, process, exitCode, directory);
    source.dropSlot(slot);
    deleteFiles(directory);
    return new Run(source.bytes(), seconds, cpu, peak);
  }

  private List<String> command(
      WalSource source, PostgresTools tools, Contestant contestant, Path directory, String slot) {
    var arguments =
        new ArrayList<>(
            List.of(
                "-D",
                directory.toString(),
                "-d",
                source.primary().conninfo() + (tls ? " sslmode=require" : ""),
                "--slot",
                slot,
                "--endpos",
                Lsn.format(source.endLsn()),
                "--no-loop"));
    if (!contestant.sync()) {
      arguments.add("--no-sync");
    }
    if (!contestant.ours()) {
      return tools.command("pg_receivewal", arguments.toArray(String[]::new));
    }
    arguments.addFirst("receive");
    return WalstreamProgram.command(arguments.toArray(String[]::new));
  }

  /// The largest resident size; the last look is at most a few milliseconds before the end.
  private static long watch(CrashProcess process) throws InterruptedException {
    var peak = 0L;
    do {
      peak = Math.max(peak, ProcessFacts.peakResident(process.pid()));
    } while (!process.waitFor(4, TimeUnit.MILLISECONDS));
    return peak;
  }

  private static void requireAllReceived(
      WalSource source, CrashProcess process, int exitCode, Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      var segments = files.filter(file -> isSegment(file)).count();
      if (exitCode != 0 || segments != source.segments()) {
        throw new IOException(
            "exit code %d, %d of %d segments received: %s"
                .formatted(exitCode, segments, source.segments(), process));
      }
    }
  }

  private static boolean isSegment(Path file) {
    return String.valueOf(file.getFileName()).matches("[0-9A-F]{24}(\\.partial)?");
  }

  static void deleteFiles(Path directory) throws IOException {
    try (var files = Files.newDirectoryStream(directory)) {
      for (var file : files) {
        if (Files.isDirectory(file)) {
          deleteFiles(file);
        } else {
          Files.delete(file);
        }
      }
    }
    Files.delete(directory);
  }

  private static String rows(Memory memory, Map<Contestant, List<Run>> runs) {
    var rows = new StringBuilder();
    runs.forEach((contestant, own) -> {
      var theirs = runs.get(new Contestant(theirName(contestant), false, contestant.sync()));
      var rate = Run.median(own, Run::megabytesPerSecond);
      var theirRate = theirs == null ? rate : Run.median(theirs, Run::megabytesPerSecond);
      rows.append(
          String.format(
              Locale.ROOT,
              "| %s | `%s` | %.0f | %.2f | %.2f | %.0f |%n",
              memory.label(),
              contestant.name(),
              rate,
              rate / theirRate,
              Run.median(own, Run::cpuSecondsPerGigabyte),
              Run.median(own, Run::memoryMebibytes)));
    });
    return rows.toString();
  }

  private static String theirName(Contestant contestant) {
    return contestant.sync() ? "pg_receivewal" : "pg_receivewal --no-sync";
  }
}
