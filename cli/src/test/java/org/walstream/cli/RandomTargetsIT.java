package org.walstream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.walstream.redo.DirectoryComparison;
import org.walstream.redo.TestedVersions;
import org.walstream.testkit.Eventually;
import org.walstream.testkit.PostgresServer;
import org.walstream.testkit.ScratchDirectory;
import org.walstream.wal.Lsn;

/// One base backup, recovered to moments picked at random on two timelines, by a server and by us:
/// both stop at the same record, say the same, and leave the same bytes; or both cannot, and say
/// why.
///
/// ```
///   backup ── timeline 1 ──┬── what was lost
///                          └── timeline 2
/// ```
@Timeout(value = 1, unit = TimeUnit.HOURS)
class RandomTargetsIT {

  private static final int TARGETS = TestedVersions.HEAVY ? 100 : 3;
  private static final int STEPS = 40;

  private final long seed = Long.getLong("walstream.test.seed", System.nanoTime());
  private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);

  /// A commit, and what led up to it.
  private record Moment(long lsn, String time, String xid, String name) {}

  /// Rows of the configuration: where to stop.
  private record Target(String kind, String value, boolean inclusive, String timeline) {

    /// A server takes even an empty one for another target: there is no row but this.
    void writeTo(PostgresServer home) {
      String rows =
          """
          recovery_target_%s = '%s'
          recovery_target_inclusive = %s
          recovery_target_timeline = '%s'
          """
              .formatted(kind, value, inclusive ? "on" : "off", timeline);
      home.install("postgresql.auto.conf", rows.getBytes(StandardCharsets.UTF_8));
    }
  }

  @ParameterizedTest
  @MethodSource(TestedVersions.OF_HEAVY_TESTS)
  void bothStopAtTheSameRecordWithTheSameBytes(int major) throws Exception {
    System.out.printf("PostgreSQL %d, seed %d, %d targets%n", major, seed, TARGETS);
    try (var archive = ArchiveFolder.create();
        var scratch = ScratchDirectory.create("targets");
        var first = primary(major, archive.path());
        var theirs = home(first, archive.path());
        var ours = home(first, archive.path())) {
      Path backup = scratch.path().resolve("backup");
      run("cp", "-a", theirs.dataDirectory().toString(), backup.toString());
      List<Moment> moments = twoTimelines(first, archive.path());
      for (int i = 0; i < TARGETS; i++) {
        Target target = pick(moments);
        layOut(backup, theirs, target);
        layOut(backup, ours, target);
        compare(target, theirs, ours);
      }
    }
  }

  private static PostgresServer primary(int major, Path archive) {
    return PostgresServer.builder(major)
        .initdb("--data-checksums")
        .setting("archive_mode", "on")
        .setting("archive_command", "cp %%p %s/%%f".formatted(archive))
        .setting("track_commit_timestamp", "on")
        .start();
  }

  /// Where a backup is recovered; without sessions, which would write hints.
  private static PostgresServer home(PostgresServer primary, Path archive) {
    return PostgresServer.standbyOf(primary, "")
        .setting("restore_command", "cp %s/%%f %%p".formatted(archive))
        .setting("track_commit_timestamp", "on")
        .setting("hot_standby", "off")
        .create();
  }

  // ---------------------------------------------------------------------------------------------

  private List<Moment> twoTimelines(PostgresServer first, Path archive) throws Exception {
    try (var second =
        PostgresServer.standbyOf(first, first.conninfo() + " application_name=second")
            .setting("archive_mode", "on")
            .setting("archive_command", "cp %%p %s/%%f".formatted(archive))
            .setting("track_commit_timestamp", "on")
            .start()) {
      var moments = new ArrayList<Moment>();
      first.sql("CREATE TABLE t (id int PRIMARY KEY, words text)");
      work(first, "one", moments);
      RunningStandby.awaitReplayed(first, "second");
      second.set("primary_conninfo", "").reload();
      Eventually.holds(
          "the second is by itself",
          () -> first.sql("SELECT count(*) FROM pg_stat_replication").equals("0"));
      work(first, "lost", moments);
      archive(first);
      first.stopFast();
      second.promote();
      work(second, "two", moments);
      archive(second);
      return moments;
    }
  }

  private void work(PostgresServer server, String name, List<Moment> moments) throws SQLException {
    try (var session = server.jdbc();
        var statement = session.createStatement()) {
      for (int step = 0; step < STEPS; step++) {
        step(statement, step);
        String restorePoint = name + step;
        statement.execute("SELECT pg_create_restore_point('%s')".formatted(restorePoint));
        moments.add(
            new Moment(
                Lsn.parse(ask(statement, "SELECT pg_current_wal_insert_lsn()")).value(),
                ask(statement, "SELECT clock_timestamp()"),
                ask(statement, "INSERT INTO t VALUES (-1, 'mark') RETURNING xmin"),
                restorePoint));
        statement.execute("DELETE FROM t WHERE id = -1");
      }
    }
  }

  private void step(Statement statement, int step) throws SQLException {
    int from = step * 1000;
    statement.execute(
        switch (random.nextInt(8)) {
          case 0 -> "CREATE INDEX ON t (words)";
          case 1 -> "VACUUM t";
          case 2 -> "UPDATE t SET words = words || 'x' WHERE id % 7 = 0";
          case 3 -> "CHECKPOINT";
          case 4 -> "DELETE FROM t WHERE id % 13 = 5";
          default ->
              "INSERT INTO t SELECT g, md5(g::text) FROM generate_series(%d, %d) g ON CONFLICT DO NOTHING"
                  .formatted(from, from + 999);
        });
  }

  private static String ask(Statement statement, String query) throws SQLException {
    try (var row = statement.executeQuery(query)) {
      row.next();
      return row.getString(1);
    }
  }

  private static void archive(PostgresServer server) {
    String last = server.sql("SELECT pg_walfile_name(pg_switch_wal())");
    Eventually.holds(
        last + " is archived",
        () ->
            server
                .sql(
                    "SELECT coalesce(last_archived_wal >= '%s', false) FROM pg_stat_archiver"
                        .formatted(last))
                .equals("t"));
  }

  // ---------------------------------------------------------------------------------------------

  private Target pick(List<Moment> moments) {
    Moment moment = moments.get(random.nextInt(moments.size()));
    boolean inclusive = random.nextBoolean();
    String timeline = random.nextInt(5) == 0 ? "1" : "latest";
    return switch (random.nextInt(4)) {
      case 0 -> {
        long from = moments.getFirst().lsn;
        long lsn = from + random.nextLong(moments.getLast().lsn - from);
        yield new Target("lsn", Lsn.format(lsn), inclusive, timeline);
      }
      case 1 -> new Target("time", moment.time, inclusive, timeline);
      case 2 -> new Target("xid", moment.xid, inclusive, timeline);
      default -> new Target("name", moment.name, true, timeline);
    };
  }

  private static void layOut(Path backup, PostgresServer home, Target target) throws Exception {
    String data = home.dataDirectory().toString();
    run("rm", "-rf", data);
    run("cp", "-a", backup.toString(), data);
    Files.move(
        home.dataDirectory().resolve("standby.signal"),
        home.dataDirectory().resolve("recovery.signal"));
    home.set("recovery_target_action", "shutdown"); // in its own configuration, not the backup's
    target.writeTo(home);
  }

  private static void compare(Target target, PostgresServer theirs, PostgresServer ours)
      throws Exception {
    int logged = theirs.log().length();
    theirs.spawn();
    int theirExit = theirs.awaitEnd();
    String theirLog = theirs.log().substring(logged);
    try (var standby = RunningStandby.start(ours)) {
      int ourExit = standby.awaitExit();
      var story = "%s%ntheirs:%n%s%nours:%n%s".formatted(target, theirLog, standby.said());
      assertThat(ourExit).as(story).isEqualTo(theirExit);
      assertThat(stopping(standby.said())).as(story).isEqualTo(stopping(theirLog));
      if (theirExit == 0) {
        assertThat(DirectoryComparison.differences(ours.dataDirectory(), theirs.dataDirectory()))
            .as(story)
            .isEmpty();
      } else {
        assertThat(fatal(standby.said())).as(story).isEqualTo(fatal(theirLog));
      }
    }
  }

  private static Optional<String> stopping(String log) {
    return behind(log, "recovery stopping ");
  }

  private static Optional<String> fatal(String log) {
    return behind(log, "recovery ended before ").or(() -> behind(log, "requested recovery stop "));
  }

  private static Optional<String> behind(String log, String begin) {
    return log.lines()
        .filter(line -> line.contains(begin))
        .map(line -> line.substring(line.indexOf(begin)).strip())
        .findFirst();
  }

  private static void run(String... words) throws IOException, InterruptedException {
    assertThat(new ProcessBuilder(words).inheritIO().start().waitFor())
        .as(String.join(" ", words))
        .isZero();
  }
}
