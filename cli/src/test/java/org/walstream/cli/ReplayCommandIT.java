package org.walstream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.walstream.testkit.PostgresServer;
import org.walstream.testkit.ScratchDirectory;
import org.walstream.wal.control.ControlFile;
import org.walstream.wal.control.DBState;

/// Backups of real servers are rolled forward by `walstream replay` with the WAL of an archive, and
/// real servers go on with what it leaves.
@Timeout(600)
class ReplayCommandIT {

  /// A primary that archives into `archive`, and what a backup of it was when it was taken.
  private static PostgresServer primary(int major, Path archive) {
    return PostgresServer.builder(major)
        .setting("archive_mode", "on")
        .setting("archive_command", "cp %p " + archive + "/%f")
        .setting("autovacuum", "off")
        .start();
  }

  private static PostgresServer backup(PostgresServer primary) throws IOException {
    PostgresServer backup =
        PostgresServer.standbyOf(primary, "host=127.0.0.1 port=1")
            .setting("hot_standby", "on")
            .create();
    try (var files = Files.list(backup.walDirectory())) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.delete(file);
      }
    }
    return backup;
  }

  private static Path archive(ScratchDirectory scratch) throws Exception {
    return archive(scratch, "archive");
  }

  /// One that servers may write to, whoever runs the tests.
  private static Path archive(ScratchDirectory scratch, String name) throws Exception {
    Path archive = Files.createDirectory(scratch.path().resolve(name));
    run("chmod", "777", scratch.path().toString(), archive.toString());
    return archive;
  }

  private static void work(PostgresServer primary) {
    primary.sql("CREATE TABLE t (id int PRIMARY KEY, word text)");
    primary.sql("INSERT INTO t SELECT i, 'word ' || i FROM generate_series(1, 10000) i");
    primary.sql("UPDATE t SET word = 'other' WHERE id % 3 = 0");
    primary.sql("SELECT pg_create_restore_point('half')");
    primary.sql("DELETE FROM t WHERE id > 5000");
    primary.sql("CHECKPOINT");
    primary.sql("CREATE TABLE u AS SELECT * FROM t");
    primary.sql("VACUUM t");
  }

  /// The archive then has all WAL there is.
  private static void finish(PostgresServer primary) {
    primary.sql("SELECT pg_switch_wal()");
    primary.stopFast();
  }

  private static Ran replay(PostgresServer backup, String... options) {
    var words = new ArrayList<>(List.of("replay", "-D", backup.dataDirectory().toString()));
    words.addAll(List.of(options));
    return Ran.walstream(words.toArray(String[]::new));
  }

  private static ControlFile control(PostgresServer backup) throws IOException {
    return ControlFile.parse(
        Files.readAllBytes(backup.dataDirectory().resolve("global/pg_control")));
  }

  /// Files belong to the server's user again, whoever runs the tests.
  private static void start(PostgresServer backup) throws Exception {
    String data = backup.dataDirectory().toString();
    run("chown", "-R", "--reference=" + data, data);
    backup.start();
  }

  private static void run(String... command) throws Exception {
    assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 18})
  void aServerGoesOnWhereReplayEnds(int major) throws Exception {
    try (var scratch = ScratchDirectory.create("replay")) {
      Path archive = archive(scratch);
      try (var primary = primary(major, archive);
          var backup = backup(primary)) {
        work(primary);
        String sum = primary.sql("SELECT sum(hashtext(t::text)) FROM t");
        finish(primary);

        Ran ran = replay(backup, "--wal", archive.toString());

        assertThat(ran.exitCode()).as(ran.errors()).isZero();
        assertThat(ran.errors())
            .contains(
                "consistent recovery state reached at",
                "redo done at",
                "the directory is in recovery");
        assertThat(control(backup).state()).isEqualTo(DBState.SHUTDOWNED_IN_RECOVERY);
        assertThat(backup.dataDirectory().resolve("standby.signal")).exists();
        assertThat(backup.dataDirectory().resolve("postmaster.pid")).doesNotExist();
        start(backup);
        assertThat(backup.sql("SELECT sum(hashtext(t::text)) FROM t")).isEqualTo(sum);
        backup.promote();
        assertThat(backup.sql("SELECT sum(hashtext(u::text)) FROM u")).isEqualTo(sum);
        backup.sql("INSERT INTO t SELECT i, 'new' FROM generate_series(5001, 6000) i");
        assertThat(backup.sql("SELECT count(*) FROM t")).isEqualTo("6000");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 18})
  void stopsAtATargetAndGoesOnFromThere(int major) throws Exception {
    try (var scratch = ScratchDirectory.create("replay")) {
      Path archive = archive(scratch);
      try (var primary = primary(major, archive);
          var backup = backup(primary)) {
        work(primary);
        String sum = primary.sql("SELECT sum(hashtext(t::text)) FROM t");
        finish(primary);
        String fetch = "cp %s/%%f %%p".formatted(archive);

        Ran half = replay(backup, "--restore-command", fetch, "--target-name", "half");
        assertThat(half.exitCode()).as(half.errors()).isZero();
        assertThat(half.errors()).contains("recovery stopping at restore point \"half\"");
        long end = control(backup).minRecoveryPoint();

        Ran rest = replay(backup, "--restore-command", fetch, "--workers", "1");
        assertThat(rest.exitCode()).as(rest.errors()).isZero();
        assertThat(rest.errors()).doesNotContain("starting backup recovery");
        assertThat(control(backup).minRecoveryPoint()).isGreaterThan(end);
        start(backup);
        assertThat(backup.sql("SELECT sum(hashtext(t::text)) FROM t")).isEqualTo(sum);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 18})
  void refusesWhatItCannotRollForwardAndLeavesIt(int major) throws Exception {
    try (var scratch = ScratchDirectory.create("replay")) {
      Path archive = archive(scratch);
      Path others = archive(scratch, "others");
      try (var primary = primary(major, archive);
          var other = primary(major, others);
          var backup = backup(primary)) {
        assertThat(replay(primary, "--wal", archive.toString()))
            .satisfies(ran -> {
              assertThat(ran.exitCode()).isEqualTo(1);
              assertThat(ran.errors())
                  .contains(
                      "error: lock file \"postmaster.pid\" already exists", "hint: Is a server");
            });
        work(primary);
        work(other);
        finish(primary);
        finish(other);
        byte[] before = Files.readAllBytes(backup.dataDirectory().resolve("global/pg_control"));

        assertRefused(replay(backup), "could not locate required checkpoint record at");
        assertRefused(
            replay(backup, "--wal", others.toString()),
            "WAL file is from different database system");
        assertRefused(
            replay(backup, "--restore-command", "no-such-command %f %p"),
            "could not restore file \"");
        assertRefused(
            replay(backup, "--wal", archive.toString(), "--timeline", "7"),
            "recovery target timeline 7 does not exist");
        assertRefused(
            replay(backup, "--wal", archive.toString(), "--target-lsn", "0/1000000"),
            "requested recovery stop point is before consistent recovery point");

        assertThat(backup.dataDirectory().resolve("backup_label")).exists();
        assertThat(backup.dataDirectory().resolve("postmaster.pid")).doesNotExist();
        assertThat(Files.readAllBytes(backup.dataDirectory().resolve("global/pg_control")))
            .isEqualTo(before);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 18})
  void aMissingFileEndsItAndWithTheFileItGoesOn(int major) throws Exception {
    try (var scratch = ScratchDirectory.create("replay")) {
      Path archive = archive(scratch);
      try (var primary = primary(major, archive)) {
        primary.sql("CREATE TABLE bare AS SELECT i FROM generate_series(1, 1000) i");
        primary.sql("ALTER SYSTEM SET full_page_writes = off");
        primary.restart();
        try (var backup = backup(primary)) {
          primary.sql("UPDATE bare SET i = -i");
          String name = primary.sql("SELECT pg_relation_filepath('bare')");
          finish(primary);
          Path file = backup.dataDirectory().resolve(name);
          byte[] content = Files.readAllBytes(file);
          Files.delete(file);

          Ran ran = replay(backup, "--wal", archive.toString());

          assertThat(ran.exitCode()).isEqualTo(1);
          assertThat(ran.errors())
              .contains(
                  "walstream replay: error: WAL redo at ",
                  "WAL contains references to invalid pages: page 0 of relation " + name);
          assertThat(control(backup).state()).isEqualTo(DBState.IN_ARCHIVE_RECOVERY);
          assertThat(backup.dataDirectory().resolve("postmaster.pid")).doesNotExist();

          Files.write(file, content);
          Ran again = replay(backup, "--wal", archive.toString());
          assertThat(again.exitCode()).as(again.errors()).isZero();
          start(backup);
          assertThat(backup.sql("SELECT sum(i) FROM bare")).isEqualTo("-500500");
        }
      }
    }
  }

  @Test
  void whatAReceiverHasArchivedIsReplayedToItsEnd() throws Exception {
    try (var scratch = ScratchDirectory.create("replay")) {
      Path archive = archive(scratch);
      try (var primary = primary(18, archive(scratch, "others"));
          var backup = backup(primary)) {
        primary.sql("SELECT pg_create_physical_replication_slot('archive', true)");
        work(primary);
        primary.sql("SELECT pg_switch_wal()");
        primary.sql("INSERT INTO u VALUES (0, 'in a segment that is not full')");
        String sum = primary.sql("SELECT sum(hashtext(u::text)) FROM u");
        String end = primary.sql("SELECT pg_current_wal_flush_lsn()");
        primary.sql("CHECKPOINT"); // a receiver ends with what is beyond
        Ran received =
            Ran.walstream(
                "receive",
                "-n",
                "-D",
                archive.toString(),
                "-d",
                primary.conninfo(),
                "-S",
                "archive",
                "-Z",
                "zstd",
                "-E",
                end);
        assertThat(received.exitCode()).as(received.errors()).isZero();
        assertThat(names(archive)).anyMatch(name -> name.endsWith(".partial"));
        assertThat(names(archive)).anyMatch(name -> name.matches("[0-9A-F]{24}\\.[a-z0-9]+"));
        primary.stopFast();

        Ran ran = replay(backup, "--wal", archive.toString());

        assertThat(ran.exitCode()).as(ran.errors()).isZero();
        start(backup);
        assertThat(backup.sql("SELECT sum(hashtext(u::text)) FROM u")).isEqualTo(sum);
      }
    }
  }

  private static List<String> names(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void theTimelineThatIsAskedForIsFollowed() throws Exception {
    try (var scratch = ScratchDirectory.create("replay")) {
      Path archive = archive(scratch);
      String fetch = "cp %s/%%f %%p".formatted(archive);
      try (var primary = primary(18, archive);
          var first = backup(primary);
          var second = backup(primary);
          var third = backup(primary)) {
        primary.sql("CREATE TABLE t (timeline int)");
        primary.sql("INSERT INTO t VALUES (1)");
        try (var promoted =
            PostgresServer.standbyOf(primary, primary.conninfo())
                .setting("archive_mode", "on")
                .setting("archive_command", "cp %p " + archive + "/%f")
                .setting("restore_command", fetch)
                .start()) {
          finish(primary);
          promoted.promote();
          promoted.sql("INSERT INTO t VALUES (2)");
          promoted.sql("SELECT pg_switch_wal()");
          promoted.stopFast();
          Files.createFile(promoted.dataDirectory().resolve("standby.signal"));
          promoted.start();
          promoted.promote();
          promoted.sql("INSERT INTO t VALUES (3)");
          promoted.sql("SELECT pg_switch_wal()");
          promoted.stopFast();
        }
        assertThat(names(archive)).contains("00000002.history", "00000003.history");

        assertThat(timelines(first, archive, "--timeline", "current")).isEqualTo("1");
        assertThat(timelines(second, archive, "--timeline", "2")).isEqualTo("1,2");
        assertThat(timelines(third, archive)).isEqualTo("1,2,3");
      }
    }
  }

  /// What the table of timelines holds once the backup has been replayed so.
  private static String timelines(PostgresServer backup, Path archive, String... options)
      throws Exception {
    var words = new ArrayList<>(List.of("--wal", archive.toString()));
    words.addAll(List.of(options));
    Ran ran = replay(backup, words.toArray(String[]::new));
    assertThat(ran.exitCode()).as(ran.errors()).isZero();
    start(backup);
    return backup.sql("SELECT string_agg(timeline::text, ',' ORDER BY timeline) FROM t");
  }

  private static void assertRefused(Ran ran, String message) {
    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.errors()).contains("walstream replay: error: " + message, "hint: ");
  }
}
