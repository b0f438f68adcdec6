package org.walstream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.walstream.testkit.Eventually;
import org.walstream.testkit.PostgresServer;

/// A `walstream standby` that is to stand still: at its target, for a time, when somebody says so.
@Timeout(600)
class StandbyTargetIT {

  private static PostgresServer standby(PostgresServer primary, String name, String value) {
    return PostgresServer.standbyOf(primary, primary.conninfo() + " application_name=ours")
        .setting(name, value)
        .create();
  }

  /// Waits until the primary has been told that all it has written is on disk here.
  private static void awaitFlushed(PostgresServer primary) {
    String end = primary.sql("SELECT pg_current_wal_insert_lsn()");
    Eventually.holds(
        "flushed up to " + end,
        () ->
            primary
                .sql("SELECT bool_or(flush_lsn >= '%s') FROM pg_stat_replication".formatted(end))
                .equals("t"));
  }

  private static String rows(PostgresServer server) {
    return server.sql("SELECT string_agg(id::text, ' ' ORDER BY id) FROM t");
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 18})
  void atItsTargetItPausesAndThenIsAPrimary(int major) throws Exception {
    try (var primary = PostgresServer.builder(major).start();
        var ours = standby(primary, "recovery_target_name", "here");
        var standby =
            RunningStandby.start(ours, "-c", "walstream.promote_command=touch handed_over")) {
      standby.awaitSaid("started streaming WAL");
      primary.sql("CREATE TABLE t (id int)");
      primary.sql("INSERT INTO t VALUES (1)");
      primary.sql("SELECT pg_create_restore_point('here')");
      primary.sql("INSERT INTO t VALUES (2)");
      standby.awaitSaid("pausing at the end of recovery");
      primary.sql("INSERT INTO t VALUES (3)");
      awaitFlushed(primary);
      assertThat(
              primary.sql(
                  "SELECT replay_lsn < pg_current_wal_flush_lsn() FROM pg_stat_replication"))
          .isEqualTo("t");

      standby.ask("walstream.resume");

      assertThat(standby.awaitExit()).as(standby.said()).isZero();
      assertThat(ours.dataDirectory().resolve("handed_over")).exists();
      assertThat(Files.readString(ours.walDirectory().resolve("00000002.history")))
          .contains("at restore point \"here\"");
      RunningStandby.giveToTheServer(ours);
      ours.start();
      assertThat(ours.log()).doesNotContain("redo starts");
      assertThat(rows(ours)).isEqualTo("1");
      ours.sql("INSERT INTO t VALUES (4)");
    }
  }

  /// WAL is received while replay is held, through a restart of the primary too; promotion holds
  /// nothing.
  @ParameterizedTest
  @ValueSource(ints = {15, 18})
  void aCommitWaitsUntilItIsOldEnoughAndWalComesAllTheSame(int major) throws Exception {
    try (var primary = PostgresServer.builder(major).start()) {
      primary.sql("CREATE TABLE t (id int)");
      try (var ours = standby(primary, "recovery_min_apply_delay", "1h");
          var standby = RunningStandby.start(ours, "-c", "promote_trigger_file=promote_it")) {
        standby.awaitSaid("started streaming WAL");
        primary.sql("INSERT INTO t VALUES (1)");
        awaitFlushed(primary);
        primary.restart();
        standby.awaitSaid("streaming has ended");
        primary.sql("INSERT INTO t VALUES (2)");
        awaitFlushed(primary);
        assertThat(
                primary.sql(
                    "SELECT replay_lsn < pg_current_wal_flush_lsn() FROM pg_stat_replication"))
            .isEqualTo("t");
        primary.stopFast();
        Files.createFile(ours.dataDirectory().resolve("promote_it"));

        assertThat(standby.awaitExit()).as(standby.said()).isZero();
        assertThat(standby.said()).contains("promote trigger file found");
        RunningStandby.giveToTheServer(ours);
        ours.start();
        assertThat(rows(ours)).isEqualTo("1 2");
      }
    }
  }

  @Test
  void somebodyHasItPauseAndGoOn() throws Exception {
    try (var primary = PostgresServer.builder(18).start();
        var ours = standby(primary, "hot_standby", "off");
        var standby = RunningStandby.start(ours)) {
      standby.awaitSaid("started streaming WAL");
      primary.sql("CREATE TABLE t (id int)");
      RunningStandby.awaitReplayed(primary, "ours");
      standby.ask("walstream.pause");
      standby.awaitSaid("recovery has paused");
      primary.sql("INSERT INTO t VALUES (1)");
      awaitFlushed(primary);
      assertThat(
              primary.sql(
                  "SELECT replay_lsn < pg_current_wal_flush_lsn() FROM pg_stat_replication"))
          .isEqualTo("t");
      standby.ask("walstream.resume");
      RunningStandby.awaitReplayed(primary, "ours");
      standby.stop();
    }
  }
}
