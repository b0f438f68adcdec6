package org.walstream.bench;

import java.io.IOException;
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
import org.walstream.wal.Lsn;

/// Reads the same WAL with pg_waldump and with `walstream waldump`, in turns: statistics, and the
/// whole text, thrown away. What is measured is the whole process, from its start to its end.
///
/// The WAL lies in the page cache: what is compared is the work, not the disk.
final class WaldumpBench {

  private record Contestant(boolean ours, boolean statistics) {

    String name() {
      return (ours ? "walstream waldump" : "pg_waldump") + (statistics ? " --stats" : "");
    }
  }

  private static final List<Contestant> CONTESTANTS =
      List.of(
          new Contestant(false, true),
          new Contestant(true, true),
          new Contestant(false, false),
          new Contestant(true, false));

  private final Plan plan;
  private final Consumer<String> progress;

  WaldumpBench(Plan plan, Consumer<String> progress) {
    this.plan = plan;
    this.progress = progress;
  }

  /// The table, in Markdown.
  String run() throws Exception {
    PostgresTools tools = Tools.find();
    try (var source = WalSource.start()) {
      progress.accept("making %,d MB of WAL".formatted(plan.walBytes() / 1_000_000));
      source.write(tools, plan.walBytes());
      Map<Contestant, List<Run>> runs = new LinkedHashMap<>();
      for (int round = 0; round <= plan.rounds(); round++) {
        for (Contestant contestant : CONTESTANTS) {
          Run run = runOnce(source, tools, contestant);
          if (round > 0) { // the first fills the page cache
            progress.accept(
                "round %d: %-26s %6.2f s".formatted(round, contestant.name(), run.seconds()));
            runs.computeIfAbsent(contestant, _ -> new ArrayList<>()).add(run);
          }
        }
      }
      Path wal = source.primary().walDirectory();
      return heading(source, tools, wal) + rows(runs) + decoding(source, wal);
    }
  }

  private String heading(WalSource source, PostgresTools tools, Path wal) {
    return """
    ### Dump %,d MB of WAL

    %s. Medians of %d; output to /dev/null; peak is the largest resident size of the process.

    | program | seconds | MB/s | ratio | CPU s | peak MiB |
    |---|---|---|---|---|---|
    """
        .formatted(
            source.bytes() / 1_000_000,
            Machine.describe(wal, tools.run("pg_waldump", "--version").strip()),
            plan.rounds());
  }

  private String decoding(WalSource source, Path wal) throws IOException {
    var process =
        CrashProcess.start(
            CrashProcess.javaCommand(
                List.of(),
                DecodeRun.class.getName(),
                wal.toString(),
                Lsn.format(source.startLsn()),
                Lsn.format(source.endLsn()),
                Integer.toString(plan.rounds())));
    if (process.awaitExit() != 0) {
      throw new IOException(process.errors().strip());
    }
    return "%nDecoding alone, with CRC, one thread, in a warm JVM: %s".formatted(process.output());
  }

  private static Run runOnce(WalSource source, PostgresTools tools, Contestant contestant)
      throws IOException, InterruptedException {
    var builder =
        new ProcessBuilder(command(source, tools, contestant))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    double cpuBefore = ChildUsage.cpuSeconds();
    long start = System.nanoTime();
    var process = CrashProcess.start(builder);
    long peak = 0;
    do {
      peak = Math.max(peak, ProcessFacts.peakResident(process.pid()));
    } while (!process.waitFor(4, TimeUnit.MILLISECONDS));
    double seconds = (System.nanoTime() - start) / 1e9;
    if (process.awaitExit() != 0) {
      throw new IOException(process.errors().strip());
    }
    return new Run(source.bytes(), seconds, ChildUsage.cpuSeconds() - cpuBefore, peak);
  }

  private static List<String> command(
      WalSource source, PostgresTools tools, Contestant contestant) {
    var arguments =
        new ArrayList<>(
            List.of(
                "-p",
                source.primary().walDirectory().toString(),
                "-s",
                Lsn.format(source.startLsn()),
                "-e",
                Lsn.format(source.endLsn())));
    if (contestant.statistics()) {
      arguments.add("--stats");
    }
    if (!contestant.ours()) {
      return tools.command("pg_waldump", arguments.toArray(String[]::new));
    }
    arguments.addFirst("waldump");
    return WalstreamProgram.command(arguments.toArray(String[]::new));
  }

  private static String rows(Map<Contestant, List<Run>> runs) {
    var rows = new StringBuilder();
    runs.forEach((contestant, own) -> {
      List<Run> theirs = runs.get(new Contestant(false, contestant.statistics()));
      double seconds = Run.median(own, Run::seconds);
      double theirSeconds = theirs == null ? seconds : Run.median(theirs, Run::seconds);
      rows.append(
          String.format(
              Locale.ROOT,
              "| `%s` | %.2f | %.0f | %.2f | %.2f | %.0f |%n",
              contestant.name(),
              seconds,
              Run.median(own, Run::megabytesPerSecond),
              theirSeconds / seconds,
              Run.median(own, Run::cpuSeconds),
              Run.median(own, Run::memoryMebibytes)));
    });
    return rows.toString();
  }
}
