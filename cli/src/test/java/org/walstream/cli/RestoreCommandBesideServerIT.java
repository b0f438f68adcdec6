package org.walstream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.walstream.testkit.Eventually;
import org.walstream.testkit.PostgresServer;
import org.walstream.testkit.PrivateFile;
import org.walstream.testkit.ScratchDirectory;

/// A `restore_command` that brings all segments but one, and there fails in every way: beside a
/// real standby with the same command, what both do and say.
@Timeout(600)
class RestoreCommandBesideServerIT {

  /// In a segment's first page.
  private static final int SYSTEM_IDENTIFIER_AT = 24;

  private static final String FOREIGN = "WAL file is from different database system: ";

  private final ScratchDirectory archive;

  RestoreCommandBesideServerIT() throws IOException {
    archive = ArchiveFolder.create();
  }

  @AfterEach
  void removeArchive() throws IOException {
    archive.close();
  }

  /// Both wait for the segment to come, having replayed all before it; then it comes.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "18 | exit 1",
        "15 | exit 1",
        "18 | exit 125",
        "18 | head -c 1000 ARCHIVE/$1 > $2",
        "15 | head -c 1000 ARCHIVE/$1 > $2",
        "18 | head -c 16777216 /dev/zero > $2",
        "18 | cp ARCHIVE/FIRST $2",
        "18 | cp ARCHIVE/FOREIGN $2",
        "15 | cp ARCHIVE/FOREIGN $2",
        "18 | true"
      })
  void bothWait(int major, String failure) throws Exception {
    try (var primary = primary(major);
        var theirs = standby(primary, "standby.signal");
        var ours = standby(primary, "standby.signal")) {
      String victim = work(primary, failure);
      theirs.spawn();
      theirs.awaitConnections();
      try (var standby = RunningStandby.start(ours)) {
        for (PostgresServer each : List.of(theirs, ours)) {
          awaitReplayedUpTo(each, startOf(primary, victim));
        }
        standby.requireAlive();
        assertThat(theirs.isRunning()).isTrue();
        if (failure.contains("FOREIGN")) { // both say so once they look at what has come
          standby.awaitSaid(FOREIGN);
          Eventually.holds("theirs says so", () -> theirs.log().contains(FOREIGN));
        } else {
          assertThat(standby.said()).doesNotContain(FOREIGN);
          assertThat(theirs.log()).doesNotContain(FOREIGN);
        }
        restoreRightly();
        for (PostgresServer each : List.of(theirs, ours)) {
          Eventually.holds(
              "all is replayed",
              () ->
                  each.sql(
                          "SELECT pg_last_wal_replay_lsn() > '%s'::pg_lsn + 16777216"
                              .formatted(startOf(primary, victim)))
                      .equals("t"));
        }
        String restored = "restored log file \"%s\" from archive".formatted(victim);
        assertThat(theirs.log()).contains(restored);
        standby.awaitSaid(restored);
        standby.stop();
      }
    }
  }

  /// Both end, with the same words.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "18 | standby.signal | exit 126",
        "18 | standby.signal | exit 127",
        "18 | standby.signal | exit 255",
        "15 | standby.signal | exit 255",
        "18 | standby.signal | kill -KILL $$",
        "15 | standby.signal | kill -SEGV $$",
        "18 | recovery.signal | head -c 1000 ARCHIVE/$1 > $2",
        "15 | recovery.signal | head -c 1000 ARCHIVE/$1 > $2"
      })
  void bothEnd(int major, String signal, String failure) throws Exception {
    try (var primary = primary(major);
        var theirs = standby(primary, signal);
        var ours = standby(primary, signal)) {
      work(primary, failure);
      theirs.spawn();
      try (var standby = RunningStandby.start(ours)) {
        assertThat(standby.awaitExit()).as(standby.said()).isEqualTo(theirs.awaitEnd());
        assertThat(reason(standby.said(), "error: "))
            .as(standby.said())
            .isEqualTo(reason(theirs.log(), "FATAL:  "));
      }
    }
  }

  /// A server takes that for its own end, and says nothing.
  @Test
  void bothEndWhenItIsTerminated() throws Exception {
    try (var primary = primary(18);
        var theirs = standby(primary, "standby.signal");
        var ours = standby(primary, "standby.signal")) {
      String victim = work(primary, "kill -TERM $$");
      theirs.spawn();
      try (var standby = RunningStandby.start(ours)) {
        assertThat(standby.awaitExit()).as(standby.said()).isEqualTo(theirs.awaitEnd());
        assertThat(standby.said()).contains("could not restore file \"%s\"".formatted(victim));
        assertThat(theirs.log()).doesNotContain("FATAL");
      }
    }
  }

  /// Both can be stopped while it hangs.
  @ParameterizedTest
  @CsvSource({"15", "18"})
  void bothStopThoughItHangs(int major) throws Exception {
    try (var primary = primary(major);
        var theirs = standby(primary, "standby.signal");
        var ours = standby(primary, "standby.signal")) {
      work(primary, "touch $2.hangs; sleep 600");
      theirs.spawn();
      try (var standby = RunningStandby.start(ours)) {
        for (PostgresServer each : List.of(theirs, ours)) {
          Path hangs = each.walDirectory().resolve("RECOVERYXLOG.hangs");
          Eventually.holds(hangs + " is there", () -> Files.exists(hangs));
        }
        standby.stop();
        theirs.stopFast();
      }
    }
  }

  private PostgresServer primary(int major) {
    return PostgresServer.builder(major)
        .setting("archive_mode", "on")
        .setting("archive_command", "cp %%p %s/%%f".formatted(archive.path()))
        .setting("wal_keep_size", "1GB")
        .start();
  }

  private PostgresServer standby(PostgresServer primary, String signal) throws IOException {
    PostgresServer home =
        PostgresServer.standbyOf(primary, "")
            .setting("archive_mode", "off")
            .setting("wal_retrieve_retry_interval", "100ms")
            .setting("restore_command", "sh %s %%f %%p".formatted(script()))
            .create();
    Path data = home.dataDirectory();
    PrivateFile.write(data.resolve("walstream.users"), "\"postgres\" \"\" superuser\n");
    if (!signal.equals("standby.signal")) {
      Files.move(data.resolve("standby.signal"), data.resolve(signal));
    }
    return home;
  }

  /// Three segments more, all archived.
  ///
  /// @return the second of them, with which `failure` happens
  private String work(PostgresServer primary, String failure) throws IOException {
    primary.sql("CREATE TABLE t (id int)");
    String first = fill(primary);
    String victim = fill(primary);
    String last = fill(primary);
    Eventually.holds(
        "all is archived",
        () ->
            primary
                .sql("SELECT last_archived_wal >= '%s' FROM pg_stat_archiver".formatted(last))
                .equals("t"));
    byte[] foreign = Files.readAllBytes(archive.path().resolve(victim));
    foreign[SYSTEM_IDENTIFIER_AT]++;
    Files.write(archive.path().resolve("FOREIGN"), foreign);
    String bad = failure.replace("ARCHIVE", archive.path().toString()).replace("FIRST", first);
    write("if [ $1 = %s ]; then %s; exit; fi%n".formatted(victim, bad));
    return victim;
  }

  private static String fill(PostgresServer primary) {
    primary.sql("INSERT INTO t VALUES (1)");
    return primary.sql("SELECT pg_walfile_name(pg_switch_wal())");
  }

  private void restoreRightly() throws IOException {
    write("");
  }

  private void write(String before) throws IOException {
    Path next = archive.path().resolve(".next");
    Files.writeString(next, before + "exec cp %s/$1 $2%n".formatted(archive.path()));
    Files.move(next, script(), StandardCopyOption.REPLACE_EXISTING);
  }

  private Path script() {
    return archive.path().resolve(".restore");
  }

  private static String startOf(PostgresServer primary, String segment) {
    return primary.sql(
        "SELECT '0/0'::pg_lsn + ('x' || right('%s', 8))::bit(32)::bigint * 16777216"
            .formatted(segment));
  }

  private static void awaitReplayedUpTo(PostgresServer standby, String lsn) {
    Eventually.holds(
        "all before %s is replayed".formatted(lsn),
        () -> standby.sql("SELECT pg_last_wal_replay_lsn()").equals(lsn));
  }

  /// That a shell was killed the JDK tells as the shell's exit code, 128 more: the words differ.
  private static Optional<String> reason(String log, String before) {
    return log.lines()
        .filter(line -> line.contains(before))
        .map(line -> line.substring(line.indexOf(before) + before.length()).strip())
        .map(line -> line.replace("was terminated by signal ", "exited with exit code 128 + "))
        .map(line -> line.replaceFirst("exit code 137$", "exit code 128 + 9"))
        .map(line -> line.replaceFirst("exit code 139$", "exit code 128 + 11"))
        .findFirst();
  }
}
