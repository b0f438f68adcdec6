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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.walstream.testkit.CrashProcess;
import org.walstream.testkit.Eventually;
import org.walstream.testkit.PortReservation;
import org.walstream.testkit.PostgresServer;
import org.walstream.testkit.PostgresTools;
import org.walstream.testkit.ScratchDirectory;

/// How many transactions a second a primary commits while each COMMIT waits for a receiver's disk:
/// `pg_receivewal --synchronous`, `walstream receive --synchronous` and a relay, in turns.
///
/// Only the one that is measured is connected.
final class SyncBench {

  private static final String NAME = "archive"; // as the primary knows the receivers
  private static final String WAITED_FOR = NAME + ", " + RelayProcess.NAME;
  private static final int[] CLIENTS = {1, 8, 32};
  private static final Pattern TPS = Pattern.compile("tps = ([0-9.]+)");

  private final Plan plan;
  private final Consumer<String> progress;

  SyncBench(Plan plan, Consumer<String> progress) {
    this.plan = plan;
    this.progress = progress;
  }

  /// Starts a receiver of a primary's WAL in an empty directory.
  private record Contestant(String name, Start start) {

    @FunctionalInterface
    interface Start {
      AutoCloseable in(Path directory) throws Exception;
    }
  }

  /// The table, in Markdown.
  String run() throws Exception {
    var tools = Tools.find();
    try (var primary = startPrimary();
        var scratch = ScratchDirectory.create("bench");
        var port = PortReservation.any()) {
      pgbench(tools, primary, "-i", "-q", "-s", plan.quick() ? "1" : "20");
      primary.sql("ALTER SYSTEM SET synchronous_standby_names = '%s'".formatted(WAITED_FOR));
      primary.sql("SELECT pg_reload_conf()");
      var contestants = contestants(tools, primary, port.port());
      var runs = new LinkedHashMap<Contestant, Map<Integer, List<Double>>>();
      for (int round = 0; round < plan.rounds(); round++) {
        for (Contestant contestant : contestants) {
          Path directory = scratch.path().resolve(round + "-" + contestants.indexOf(contestant));
          measure(
              tools,
              primary,
              contestant,
              directory,
              runs.computeIfAbsent(contestant, c -> new LinkedHashMap<>()));
        }
      }
      return """
      ### Commits that wait for a receiver's disk

      %s. `pgbench -N`, %d seconds each, medians of %d rounds; transactions a second.

      | receiver | 1 client | ratio | 8 clients | ratio | 32 clients | ratio |
      |---|---|---|---|---|---|---|
      """
              .formatted(
                  Machine.describe(scratch.path(), tools.run("pg_receivewal", "--version").strip()),
                  seconds(),
                  plan.rounds())
          + rows(runs);
    }
  }

  private static PostgresServer startPrimary() {
    return PostgresServer.builder(18)
        .durable()
        .setting("autovacuum", "off")
        .setting("max_wal_size", "20GB")
        .setting("checkpoint_timeout", "1d")
        .setting("shared_buffers", "256MB")
        .start();
  }

  private static List<Contestant> contestants(
      PostgresTools tools, PostgresServer primary, int relayPort) {
    return List.of(
        new Contestant(
            "`pg_receivewal --synchronous`",
            directory ->
                CrashProcess.start(tools.command("pg_receivewal", receive(primary, directory)))),
        new Contestant(
            "`walstream receive --synchronous`",
            directory -> {
              var words = new ArrayList<>(List.of("receive"));
              words.addAll(List.of(receive(primary, directory)));
              return CrashProcess.start(WalstreamProgram.command(words.toArray(String[]::new)));
            }),
        new Contestant(
            "relay",
            directory ->
                RelayProcess.start(directory.resolve("node"), primary, relayPort, Map.of())));
  }

  private static String[] receive(PostgresServer primary, Path directory) {
    return new String[] {
      "--synchronous",
      "-D",
      directory.toString(),
      "-d",
      primary.conninfo() + " application_name=" + NAME
    };
  }

  private void measure(
      PostgresTools tools,
      PostgresServer primary,
      Contestant contestant,
      Path directory,
      Map<Integer, List<Double>> rates)
      throws Exception {
    Files.createDirectory(directory);
    try (var _ = contestant.start().in(directory)) {
      Eventually.holds(
          contestant.name() + " is waited for",
          () ->
              primary
                  .sql("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'")
                  .equals("1"));
      for (int clients : CLIENTS) {
        double rate = rate(tools, primary, clients);
        progress.accept(
            String.format(
                Locale.ROOT, "%s, %d clients: %.0f tps", contestant.name(), clients, rate));
        rates.computeIfAbsent(clients, c -> new ArrayList<>()).add(rate);
      }
    }
    Eventually.holds(
        contestant.name() + " is gone",
        () -> primary.sql("SELECT count(*) FROM pg_stat_replication").equals("0"));
  }

  private int seconds() {
    return plan.quick() ? 1 : 8;
  }

  private double rate(PostgresTools tools, PostgresServer primary, int clients) throws IOException {
    String printed =
        pgbench(
            tools,
            primary,
            "-n",
            "-N",
            "-c",
            String.valueOf(clients),
            "-j",
            String.valueOf(Math.min(clients, 2)),
            "-T",
            String.valueOf(seconds()));
    Matcher tps = TPS.matcher(printed);
    if (!tps.find()) {
      throw new IOException("pgbench printed no rate: " + printed);
    }
    return Double.parseDouble(tps.group(1));
  }

  private static String pgbench(PostgresTools tools, PostgresServer primary, String... arguments) {
    var words = tools.command("pgbench", arguments);
    words.addAll(
        List.of(
            "-h", "127.0.0.1", "-p", String.valueOf(primary.port()), "-U", "postgres", "postgres"));
    var run = CrashProcess.start(words);
    if (run.awaitExit() != 0) {
      throw new IllegalStateException("pgbench failed: " + run);
    }
    return run.output();
  }

  private static String rows(Map<Contestant, Map<Integer, List<Double>>> runs) {
    var theirs = runs.values().iterator().next();
    var rows = new StringBuilder();
    runs.forEach((contestant, rates) -> {
      rows.append("| ").append(contestant.name()).append(" |");
      rates.forEach((clients, own) ->
          rows.append(
              String.format(
                  Locale.ROOT,
                  " %.0f | %.2f |",
                  median(own),
                  median(own) / median(theirs.getOrDefault(clients, own)))));
      rows.append(System.lineSeparator());
    });
    return rows.toString();
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }
}
