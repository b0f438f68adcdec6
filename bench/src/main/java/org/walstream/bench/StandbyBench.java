package org.walstream.bench;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.walstream.testkit.CrashProcess;
import org.walstream.testkit.Eventually;
import org.walstream.testkit.PostgresServer;
import org.walstream.testkit.PostgresTools;

/// A standby of a primary that works: `walstream standby` and PostgreSQL's own, in turns, each on a
/// backup of the same primary and alone beside it.
///
/// ```
///   stopped ── the primary writes ── started: how fast does it catch up?
///     ── under load: how long does COMMIT take until it is replayed (remote_apply)?
///     ── promoted: how long until a row can be written?
/// ```
final class StandbyBench {

  private static final String NAME = "standby";
  private static final int COMMITS_PER_SECOND = 50;
  private static final int LOAD_PER_SECOND = 300;

  private final Plan plan;
  private final Consumer<String> progress;

  StandbyBench(Plan plan, Consumer<String> progress) {
    this.plan = plan;
    this.progress = progress;
  }

  /// What one round has found out.
  private record Figures(
      double catchUpMegabytesPerSecond,
      List<Long> commitNanos,
      double promoteSeconds,
      long peakResident) {}

  /// The table, in Markdown.
  String run() throws Exception {
    PostgresTools tools = Tools.find();
    var theirs = new ArrayList<Figures>();
    var ours = new ArrayList<Figures>();
    for (int round = 0; round < plan.rounds(); round++) {
      theirs.add(round(tools, new Postgres()));
      ours.add(round(tools, new Walstream()));
    }
    return """
    ### A standby

    %s. One round: the primary writes %s while the standby is stopped, then has %d transactions of pgbench a second beside %d commits a second that wait until they are replayed; %d rounds, medians, all commits together.

    | standby | catch-up, MB/s | COMMIT with remote_apply, p50 ms | p99 ms | most | promoted and writable, s | largest process, MB |
    |---|---|---|---|---|---|---|
    """
            .formatted(
                Machine.describe(Path.of("."), tools.run("pg_receivewal", "--version").strip()),
                plan.quick() ? "some WAL" : "200 MB of WAL",
                LOAD_PER_SECOND,
                COMMITS_PER_SECOND,
                plan.rounds())
        + row("PostgreSQL", theirs)
        + row("walstream standby", ours);
  }

  // ---------------------------------------------------------------------------------------------

  /// Who stands by. Its directory is a standby's that does not run.
  private sealed interface Side {

    String label();

    void start(PostgresServer home) throws IOException;

    /// The largest resident size of any of its processes, in bytes.
    long peakResident(PostgresServer home) throws IOException;

    /// Makes a primary of it, on which a server runs.
    ///
    /// @return nanoseconds
    long promote(PostgresServer home) throws Exception;
  }

  private static final class Postgres implements Side {

    @Override
    public String label() {
      return "PostgreSQL";
    }

    @Override
    public void start(PostgresServer home) {
      home.spawn();
    }

    @Override
    public long peakResident(PostgresServer home) throws IOException {
      try (var lines = Files.lines(home.dataDirectory().resolve("postmaster.pid"))) {
        return ProcessFacts.peakResidentOfChildren(
            Long.parseLong(lines.findFirst().orElseThrow().strip()));
      }
    }

    @Override
    public long promote(PostgresServer home) {
      long begun = System.nanoTime();
      home.sql("SELECT pg_promote()");
      home.sql("INSERT INTO commits VALUES (-1)");
      return System.nanoTime() - begun;
    }
  }

  private static final class Walstream implements Side {

    private @Nullable CrashProcess process;

    @Override
    public String label() {
      return "walstream standby";
    }

    @Override
    public void start(PostgresServer home) {
      process =
          CrashProcess.start(
              WalstreamProgram.command("standby", "-D", home.dataDirectory().toString()));
    }

    @Override
    public long peakResident(PostgresServer home) {
      return ProcessFacts.peakResident(requireNonNull(process).pid());
    }

    /// Whoever runs both in earnest is one user: to give files from one to the other is not
    /// counted.
    @Override
    public long promote(PostgresServer home) throws Exception {
      CrashProcess running = requireNonNull(process);
      long begun = System.nanoTime();
      Files.createFile(home.dataDirectory().resolve("promote"));
      running.signal("USR1");
      if (running.awaitExit() != 0) {
        throw new IOException(running.errors().strip());
      }
      long promoted = System.nanoTime() - begun;
      Shell.run(
          "chown", "-R", "--reference=" + home.dataDirectory(), home.dataDirectory().toString());
      begun = System.nanoTime();
      home.start();
      home.sql("INSERT INTO commits VALUES (-1)");
      return promoted + System.nanoTime() - begun;
    }
  }

  // ---------------------------------------------------------------------------------------------

