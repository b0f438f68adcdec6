package org.walstream.bench;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.walstream.testkit.CrashProcess;
import org.walstream.testkit.PostgresServer;
import org.walstream.testkit.PostgresTools;
import org.walstream.testkit.PrivateFile;
import org.walstream.wal.Lsn;

/// A standby of a primary that works: `walstream standby` and PostgreSQL's own, in turns, each on a
/// backup of the same primary and alone beside it.
///
/// ```
///   stopped ── the primary writes ── started: how fast does it catch up, with its start, and how
///        fast once it has come half the way?
///     ── pgbench as fast as it goes, checkpoints and restart points: how long does a COMMIT take
///        that waits for replay (remote_apply), and how many bytes is replay behind?
///     ── promoted: how long until a row can be written?
/// ```
///
/// How far behind replay is, the standby itself is asked: what it tells the primary is as old as
/// its last report.
final class StandbyBench {

  private static final String NAME = "standby";
  private static final int COMMITS_PER_SECOND = 50;
  private static final int CLIENTS = 2;
  private static final Pattern TPS = Pattern.compile("tps = ([0-9.]+)");
  private static final Duration LAG_INTERVAL = Duration.ofMillis(100);
  private static final Duration RESTART_POINT_INTERVAL = Duration.ofSeconds(5);
  private static final Duration CATCH_UP_INTERVAL = Duration.ofMillis(50);
  private static final Duration CATCH_UP_TIMEOUT = Duration.ofMinutes(5);

  private final Plan plan;
  private final Consumer<String> progress;

  StandbyBench(Plan plan, Consumer<String> progress) {
    this.plan = plan;
    this.progress = progress;
  }

  /// What one round has found out.
  private record Figures(
      CatchUp catchUp,
      double transactionsPerSecond,
      List<Long> commitNanos,
      List<Long> lagBytes,
      double promoteSeconds,
      long peakResident) {}

  /// MB/s from the start of the process to the end of the backlog, and of the backlog's second
  /// half.
  private record CatchUp(double whole, double secondHalf) {}

  /// What one round has found out under load.
  private record Load(double transactionsPerSecond, List<Long> commitNanos, List<Long> lagBytes) {}

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

    %s. One round: the primary writes %s while the standby is stopped; then %d clients of pgbench for %d s, as fast as they go, beside %d commits a second that wait until they are replayed, and a CHECKPOINT of the primary and one of the standby each %d s; then the primary is gone and the standby promoted. %d rounds, medians, commits and looks at the lag all together.

