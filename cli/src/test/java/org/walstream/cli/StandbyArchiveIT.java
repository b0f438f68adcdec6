package org.walstream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.walstream.testkit.CrashProcess;
import org.walstream.testkit.Eventually;
import org.walstream.testkit.PostgresServer;
import org.walstream.testkit.PostgresServerBuilder;
import org.walstream.testkit.PrivateFile;

/// A `walstream standby` and its archives: into one, and out of one.
@Timeout(600)
class StandbyArchiveIT {

  private static void letIn(PostgresServer home) throws Exception {
    PrivateFile.write(
        home.dataDirectory().resolve("walstream.users"), "\"postgres\" \"\" superuser\n");
  }

  private static List<String> names(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.startsWith("."))
          .sorted()
          .toList();
    }
  }

  private static PostgresServer always(PostgresServer primary, String name, String command) {
    return PostgresServer.standbyOf(primary, primary.conninfo() + " application_name=" + name)
        .setting("archive_mode", "always")
        .setting("archive_command", command)
        .create();
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 18})
  void whatComesIsArchivedOnceMoreAsByAServer(int major) throws Exception {
    try (var ourFolder = ArchiveFolder.create();
        var theirFolder = ArchiveFolder.create();
        var primary = PostgresServer.builder(major).setting("wal_keep_size", "1GB").start();
        var theirs = always(primary, "theirs", "cp %%p %s/%%f".formatted(theirFolder.path()));
        var ours =
            always(
                primary,
                "ours",
                "test -f %1$s/.open && cp %%p %1$s/%%f".formatted(ourFolder.path()))) {
      Path our = ourFolder.path();
      Path their = theirFolder.path();
      letIn(ours);
      theirs.start();
      primary.sql("CREATE TABLE t (id int)");
      try (var standby = RunningStandby.start(ours)) {
        standby.awaitSaid("started streaming WAL");
        primary.sql("SELECT pg_switch_wal()");
        standby.awaitSaid("failed too many times, will try again later");
        standby.awaitSaid("archive command failed with exit code 1");
        assertThat(ours.sql("SELECT archived_count FROM pg_stat_archiver")).isEqualTo("0");
        String failed = ours.sql("SELECT last_failed_wal FROM pg_stat_archiver");
        assertThat(Long.parseLong(ours.sql("SELECT failed_count FROM pg_stat_archiver")))
            .isGreaterThanOrEqualTo(3);
        Files.createFile(our.resolve(".open"));
        String last = "";
        for (int i = 0; i < 3; i++) {
          primary.sql("INSERT INTO t VALUES (%d)".formatted(i));
          last = primary.sql("SELECT pg_walfile_name(pg_switch_wal())");
        }
        RunningStandby.awaitReplayed(primary, "ours");
        RunningStandby.awaitReplayed(primary, "theirs");
        for (PostgresServer each : List.of(ours, theirs)) {
          awaitArchived(each, last);
        }
        // Theirs may begin with an older segment: its backup is another.
        assertThat(names(our)).hasSizeGreaterThanOrEqualTo(4);
        assertThat(names(their)).containsAll(names(our));
        assertThat(names(our)).contains(failed);
        for (String name : names(our)) {
          assertThat(our.resolve(name)).hasSameBinaryContentAs(their.resolve(name));
        }
        standby.stop();
      }
    }
  }

  /// A file is in the folder before it is whole: it is the archiver who knows.
  private static void awaitArchived(PostgresServer standby, String segment) {
    Eventually.holds(
        standby + " has archived " + segment,
        () -> standby.sql("SELECT last_archived_wal FROM pg_stat_archiver").equals(segment));
  }

  private static PostgresServer fromArchive(PostgresServer primary, Path archive, boolean signal)
      throws Exception {
    PostgresServerBuilder builder =
        PostgresServer.standbyOf(primary, "")
            .setting("archive_mode", "off")
            .setting("archive_cleanup_command", "echo %r >> cleaned")
            .setting("recovery_end_command", "echo %r > ended")
            .setting("restore_command", "cp %s/%%f %%p".formatted(archive));
    PostgresServer home = builder.create();
    letIn(home);
    if (signal) {
      Files.move(
          home.dataDirectory().resolve("standby.signal"),
          home.dataDirectory().resolve("recovery.signal"));
    }
    return home;
  }

  private static PostgresServer archiving(int major, Path archive) {
    return PostgresServer.builder(major)
        .setting("archive_mode", "on")
        .setting("archive_command", "cp %%p %s/%%f".formatted(archive))
        .start();
  }

  /// Beside a server with the same files: to the end of the archive, and then a primary.
  @ParameterizedTest
  @ValueSource(ints = {15, 16, 17, 18})
  void withRecoverySignalAloneItEndsWithTheArchive(int major) throws Exception {
    try (var folder = ArchiveFolder.create();
        var primary = archiving(major, folder.path());
        var theirs = fromArchive(primary, folder.path(), true);
        var ours = fromArchive(primary, folder.path(), true)) {
      primary.sql("CREATE TABLE t (id int)");
      for (int i = 0; i < 3; i++) {
        primary.sql("INSERT INTO t VALUES (%d)".formatted(i));
        primary.sql("SELECT pg_switch_wal()");
        primary.sql("CHECKPOINT");
      }
      primary.stopFast();
      theirs.start();
      Eventually.holds(
          "they are a primary", () -> !theirs.sql("SELECT pg_is_in_recovery()").equals("t"));
      try (var standby = RunningStandby.start(ours)) {
        assertThat(standby.awaitExit()).as(standby.said()).isZero();
        assertThat(standby.said())
            .contains("starting archive recovery")
            .doesNotContain("entering standby mode");
      }
      assertThat(ours.dataDirectory().resolve("recovery.signal")).doesNotExist();
      assertThat(ours.dataDirectory().resolve("ended")).exists();
      assertThat(Files.readString(ours.walDirectory().resolve("00000002.history")))
          .isEqualTo(Files.readString(theirs.walDirectory().resolve("00000002.history")));
      RunningStandby.giveToTheServer(ours);
      ours.start();
      assertThat(ours.log()).doesNotContain("redo starts");
      for (String query :
          List.of(
              "SELECT string_agg(id::text, ' ' ORDER BY id) FROM t",
              "SELECT pg_is_in_recovery()")) {
        assertThat(ours.sql(query)).isEqualTo(theirs.sql(query));
      }
    }
  }

  @Test
  void atRestartPointsTheArchiveMayBeCleanedUp() throws Exception {
    try (var folder = ArchiveFolder.create();
        var primary = archiving(18, folder.path());
        var ours = fromArchive(primary, folder.path(), false);
        var standby =
            RunningStandby.start(
                ours, "-c", "archive_cleanup_command=echo %r >> cleaned; exit 3")) {
      primary.sql("CREATE TABLE t (id int)");
      for (int i = 0; i < 3; i++) {
        primary.sql("INSERT INTO t VALUES (%d)".formatted(i));
        primary.sql("CHECKPOINT");
        primary.sql("SELECT pg_switch_wal()");
      }
      String end = primary.sql("SELECT pg_current_wal_lsn()");
      standby.awaitSaid("ready to accept read-only connections");
      Eventually.holds(
          "all is replayed",
          () -> ours.sql("SELECT pg_last_wal_replay_lsn() >= '%s'".formatted(end)).equals("t"));
      standby.stop();
      standby.awaitSaid(
          "archive_cleanup_command \"echo %r >> cleaned; exit 3\": child process exited with exit code 3");
      assertThat(Files.readString(ours.dataDirectory().resolve("cleaned")))
          .matches("([0-9A-F]{24}\n)+");
    }
  }

  @Test
  void withoutACommandToRestoreByThereIsNoSuchRecovery() throws Exception {
    try (var primary = PostgresServer.builder(18).start();
        var ours = PostgresServer.standbyOf(primary, "").create()) {
      Files.move(
          ours.dataDirectory().resolve("standby.signal"),
          ours.dataDirectory().resolve("recovery.signal"));
      var standby =
          CrashProcess.java(Main.class.getName(), "standby", "-D", ours.dataDirectory().toString());
      assertThat(standby.awaitExit()).isEqualTo(1);
      assertThat(standby.errors())
          .contains("must specify \"restore_command\" when standby mode is not enabled");
    }
  }
}
