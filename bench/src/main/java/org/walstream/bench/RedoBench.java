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
import org.walstream.testkit.PostgresServer;
import org.walstream.testkit.PostgresTools;
import org.walstream.wal.Lsn;

/// Replays the same WAL on copies of the same base backup, with PostgreSQL's startup process and
/// with `walstream replay`, in turns. The WAL is pgbench's, its initialisation and its load, and
/// ends with a checkpoint, so that both have every page on disk in the end; fsync is on.
///
/// What is measured is the whole process, from its start to its end. The WAL lies in the page
/// cache.
final class RedoBench {

  private static final int BUFFER_MEGABYTES = 512;

  private record Contestant(String name, boolean ours, int workers) {}

  private static final List<Contestant> CONTESTANTS =
      List.of(
          new Contestant("postgres", false, 0),
          new Contestant("walstream replay, 1 worker", true, 1),
          new Contestant("walstream replay, 2 workers", true, 2));

  private final Plan plan;
  private final Consumer<String> progress;

  RedoBench(Plan plan, Consumer<String> progress) {
    this.plan = plan;
    this.progress = progress;
  }

  /// The table, in Markdown.
  String run() throws Exception {
    PostgresTools tools = Tools.find();
    try (var source = WalSource.start();
        var standby = standby(source.primary())) {
      Path backup = standby.dataDirectory().resolveSibling("backup");
      execute("cp", "-a", standby.dataDirectory().toString(), backup.toString());
      progress.accept("making %,d MB of WAL".formatted(plan.walBytes() / 1_000_000));
      source.write(tools, plan.walBytes());
      source.primary().stopFast(); // whose checkpoint is the target
      configure(standby, source, backup);
      Map<Contestant, List<Run>> runs = new LinkedHashMap<>();
      for (int round = 0; round <= plan.rounds(); round++) {
        for (Contestant contestant : CONTESTANTS) {
          Run run = runOnce(contestant, source, standby, backup);
          if (round > 0) { // the first fills the page cache
            progress.accept(
                "round %d: %-28s %6.2f s".formatted(round, contestant.name(), run.seconds()));
            runs.computeIfAbsent(contestant, _ -> new ArrayList<>()).add(run);
          }
        }
      }
      return heading(source, tools) + rows(runs);
    }
  }

  private static PostgresServer standby(PostgresServer primary) {
    return PostgresServer.standbyOf(primary, primary.conninfo())
        .durable()
        .setting("shared_buffers", BUFFER_MEGABYTES + "MB")
        .setting("hot_standby", "off")
        .setting("max_wal_size", "20GB")
        .setting("checkpoint_timeout", "1h")
        .create();
  }

  /// What recovery of the backup shall do, whoever recovers.
  private static void configure(PostgresServer standby, WalSource source, Path backup)
      throws IOException, InterruptedException {
    Files.delete(backup.resolve("standby.signal"));
    Files.createFile(backup.resolve("recovery.signal"));
    standby.set("restore_command", "cp '%s/%%f' '%%p'".formatted(source.primary().walDirectory()));
    standby.set("recovery_target_lsn", Lsn.format(source.endLsn()));
    standby.set("recovery_target_timeline", "current");
    standby.set("recovery_target_action", "shutdown");
    execute("cp", "-a", standby.dataDirectory() + "/testkit.conf", backup + "/testkit.conf");
    execute("chown", "--reference=" + backup.resolve("PG_VERSION"), backup + "/recovery.signal");
  }

  private static Run runOnce(
      Contestant contestant, WalSource source, PostgresServer standby, Path backup)
      throws IOException, InterruptedException {
    Path data = standby.dataDirectory();
    execute("rm", "-rf", data.toString());
    execute("cp", "-a", backup.toString(), data.toString());
    execute("sync");
    double cpuBefore = ChildUsage.cpuSeconds();
    long start = System.nanoTime();
    long peak = contestant.ours() ? replay(contestant, source, data) : recover(standby);
    double seconds = (System.nanoTime() - start) / 1e9;
    return new Run(source.bytes(), seconds, ChildUsage.cpuSeconds() - cpuBefore, peak);
  }

  /// @return the largest resident size
  private static long replay(Contestant contestant, WalSource source, Path data)
      throws IOException, InterruptedException {
    var process =
        CrashProcess.start(
            WalstreamProgram.command(
                "replay",
                "-D",
                data.toString(),
                "--wal",
                source.primary().walDirectory().toString(),
                "--target-lsn",
                Lsn.format(source.endLsn()),
                "--redo-buffers",
                BUFFER_MEGABYTES + "MB",
                "--workers",
                Integer.toString(contestant.workers())));
    long peak = 0;
    do {
      peak = Math.max(peak, ProcessFacts.peakResident(process.pid()));
    } while (!process.waitFor(4, TimeUnit.MILLISECONDS));
    if (process.awaitExit() != 0) {
      throw new IOException(process.errors().strip());
    }
    return peak;
  }

  /// @return nothing: its processes share their buffers
  private static long recover(PostgresServer standby) throws InterruptedException {
    int before = stops(standby);
    standby.spawn();
    while (standby.isRunning()) {
      Thread.sleep(4);
    }
    if (stops(standby) == before) {
      throw new IllegalStateException("it did not reach its target: " + standby.log());
    }
    return 0;
  }

  private static int stops(PostgresServer standby) {
    return standby.log().split("recovery stopping after WAL location", -1).length;
  }

  private String heading(WalSource source, PostgresTools tools) {
    return """
    ### Replay %,d MB of WAL

    %s. pgbench's initialisation and load; %d MB of buffers, fsync on, medians of %d; peak is the largest resident size of the process.

    | program | seconds | MB/s | ratio | CPU s | peak MiB |
    |---|---|---|---|---|---|
    """
        .formatted(
            source.bytes() / 1_000_000,
            Machine.describe(
                source.primary().walDirectory(), tools.run("pg_waldump", "--version").strip()),
            BUFFER_MEGABYTES,
            plan.rounds());
  }

  private static String rows(Map<Contestant, List<Run>> runs) {
    var rows = new StringBuilder();
    double theirs = Run.median(runs.getOrDefault(CONTESTANTS.getFirst(), List.of()), Run::seconds);
    runs.forEach((contestant, own) -> {
      double seconds = Run.median(own, Run::seconds);
      rows.append(
          String.format(
              Locale.ROOT,
              "| `%s` | %.2f | %.0f | %.2f | %.2f | %s |%n",
              contestant.name(),
              seconds,
              Run.median(own, Run::megabytesPerSecond),
              theirs / seconds,
              Run.median(own, Run::cpuSeconds),
              contestant.ours()
                  ? String.format(Locale.ROOT, "%.0f", Run.median(own, Run::memoryMebibytes))
                  : "–"));
    });
    return rows.toString();
  }

  private static void execute(String... words) throws IOException, InterruptedException {
    if (new ProcessBuilder(words).inheritIO().start().waitFor() != 0) {
      throw new IOException(String.join(" ", words) + " failed");
    }
  }
}
