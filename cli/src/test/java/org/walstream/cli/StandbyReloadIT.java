package org.walstream.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.walstream.testkit.Eventually;
import org.walstream.testkit.PostgresServer;
import org.walstream.testkit.PrivateFile;

/// What a running standby takes from its configuration when it is told to read it again, and what
/// its sessions hear when it ends.
@Timeout(600)
class StandbyReloadIT {

  private static PostgresServer standby(PostgresServer primary, String conninfo)
      throws IOException {
    PostgresServer home = PostgresServer.standbyOf(primary, conninfo).create();
    PrivateFile.write(
        home.dataDirectory().resolve("walstream.users"), "\"postgres\" \"\" superuser\n");
    return home;
  }

  private static void awaitTrue(PostgresServer server, String query) {
    Eventually.holds(query, () -> server.sql(query).equals("t"));
  }

  private static void awaitReplayed(PostgresServer ours, String lsn) {
    awaitTrue(ours, "SELECT pg_last_wal_replay_lsn() >= '%s'".formatted(lsn));
  }

  @Test
  void walComesFromAnotherUpstream() throws Exception {
    try (var primary = PostgresServer.builder(18).start();
        var other =
            PostgresServer.standbyOf(primary, primary.conninfo() + " application_name=other")
                .start();
        var ours = standby(primary, primary.conninfo() + " application_name=ours");
        var standby = RunningStandby.start(ours)) {
      standby.awaitSaid("started streaming WAL");
      ours.set("primary_conninfo", other.conninfo() + " application_name=ours");
      standby.reload();
      standby.awaitSaid("streaming has ended: it is configured anew");
      awaitTrue(other, "SELECT count(*) = 1 FROM pg_stat_replication");
      awaitTrue(primary, "SELECT count(*) = 1 FROM pg_stat_replication");

      other.sql("SELECT pg_create_physical_replication_slot('slot')");
      ours.set("primary_slot_name", "slot");
      assertThat(ours.sql("SELECT pg_reload_conf()")).isEqualTo("t");
      awaitTrue(other, "SELECT active FROM pg_replication_slots");
      primary.sql("CREATE TABLE t (id int)");
      awaitReplayed(ours, primary.sql("SELECT pg_current_wal_lsn()"));
      standby.stop();
    }
  }

  @Test
  void theArchiveIsReadOnceThereIsOne() throws Exception {
    try (var folder = ArchiveFolder.create();
        var primary =
            PostgresServer.builder(18)
                .setting("archive_mode", "on")
                .setting("archive_command", "cp %%p %s/%%f".formatted(folder.path()))
                .start();
        var ours = standby(primary, primary.conninfo())) {
      try (var standby = RunningStandby.start(ours)) {
        standby.awaitSaid("started streaming WAL"); // it is consistent, and answers
        ours.set("primary_conninfo", "");
        standby.reload();
        standby.awaitSaid("streaming has ended");
        String lsn = primary.sql("SELECT pg_switch_wal()");
        primary.sql("CREATE TABLE t (id int)");
        primary.sql("SELECT pg_switch_wal()");
        ours.set("restore_command", "cp %s/%%f %%p".formatted(folder.path()));
        standby.reload();
        awaitReplayed(ours, lsn);
        assertThat(ours.sql("SELECT count(*) FROM pg_stat_wal_receiver")).isEqualTo("0");
        standby.stop();
      }
    }
  }

  @Test
  void aDelayMayBeMadeShorter() throws Exception {
    try (var primary = PostgresServer.builder(18).start();
        var ours = standby(primary, primary.conninfo())) {
      ours.set("recovery_min_apply_delay", "1h");
      try (var standby = RunningStandby.start(ours)) {
        standby.awaitSaid("started streaming WAL");
        primary.sql("CREATE TABLE t (id int)");
        String lsn = primary.sql("SELECT pg_current_wal_lsn()");
        awaitTrue(ours, "SELECT pg_last_wal_receive_lsn() >= '%s'".formatted(lsn));
        assertThat(ours.sql("SELECT pg_last_wal_replay_lsn() < '%s'".formatted(lsn)))
            .isEqualTo("t");
        ours.set("recovery_min_apply_delay", "-1 fortnight");
        standby.reload();
        standby.awaitSaid("no changes were applied");
        ours.set("recovery_min_apply_delay", "0");
        standby.reload();
        awaitReplayed(ours, lsn);
        standby.stop();
      }
    }
  }

  @Test
  void restartPointsAreMadeMoreOften() throws Exception {
    try (var primary = PostgresServer.builder(18).start();
        var ours = standby(primary, primary.conninfo())) {
      ours.set("checkpoint_timeout", "1d").set("max_wal_size", "10GB");
      try (var standby = RunningStandby.start(ours)) {
        standby.awaitSaid("started streaming WAL");
        primary.sql("CREATE TABLE t AS SELECT generate_series(1, 100000) AS id");
        primary.sql("CHECKPOINT");
        primary.sql("INSERT INTO t VALUES (0)");
        awaitReplayed(ours, primary.sql("SELECT pg_current_wal_lsn()"));
        assertThat(standby.said()).doesNotContain("recovery restart point at");
        ours.set("max_wal_size", "2MB");
        standby.reload();
        standby.awaitSaid("received SIGHUP");
        Eventually.holds(
            "a restart point is made",
            () -> {
              primary.sql("INSERT INTO t VALUES (0)");
              return standby.said().contains("recovery restart point at");
            });
        standby.stop();
      }
    }
  }

  @Test
  void aStreamFromElsewhereGoesOnWhileReplayIsHeld() throws Exception {
    try (var primary = PostgresServer.builder(18).start();
        var other =
            PostgresServer.standbyOf(primary, primary.conninfo() + " application_name=other")
                .start();
        var ours = standby(primary, primary.conninfo() + " application_name=ours");
        var standby = RunningStandby.start(ours)) {
      standby.awaitSaid("started streaming WAL");
      standby.ask("walstream.pause");
      primary.sql("CREATE TABLE t (id int)");
      standby.awaitSaid("recovery has paused");
      ours.set("primary_conninfo", other.conninfo() + " application_name=ours");
      standby.reload();
      awaitTrue(other, "SELECT count(*) = 1 FROM pg_stat_replication");
      primary.sql("INSERT INTO t VALUES (1)");
      String lsn = primary.sql("SELECT pg_current_wal_lsn()");
      awaitTrue(ours, "SELECT pg_last_wal_receive_lsn() >= '%s'".formatted(lsn));
      standby.ask("walstream.resume");
      awaitReplayed(ours, lsn);
      standby.stop();
    }
  }

  @Test
  void sessionsAreToldWhenItEnds() throws Exception {
    try (var primary = PostgresServer.builder(18).start();
        var ours = standby(primary, primary.conninfo());
        var standby = RunningStandby.start(ours)) {
      standby.awaitSaid("started streaming WAL");
      try (var session = ours.jdbc();
          var statement = session.createStatement()) {
        statement.execute("SELECT 1");
        standby.stop();
        assertThatThrownBy(() -> statement.execute("SELECT 1"))
            .isInstanceOfSatisfying(
                SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("57P01"));
      }
    }
  }

  @Test
  void ratesAreKnown() throws Exception {
    try (var primary = PostgresServer.builder(18).start();
        var ours = standby(primary, primary.conninfo());
        var standby = RunningStandby.start(ours)) {
      standby.awaitSaid("started streaming WAL");
      awaitTrue(ours, "SELECT bytes_per_second IS NOT NULL FROM walstream.throughput");
      standby.stop();
    }
  }
}