  private Figures round(PostgresTools tools, Side side) throws Exception {
    try (var primary = startPrimary()) {
      primary.sql("CREATE TABLE commits (id bigint)");
      pgbench(tools, primary, "-i", "-q", "-s", plan.quick() ? "1" : "10").awaitExit();
      try (var home =
          PostgresServer.standbyOf(primary, primary.conninfo() + " application_name=" + NAME)
              .durable()
              .setting("shared_buffers", "128MB")
              .create()) {
        double rate = catchUp(tools, primary, home, side);
        long[] commits = commits(tools, primary);
        long peak = side.peakResident(home);
        primary.stopImmediate();
        double promoted = side.promote(home) / 1e9;
        var figures = new Figures(rate, Arrays.stream(commits).boxed().toList(), promoted, peak);
        progress.accept(side.label() + ": " + row("", List.of(figures)).strip());
        return figures;
      }
    }
  }

  private static PostgresServer startPrimary() {
    return PostgresServer.builder(18)
        .durable()
        .setting("autovacuum", "off")
        .setting("max_wal_size", "20GB")
        .setting("wal_keep_size", "10GB")
        .setting("checkpoint_timeout", "1d")
        .setting("shared_buffers", "128MB")
        .start();
  }

  private double catchUp(
      PostgresTools tools, PostgresServer primary, PostgresServer home, Side side)
      throws Exception {
    String from = primary.sql("SELECT pg_current_wal_lsn()");
    primary.sql(
        "INSERT INTO commits SELECT i FROM generate_series(1, %d) i"
            .formatted(plan.quick() ? 10_000 : 1_500_000));
    pgbench(tools, primary, "-n", "-N", "-c", "4", "-t", plan.quick() ? "50" : "10000").awaitExit();
    String to = primary.sql("SELECT pg_current_wal_lsn()");
    long bytes =
        Long.parseLong(
            primary.sql("SELECT pg_wal_lsn_diff('%s', '%s')::bigint".formatted(to, from)));
    long begun = System.nanoTime();
    side.start(home);
    Eventually.holds(
        side.label() + " has replayed up to " + to,
        () ->
            primary
                .sql(
                    "SELECT coalesce(bool_or(replay_lsn >= '%s'), false) FROM pg_stat_replication"
                        .formatted(to))
                .equals("t"));
    return bytes / 1e6 / ((System.nanoTime() - begun) / 1e9);
  }

  /// Commits that wait until they are replayed, beside some load that does not.
  private long[] commits(PostgresTools tools, PostgresServer primary) throws Exception {
    primary.set("synchronous_standby_names", NAME).reload();
    int seconds = plan.quick() ? 2 : 20;
    try (var load =
            pgbench(
                tools,
                primary,
                "-n",
                "-c",
                "2",
                "-R",
                String.valueOf(LOAD_PER_SECOND),
                "-T",
                String.valueOf(seconds + 2));
        Connection session = primary.jdbc()) {
      long[] nanos = commits(session, seconds * COMMITS_PER_SECOND);
      load.awaitExit();
      primary.set("synchronous_standby_names", "").reload();
      return nanos;
    }
  }

  private static long[] commits(Connection session, int count) throws SQLException {
    long[] nanos = new long[count];
    try (var statement = session.createStatement()) {
      statement.execute("SET synchronous_commit = remote_apply");
      long due = System.nanoTime();
      for (int i = 0; i < count; i++) {
        due += 1_000_000_000L / COMMITS_PER_SECOND;
        while (due - System.nanoTime() > 0) {
          LockSupport.parkNanos(due - System.nanoTime());
        }
        long begun = System.nanoTime();
        statement.execute("INSERT INTO commits VALUES (%d)".formatted(i));
        nanos[i] = System.nanoTime() - begun;
      }
    }
    return nanos;
  }

  private static CrashProcess pgbench(
      PostgresTools tools, PostgresServer primary, String... arguments) {
    var words = tools.command("pgbench", arguments);
    words.addAll(
        List.of(
            "-h", "127.0.0.1", "-p", String.valueOf(primary.port()), "-U", "postgres", "postgres"));
    var environment = new ArrayList<>(List.of("env", "PGOPTIONS=-c synchronous_commit=local"));
    environment.addAll(words);
    return CrashProcess.start(environment);
  }

  // ---------------------------------------------------------------------------------------------

  private static String row(String name, List<Figures> rounds) {
    long[] commits =
        rounds.stream().flatMap(f -> f.commitNanos.stream()).mapToLong(Long::longValue).toArray();
    Arrays.sort(commits);
    return String.format(
        Locale.ROOT,
        "| %s | %.1f | %.2f | %.2f | %.2f | %.2f | %.0f |%n",
        name,
        median(rounds.stream().map(Figures::catchUpMegabytesPerSecond).toList()),
        millis(commits, 0.5),
        millis(commits, 0.99),
        millis(commits, 1),
        median(rounds.stream().map(Figures::promoteSeconds).toList()),
        median(rounds.stream().map(f -> f.peakResident / 1e6).toList()));
  }

  private static double millis(long[] sorted, double quantile) {
    return sorted[(int) Math.min(sorted.length - 1L, (long) (sorted.length * quantile))] / 1e6;
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }
}