    | standby | catch-up with its start, MB/s | the second half, MB/s | pgbench, tps | COMMIT with remote_apply, p50 ms | p99 ms | most | lag, p50 kB | p99 kB | promoted and writable, s | largest process, MB |
    |---|---|---|---|---|---|---|---|---|---|---|
    """
            .formatted(
                Machine.describe(Path.of("."), tools.run("pg_receivewal", "--version").strip()),
                plan.quick() ? "some WAL" : "about 600 MB of WAL",
                CLIENTS,
                loadSeconds(),
                COMMITS_PER_SECOND,
                RESTART_POINT_INTERVAL.toSeconds(),
                plan.rounds())
        + table(figures(theirs), figures(ours));
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
      home.ownFiles();
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
        letUsersIn(home);
        CatchUp caughtUp = catchUp(tools, primary, home, side);
        Load load = load(tools, primary, home);
        long peak = side.peakResident(home);
        primary.stopImmediate();
        double promoted = side.promote(home) / 1e9;
        var figures =
            new Figures(
                caughtUp,
                load.transactionsPerSecond,
                load.commitNanos,
                load.lagBytes,
                promoted,
                peak);
        progress.accept(row(side.label(), figures(List.of(figures))).strip());
        return figures;
      }
    }
  }

  /// Ours knows no users of the catalogs.
  private static void letUsersIn(PostgresServer home) throws IOException {
    PrivateFile.write(
        home.dataDirectory().resolve("walstream.users"), "\"postgres\" \"\" superuser\n");
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

  private CatchUp catchUp(
      PostgresTools tools, PostgresServer primary, PostgresServer home, Side side)
      throws Exception {
    String from = primary.sql("SELECT pg_current_wal_lsn()");
    primary.sql(
        "INSERT INTO commits SELECT i FROM generate_series(1, %d) i"
            .formatted(plan.quick() ? 10_000 : 6_000_000));
    pgbench(tools, primary, "-n", "-N", "-c", "4", "-t", plan.quick() ? "50" : "20000").awaitExit();
    long start = Lsn.parse(from).value();
    long end = Lsn.parse(primary.sql("SELECT pg_current_wal_lsn()")).value();
    long begun = System.nanoTime();
    long deadline = begun + CATCH_UP_TIMEOUT.toNanos();
    side.start(home);
    long half = awaitReplayed(home, start + (end - start) / 2, deadline);
    long halfAt = System.nanoTime();
    awaitReplayed(home, end, deadline);
    long endAt = System.nanoTime();
    return new CatchUp(rate(end - start, endAt - begun), rate(end - half, endAt - halfAt));
  }

  private static double rate(long bytes, long nanos) {
    return bytes / 1e6 / (nanos / 1e9);
  }

  /// Nobody is let in before replay has come to where the directory is consistent.
  ///
  /// @return how far replay is
  private static long awaitReplayed(PostgresServer home, long lsn, long deadlineNanos)
      throws Exception {
    while (true) {
      try (Connection session = home.jdbc();
          var statement = session.createStatement()) {
        long replayed = WalPositions.replayed(statement);
        while (Lsn.isBefore(replayed, lsn)) {
          requireTime(home, lsn, deadlineNanos);
          Thread.sleep(CATCH_UP_INTERVAL);
          replayed = WalPositions.replayed(statement);
        }
        return replayed;
      } catch (SQLException notYet) {
        requireTime(home, lsn, deadlineNanos);
        Thread.sleep(CATCH_UP_INTERVAL);
      }
    }
  }

  private static void requireTime(PostgresServer home, long lsn, long deadlineNanos)
      throws IOException {
    if (System.nanoTime() - deadlineNanos > 0) {
      throw new IOException("%s has not replayed up to %s".formatted(home, Lsn.format(lsn)));
    }
  }

  private int loadSeconds() {
    return plan.quick() ? 2 : 20;
  }

  /// Commits that wait until they are replayed, beside as much load as there can be that does not.
  private Load load(PostgresTools tools, PostgresServer primary, PostgresServer home)
      throws Exception {
    primary.set("synchronous_standby_names", NAME).reload();
    int seconds = loadSeconds();
    try (var load =
            pgbench(
                tools,
                primary,
                "-n",
                "-c",
                String.valueOf(CLIENTS),
                "-T",
                String.valueOf(seconds + 2));
        Connection session = primary.jdbc();
        var _ = new RestartPointsAsked(primary, home, RESTART_POINT_INTERVAL);
        var watch = new LagWatch(primary, home, LAG_INTERVAL)) {
      watch.start();
      long[] nanos = commits(session, seconds * COMMITS_PER_SECOND);
      List<Long> lags = watch.end();
      load.awaitExit();
      primary.set("synchronous_standby_names", "").reload();
      return new Load(
          transactionsPerSecond(load.output()), Arrays.stream(nanos).boxed().toList(), lags);
    }
  }

  private static double transactionsPerSecond(String pgbench) {
    Matcher found = TPS.matcher(pgbench);
    if (!found.find()) {
      throw new IllegalStateException("pgbench has told no rate: " + pgbench);
    }
    return Double.parseDouble(found.group(1));
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

  /// One standby's figures as they stand in the table.
  private static double[] figures(List<Figures> rounds) {
    long[] commits = all(rounds, Figures::commitNanos);
    long[] lags = all(rounds, Figures::lagBytes);
    return new double[] {
      median(rounds, figures -> figures.catchUp.whole),
      median(rounds, figures -> figures.catchUp.secondHalf),
      median(rounds, Figures::transactionsPerSecond),
      quantile(commits, 0.5) / 1e6,
      quantile(commits, 0.99) / 1e6,
      quantile(commits, 1) / 1e6,
      quantile(lags, 0.5) / 1e3,
      quantile(lags, 0.99) / 1e3,
      median(rounds, Figures::promoteSeconds),
      median(rounds, figures -> figures.peakResident / 1e6)
    };
  }

  private static String table(double[] theirs, double[] ours) {
    double[] ratios = new double[theirs.length];
    Arrays.setAll(ratios, i -> theirs[i] == 0 ? Double.NaN : ours[i] / theirs[i]);
    return row("PostgreSQL", theirs) + row("walstream standby", ours) + row("ratio", ratios);
  }

  private static String row(String name, double[] figures) {
    return Arrays.stream(figures)
        .mapToObj(
            figure -> String.format(Locale.ROOT, figure < 100 ? " %.2f |" : " %.0f |", figure))
        .collect(Collectors.joining("", "| " + name + " |", "\n"));
  }

  private static long[] all(List<Figures> rounds, Function<Figures, List<Long>> of) {
    return rounds.stream()
        .flatMap(figures -> of.apply(figures).stream())
        .mapToLong(Long::longValue)
        .sorted()
        .toArray();
  }

  private static long quantile(long[] sorted, double quantile) {
    return sorted[(int) Math.min(sorted.length - 1L, (long) (sorted.length * quantile))];
  }

  private static double median(List<Figures> rounds, ToDoubleFunction<Figures> of) {
    double[] sorted = rounds.stream().mapToDouble(of).sorted().toArray();
    return sorted[sorted.length / 2];
  }
}
