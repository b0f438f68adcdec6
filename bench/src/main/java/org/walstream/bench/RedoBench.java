package org.walstream.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.walstream.testkit.PostgresTools;
import org.walstream.testkit.ScratchDirectory;

/// Replays the same WAL on copies of the same base backup, with PostgreSQL's startup process and
/// with `walstream replay`, in turns, up to a checkpoint, so that both have every page on disk in
/// the end; fsync is on, the buffers are of one size.
///
/// What is measured is the whole process, from its start to its end. Where it ended is looked up
/// after each run: a side that has not replayed everything ends the contest.
final class RedoBench {

  private final Plan plan;
  private final RedoOptions options;
  private final Consumer<String> progress;
  private final List<RedoSide> sides = new ArrayList<>();

  RedoBench(Plan plan, RedoOptions options, Consumer<String> progress) {
    this.plan = plan;
    this.options = options;
    this.progress = progress;
    sides.add(new RedoSide.Postgres());
    options.workers.forEach(workers -> sides.add(new RedoSide.Walstream(workers)));
  }

  /// The tables, in Markdown.
  String run() throws Exception {
    if (options.cold) {
      PageCache.drop(); // or say now that it cannot be done
    }
    RedoOptions.OwnInput own = options.ownInput();
    if (own != null) {
      RedoInput input = RedoInput.read(own.base(), own.wal());
      return measure(own.wal().toString(), "Given WAL", buffers(RedoWorkload.PGBENCH), input);
    }
    PostgresTools tools = Tools.find();
    var tables = new StringBuilder();
    for (RedoWorkload workload : options.workloads) {
      try (var scratch = ScratchDirectory.create("redo")) {
        Path made = make(workload, tools, scratch.path());
        RedoInput input = RedoInput.read(made.resolve("base"), made.resolve("wal"));
        tables.append(
            measure(workload.label(), workload.about(plan.quick()), buffers(workload), input));
      }
    }
    return tables.toString();
  }

  private int buffers(RedoWorkload workload) {
    return options.bufferMegabytes.orElse(workload.bufferMegabytes(plan.quick()));
  }

  /// The directory of the workload's backup and WAL, which may be there from an earlier run.
  private Path make(RedoWorkload workload, PostgresTools tools, Path scratch)
      throws IOException, InterruptedException {
    Path parent = options.keep == null ? scratch : Files.createDirectories(options.keep);
    Path made = parent.resolve(workload.label() + (plan.quick() ? "-quick" : ""));
    if (Files.exists(made)) {
      return made;
    }
    progress.accept("%s: making a base backup and WAL".formatted(workload.label()));
    long start = System.nanoTime();
    Path unfinished = parent.resolve(made.getFileName() + ".tmp");
    Shell.run("rm", "-rf", unfinished.toString());
    RedoPrimary.make(workload, plan.quick(), tools, Files.createDirectory(unfinished));
    Files.move(unfinished, made);
    progress.accept(
        String.format(
            Locale.ROOT,
            "%s: made in %.0f s",
            workload.label(),
            (System.nanoTime() - start) / 1e9));
    return made;
  }

  private String measure(String label, String about, int bufferMegabytes, RedoInput input)
      throws IOException, InterruptedException {
    Map<RedoSide, List<Run>> runs = new LinkedHashMap<>();
    try (var directory = RedoDirectory.create(input, options.inPlace, bufferMegabytes)) {
      for (int round = 1; round <= plan.rounds(); round++) {
        for (RedoSide side : round % 2 == 1 ? sides : sides.reversed()) {
          Run run = runOnce(side, directory);
          runs.computeIfAbsent(side, _ -> new ArrayList<>()).add(run);
          progress.accept(
              String.format(
                  Locale.ROOT,
                  "%s, round %d: %-28s %6.2f s, %6.2f s of CPU",
                  label,
                  round,
                  side.label(),
                  run.seconds(),
                  run.cpuSeconds()));
        }
      }
      return heading(about, directory) + rows(runs) + System.lineSeparator();
    }
  }

  private Run runOnce(RedoSide side, RedoDirectory directory)
      throws IOException, InterruptedException {
    directory.renew();
    if (options.cold) {
      Shell.run("sync");
      PageCache.drop();
    } else {
      Memory.WARM.prepare(directory.server().socketDirectory(), directory.input().bytes());
      Shell.run("sync");
    }
    double cpuBefore = ChildUsage.cpuSeconds();
    long start = System.nanoTime();
    long peak = side.recover(directory);
    double seconds = (System.nanoTime() - start) / 1e9;
    double cpuSeconds = ChildUsage.cpuSeconds() - cpuBefore;
    directory.requireReplayed(side.label());
    return new Run(directory.input().bytes(), seconds, cpuSeconds, peak);
  }

  private String heading(String about, RedoDirectory directory) {
    RedoInput input = directory.input();
    return String.format(
        Locale.ROOT,
        """
        ### Replay: %s

        %s. %,d MB of WAL, %,d records, %.0f %% page images; %s, %s; %d MB of buffers, fsync on, medians of %d; peak is the largest resident size of a process.

        | program | seconds | MB/s | ratio | CPU s | peak MiB |
        |---|---|---|---|---|---|
        """,
        about,
        Machine.describe(directory.path(), directory.version()),
        input.bytes() / 1_000_000,
        input.records(),
        100.0 * input.imageBytes() / input.bytes(),
        options.inPlace ? "in pg_wal already" : "fetched from an archive (PostgreSQL: cp)",
        options.cold ? "cold" : "warm",
        directory.bufferMegabytes(),
        plan.rounds());
  }

  private static String rows(Map<RedoSide, List<Run>> runs) {
    var rows = new StringBuilder();
    double theirs = Run.median(runs.values().iterator().next(), Run::seconds);
    runs.forEach((side, own) -> {
      double seconds = Run.median(own, Run::seconds);
      rows.append(
          String.format(
              Locale.ROOT,
              "| `%s` | %.2f | %.0f | %.2f | %.2f | %.0f |%n",
              side.label(),
              seconds,
              Run.median(own, Run::megabytesPerSecond),
              theirs / seconds,
              Run.median(own, Run::cpuSeconds),
              Run.median(own, Run::memoryMebibytes)));
    });
    return rows.toString();
  }
}
