package org.walstream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.walstream.redo.DirectoryComparison;
import org.walstream.redo.recovery.RecoveryControlFile;
import org.walstream.testkit.Load;
import org.walstream.testkit.PostgresServer;
import org.walstream.testkit.ScratchDirectory;
import org.walstream.testkit.SqlScript;
import org.walstream.wal.control.ControlFile;

/// `walstream standby` in a standby's place.
@Timeout(900)
class StandbyCommandIT {

  private static final String OURS = "ours";

  private static PostgresServer primary(int major) {
    return PostgresServer.builder(major)
        .initdb("--data-checksums")
        .setting("wal_level", "logical")
        .setting("track_commit_timestamp", "on")
        .setting("max_prepared_transactions", "10")
        .setting("autovacuum", "off")
        .setting("allow_in_place_tablespaces", "on")
        .start();
  }

  private static PostgresServer standby(PostgresServer primary, String name) {
    primary.sql("SELECT pg_create_physical_replication_slot('%s', true)".formatted(name));
    return PostgresServer.standbyOf(primary, primary.conninfo() + " application_name=" + name)
        .setting("allow_in_place_tablespaces", "on")
        .setting("hot_standby", "off")
        .setting("max_prepared_transactions", "10")
        .setting("primary_slot_name", name)
        .create();
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 18})
  void whateverHappensTheBytesAreAStandbys(int major) throws Exception {
    try (var primary = primary(major);
        var theirs = standby(primary, "theirs");
        var ours = standby(primary, OURS)) {
      theirs.spawn();
      primary.sql("CREATE TABLE t (id bigserial, filler text)");
      try (var standby = RunningStandby.start(ours)) {
        standby.awaitSaid("started streaming WAL");
        try (var _ = Load.on(primary)) {
          Thread.sleep(1000);
          standby.kill9();
        }
      }
      try (var standby = RunningStandby.start(ours, "-c", "max_wal_size=32MB")) {
        primary.sql("DROP TABLE t"); // the script has one of its own
        SqlScript.named("every-record.sql").run(primary);
        primary.sql("DROP TABLE IF EXISTS t CASCADE");
        primary.sql("CREATE TABLE t (id bigserial, filler text)");
        standby.awaitSaid("started streaming WAL");
        primary.restart();
        standby.awaitSaid("streaming has ended");
        try (var _ = Load.on(primary)) {
          Thread.sleep(500);
          standby.stop();
        }
      }
      try (var standby = RunningStandby.start(ours)) {
        standby.awaitSaid("started streaming WAL");
        standby.endWith(primary, theirs, "theirs");
      }
      assertThat(DirectoryComparison.differences(ours.dataDirectory(), theirs.dataDirectory()))
          .isEmpty();
      assertThat(checkPointLsn(ours)).isEqualTo(checkPointLsn(primary));
      assertThat(checkPointLsn(theirs)).isEqualTo(checkPointLsn(primary));
    }
  }

  private static long checkPointLsn(PostgresServer server) throws IOException {
    return ControlFile.parse(
            Files.readAllBytes(server.dataDirectory().resolve(RecoveryControlFile.PATH)))
        .checkPointLsn();
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 16, 17, 18})
  void aCommitReturnsOnceItIsReplayedHere(int major) throws Exception {
    try (var primary = primary(major);
        var ours = standby(primary, OURS);
        var standby = RunningStandby.start(ours)) {
      standby.awaitSaid("started streaming WAL");
      primary.sql("CREATE TABLE t (id int)");
      primary.set("synchronous_standby_names", OURS).set("synchronous_commit", "remote_apply");
      primary.reload();
      RunningStandby.awaitSynchronous(primary);
      for (int i = 0; i < 20; i++) {
        String inserted =
            primary.sql(
                "INSERT INTO t VALUES (%d) RETURNING pg_current_wal_insert_lsn()".formatted(i));
        // The commit is what comes next; behind it the primary may write a little by itself.
        assertThat(
                primary.sql(
                    "SELECT sync_state || ' ' || (replay_lsn > '%s') FROM pg_stat_replication"
                        .formatted(inserted)))
            .isEqualTo("sync true");
      }
      standby.stop();
    }
  }

  @Test
  void theArchiveComesBeforeTheStream() throws Exception {
    try (var scratch = ScratchDirectory.create("standby");
        var primary = primary(18)) {
      Path archive = Files.createDirectory(scratch.path().resolve("archive"));
      assertThat(
              new ProcessBuilder("chmod", "777", scratch.path().toString(), archive.toString())
                  .start()
                  .waitFor())
          .isZero();
      primary
          .set("archive_mode", "on")
          .set("archive_command", "cp %p " + archive + "/%f")
          .set("max_wal_size", "32MB");
      primary.restart();
      try (var ours =
          PostgresServer.standbyOf(primary, primary.conninfo() + " application_name=" + OURS)
              .setting("max_prepared_transactions", "10")
              .setting("restore_command", "cp " + archive + "/%f %p")
              .create()) {
        primary.sql("CREATE TABLE t AS SELECT i FROM generate_series(1, 1000000) i");
        primary.sql("SELECT pg_switch_wal()");
        primary.sql("CHECKPOINT");
        primary.sql("CHECKPOINT");
        try (var standby = RunningStandby.start(ours)) {
          standby.awaitSaid("started streaming WAL");
          primary.sql("INSERT INTO t SELECT i FROM generate_series(1, 100) i");
          RunningStandby.awaitReplayed(primary, OURS);
          standby.stop();
          assertThat(standby.said()).containsOnlyOnce("end of WAL in archive and pg_wal");
        }
        RunningStandby.giveToTheServer(ours);
        ours.start();
        assertThat(ours.sql("SELECT count(*) FROM t")).isEqualTo("1000100");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 18})
  void theUpstreamsNextTimelineIsFollowed(int major) throws Exception {
    try (var primary = primary(major);
        var upstream = standby(primary, "upstream")) {
      upstream.set("hot_standby", "on");
      upstream.start();
      primary.sql("CREATE TABLE t (id int)");
      primary.sql("INSERT INTO t VALUES (1)");
      RunningStandby.awaitReplayed(primary, "upstream");
      try (var ours =
              PostgresServer.standbyOf(primary, upstream.conninfo() + " application_name=" + OURS)
                  .setting("max_prepared_transactions", "10")
                  .create();
          var standby = RunningStandby.start(ours)) {
        standby.awaitSaid("started streaming WAL");
        primary.stopFast();
        upstream.promote();
        upstream.sql("INSERT INTO t VALUES (2)");
        standby.awaitSaid("primary switched to timeline 2");
        RunningStandby.awaitReplayed(upstream, OURS);
        standby.stop();
        RunningStandby.giveToTheServer(ours);
        ours.start();
        assertThat(ours.sql("SELECT string_agg(id::text, ' ' ORDER BY id) FROM t"))
            .isEqualTo("1 2");
        assertThat(ours.sql("SELECT received_tli FROM pg_stat_wal_receiver")).isIn("", "2");
      }
    }
  }
}
