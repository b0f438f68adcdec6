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
import org.jspecify.annotations.Nullable;
import org.walstream.testkit.CrashProcess;
import org.walstream.testkit.Eventually;
import org.walstream.testkit.PostgresServer;
import org.walstream.testkit.PostgresTools;
import org.walstream.testkit.ScratchDirectory;

/// What the start of a program costs: errands that are done in no time, from the start of the
/// process to its end, and the memory of a receiver that waits. PostgreSQL's tools, Walstream from
/// the checkout, and Walstream as it is installed, in turns.
final class StartBench {

  private static final String WAITING = "waiting";

  private final Plan plan;
  private final @Nullable Path installed;
  private final Consumer<String> progress;

  /// @param installed the program of a package, or null
  StartBench(Plan plan, @Nullable Path installed, Consumer<String> progress) {
    this.plan = plan;
    this.installed = installed;
    this.progress = progress;
  }

  /// Words that run one of PostgreSQL's tools, or what stands for it.
  @FunctionalInterface
  private interface Program {
    List<String> command(String tool, String... arguments);
  }

  /// @param arguments made for a directory that is new for each run
  private record Errand(String name, String tool, Arguments arguments) {

    @FunctionalInterface
    interface Arguments {
      String[] in(Path directory);
    }
  }

  /// The table, in Markdown.
  String run() throws Exception {
    PostgresTools tools = Tools.find();
    Map<String, Program> programs = programs(tools);
    try (var primary = PostgresServer.builder(18).setting("wal_keep_size", "64MB").start();
        var scratch = ScratchDirectory.create("bench")) {
      var table =
          new StringBuilder(
              """
              ### Starts

              %s. Medians of %d rounds; milliseconds from the start of a process to its end.

              | | %s |
              |---|%s
              """
                  .formatted(
                      Machine.describe(
                          scratch.path(), tools.run("pg_receivewal", "--version").strip()),
                      plan.rounds(),
                      String.join(" | ", programs.keySet()),
                      "---|".repeat(programs.size())));
      for (Errand errand : errands(primary)) {
        var times = new LinkedHashMap<String, List<Double>>();
        for (int round = 0; round < plan.rounds(); round++) {
          for (var program : programs.entrySet()) {
            times
                .computeIfAbsent(program.getKey(), _ -> new ArrayList<>())
                .add(milliseconds(errand, program.getValue(), scratch.path()));
          }
        }
        row(table, errand.name(), times, "%.0f");
        progress.accept(errand.name() + ": done");
      }
      var memory = new LinkedHashMap<String, List<Double>>();
      for (var program : programs.entrySet()) {
        Path directory = Files.createTempDirectory(scratch.path(), WAITING);
        memory.put(
            program.getKey(), List.of(mebibytesWaiting(primary, program.getValue(), directory)));
      }
      row(table, "a receiver that waits, MiB resident", memory, "%.1f");
      return table.toString();
    }
  }

  private Map<String, Program> programs(PostgresTools tools) {
    var programs = new LinkedHashMap<String, Program>();
    programs.put("PostgreSQL's tool", tools::command);
    programs.put(
        "checkout", (tool, arguments) -> WalstreamProgram.command(walstream(tool, arguments)));
    Path program = installed;
    if (program != null) {
      programs.put(
          "installed",
          (tool, arguments) -> {
            var words = new ArrayList<>(List.of(program.toString()));
            words.addAll(List.of(walstream(tool, arguments)));
            return words;
          });
    }
    return programs;
  }

  /// `pg_receivewal X` is `receive X`.
  private static String[] walstream(String tool, String... arguments) {
    var words = new ArrayList<String>();
    words.add(
        switch (tool) {
          case "pg_receivewal" -> "receive";
          case "pg_waldump" -> "waldump";
          default -> "controldata";
        });
    words.addAll(List.of(arguments));
    return words.toArray(String[]::new);
  }

  private static List<Errand> errands(PostgresServer primary) {
    primary.sql("CREATE TABLE t AS SELECT generate_series(1, 1000) AS id");
    String end = primary.sql("SELECT pg_current_wal_lsn()");
    primary.sql("INSERT INTO t VALUES (0)");
    String segment = primary.sql("SELECT pg_walfile_name('%s')".formatted(end));
    return List.of(
        new Errand("`--version`", "pg_receivewal", _ -> new String[] {"--version"}),
        new Errand(
            "the control file shown",
            "pg_controldata",
            _ -> new String[] {"-D", primary.dataDirectory().toString()}),
        new Errand(
            "ten records shown",
            "pg_waldump",
            _ -> new String[] {"-n", "10", "-p", primary.walDirectory().toString(), segment}),
        new Errand(
            "the WAL of today received and forced",
            "pg_receivewal",
            directory ->
                new String[] {
                  "-n", "-E", end, "-D", directory.toString(), "-d", primary.conninfo()
                }));
  }

  private static double milliseconds(Errand errand, Program program, Path scratch)
      throws IOException {
    Path directory = Files.createTempDirectory(scratch, "run");
    List<String> command = program.command(errand.tool(), errand.arguments().in(directory));
    long begin = System.nanoTime();
    var run = CrashProcess.start(command);
    int exitCode = run.awaitExit();
    long end = System.nanoTime();
    if (exitCode != 0) {
      throw new IOException(errand.name() + ": " + run);
    }
    return (end - begin) / 1e6;
  }

  private static double mebibytesWaiting(PostgresServer primary, Program program, Path directory) {
    String conninfo = primary.conninfo() + " application_name=" + WAITING;
    try (var receiver =
        CrashProcess.start(
            program.command("pg_receivewal", "-D", directory.toString(), "-d", conninfo))) {
      Eventually.holds(
          "it receives",
          () ->
              primary
                  .sql(
                      "SELECT count(*) FROM pg_stat_replication WHERE sent_lsn ="
                          + " pg_current_wal_lsn() AND application_name = '%s'".formatted(WAITING))
                  .equals("1"));
      return ProcessFacts.resident(receiver.pid()) / (double) (1 << 20);
    }
  }

  private static void row(
      StringBuilder table, String name, Map<String, List<Double>> figures, String format) {
    table.append("| ").append(name).append(" |");
    for (List<Double> values : figures.values()) {
      double median = values.stream().sorted().toList().get(values.size() / 2);
      table.append(String.format(Locale.ROOT, " " + format + " |", median));
    }
    table.append(System.lineSeparator());
  }
}
