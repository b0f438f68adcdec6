package org.walstream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.walstream.testkit.CrashProcess;
import org.walstream.testkit.PostgresServer;

/// What `walstream standby` leaves when it is promoted is the directory of a primary.
@Timeout(600)
class PromoteCommandIT {

  private static PostgresServer primary(int major) {
    return PostgresServer.builder(major)
        .initdb("--data-checksums")
        .setting("max_prepared_transactions", "10")
        .setting("track_commit_timestamp", "on")
        .setting("archive_mode", "on")
        .setting("archive_command", "true")
        .start();
  }

  private static PostgresServer standby(PostgresServer primary) {
    return PostgresServer.standbyOf(primary, primary.conninfo() + " application_name=ours")
        .setting("max_prepared_transactions", "10")
        .setting("hot_standby", "off")
        .setting("archive_mode", "on")
        .setting("archive_command", "true")
        .setting("track_commit_timestamp", "on")
        .create();
  }

  private static void promote(PostgresServer home) {
    var promote = CrashProcess.java(Main.class.getName(), "promote", "-D", path(home));
    assertThat(promote.awaitExit()).as(promote.errors()).isZero();
    assertThat(promote.output()).contains("standby promoted");
  }

  private static String path(PostgresServer home) {
    return home.dataDirectory().toString();
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 16, 17, 18})
  void aServerStartsOnItAsAPrimaryWithAllThatWasAcknowledged(int major) throws Exception {
    try (var primary = primary(major);
        var ours = standby(primary);
        var standby = RunningStandby.start(ours)) {
      standby.awaitSaid("started streaming WAL");
      primary.sql("CREATE UNLOGGED TABLE u (id int PRIMARY KEY)");
      primary.sql("INSERT INTO u SELECT generate_series(1, 1000)");
      primary.sql("CREATE TABLE t (id int PRIMARY KEY)");
      primary.sql("CREATE TABLE prepared (id int)");
      try (var session = primary.jdbc();
          var statement = session.createStatement()) {
        session.setAutoCommit(false);
        statement.execute("INSERT INTO prepared VALUES (1)");
        statement.execute("PREPARE TRANSACTION 'waiting'");
      }
      primary.set("synchronous_standby_names", "ours").set("synchronous_commit", "remote_apply");
      primary.reload();
      RunningStandby.awaitSynchronous(primary);
      int acknowledged = killedAtWork(primary);
      promote(ours);
      assertThat(standby.awaitExit()).as(standby.said()).isZero();
      assertThat(standby.said()).contains("selected new timeline ID: 2");

      Path pgWal = ours.walDirectory();
      assertThat(pgWal.resolve("archive_status/00000002.history.ready")).exists();
      try (var files = Files.list(pgWal)) {
        assertThat(files.filter(file -> file.toString().endsWith(".partial"))).hasSize(1);
      }
      RunningStandby.giveToTheServer(ours);
      ours.start();
      assertThat(ours.sql("SELECT pg_is_in_recovery()")).isEqualTo("f");
      assertThat(ours.log()).doesNotContain("redo starts");
      assertThat(Integer.parseInt(ours.sql("SELECT max(id) FROM t")))
          .isGreaterThanOrEqualTo(acknowledged);
      assertThat(ours.sql("SELECT count(*) = max(id) FROM t")).isEqualTo("t");
      assertThat(ours.sql("SELECT count(pg_xact_commit_timestamp(xmin)) = count(*) FROM t"))
          .isEqualTo("t");
      assertThat(ours.sql("SELECT count(*) FROM u")).isEqualTo("0");
      ours.sql("INSERT INTO u VALUES (1)");
      ours.sql("COMMIT PREPARED 'waiting'");
      assertThat(ours.sql("SELECT count(*) FROM prepared")).isEqualTo("1");
      ours.sql("INSERT INTO t VALUES (0)");
      ours.sql("CHECKPOINT");
      assertThat(ours.sql("SELECT timeline_id FROM pg_control_checkpoint()")).isEqualTo("2");

      try (var next =
          PostgresServer.standbyOf(ours, ours.conninfo() + " application_name=next")
              .setting("max_prepared_transactions", "10")
              .create()) {
        next.start();
        ours.sql("INSERT INTO t VALUES (-1)");
        RunningStandby.awaitReplayed(ours, "next");
        assertThat(next.sql("SELECT min(id) FROM t")).isEqualTo("-1");
      }
    }
  }

  /// Commits row after row, until the server is killed.
  ///
  /// @return the last row whose commit it has acknowledged
  private static int killedAtWork(PostgresServer primary) throws InterruptedException {
    var acknowledged = new AtomicInteger();
    Thread work =
        Thread.ofPlatform()
            .start(() -> {
              try (var session = primary.jdbc();
                  var statement = session.createStatement()) {
                while (true) {
                  int id = acknowledged.get() + 1;
                  statement.execute("INSERT INTO t VALUES (%d)".formatted(id));
                  acknowledged.set(id);
                }
              } catch (SQLException killed) {
                // what it was to be
              }
            });
    while (acknowledged.get() < 50) {
      Thread.sleep(10);
    }
    primary.kill9();
    work.join();
    return acknowledged.get();
  }

  @Test
  void withoutARunningStandbyItSaysSo() throws Exception {
    try (var primary = primary(18);
        var ours = standby(primary)) {
      var promote = CrashProcess.java(Main.class.getName(), "promote", "-D", path(ours));
      assertThat(promote.awaitExit()).isEqualTo(1);
      assertThat(promote.errors()).contains("no standby runs in directory");
      assertThat(ours.dataDirectory().resolve("promote")).doesNotExist();
      var notOurs = CrashProcess.java(Main.class.getName(), "standby", "-D", path(primary));
      assertThat(notOurs.awaitExit()).isEqualTo(1);
      assertThat(notOurs.errors()).contains("lock file \"postmaster.pid\" already exists");
    }
  }
}
