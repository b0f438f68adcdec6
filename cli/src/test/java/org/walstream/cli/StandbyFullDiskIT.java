package org.walstream.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.walstream.testkit.Eventually;
import org.walstream.testkit.PostgresServer;
import org.walstream.testkit.ScratchDirectory;
import org.walstream.testkit.SmallFileSystem;

/// A standby with a tablespace on a disk that is full: it says so, goes on receiving, and replays
/// on by itself when there is space. (A server ends.)
@Timeout(900)
class StandbyFullDiskIT {

  private static final int MEGABYTE = 1 << 20;

  private SmallFileSystem disk;
  private ScratchDirectory scratch;
  private PostgresServer primary;
  private PostgresServer ours;
  private Path filler;
  private String[] options;

  @BeforeEach
  void aTablespaceOnASmallDisk() throws Exception {
    Optional<SmallFileSystem> small = SmallFileSystem.ofMegabytes(96);
    assumeTrue(small.isPresent(), SmallFileSystem.MISSING); // no right to mount can be installed
    disk = small.orElseThrow();
    filler = Files.write(disk.path().resolve("filler"), new byte[64 * MEGABYTE]);
    scratch = ScratchDirectory.create("full");
    primary = PostgresServer.builder(18).start();
    Path space = StandbyFillIT.madeBy(primary, scratch);
    primary.sql("CREATE TABLESPACE space LOCATION '%s'".formatted(space));
    primary.sql("CREATE TABLE t (id int, filler text STORAGE PLAIN) TABLESPACE space");
    ours = StandbyFillIT.empty(primary);
    options =
        StandbyFillIT.options(
            primary,
            "--slot=ours",
            "--tablespace-mapping=%s=%s".formatted(space, disk.path().resolve("space")));
  }

  @AfterEach
  void close() {
    if (disk != null) {
      ours.close();
      primary.close();
      disk.close();
      scratch.close();
    }
  }

  /// More than there is room for.
  private void fill() {
    primary.sql("INSERT INTO t SELECT i, repeat('x', 7000) FROM generate_series(1, 6000) i");
  }

  private static void awaitFull(RunningStandby standby) {
    standby.awaitSaid("No space left on device; waiting for space");
  }

  private void awaitReceived() {
    String end = primary.sql("SELECT pg_current_wal_lsn()");
    Eventually.holds(
        "all is received up to " + end,
        () ->
            primary
                .sql("SELECT flush_lsn >= '%s' FROM pg_stat_replication".formatted(end))
                .equals("t"));
  }

  private void requireAllRows() throws IOException, InterruptedException {
    RunningStandby.giveToTheServer(ours);
    assertThat(
            new ProcessBuilder(
                    "chown", "-R", "--reference=" + ours.dataDirectory(), disk.path().toString())
                .start()
                .waitFor())
        .isZero();
    ours.set("hot_standby", "on");
    ours.start();
    String rows = "SELECT count(*) || ' ' || sum(id) || ' ' || sum(length(filler)) FROM t";
    assertThat(ours.sql(rows)).isEqualTo(primary.sql(rows));
  }

  @Test
  void replayWaitsForSpaceAndReceivingGoesOn() throws Exception {
    try (var standby = RunningStandby.start(ours, options)) {
      standby.awaitSaid("started streaming WAL");
      fill();
      awaitFull(standby);
      primary.sql("INSERT INTO t VALUES (0, 'later')");
      awaitReceived();
      standby.requireAlive();
      Files.delete(filler);
      standby.awaitSaid("there is space now, going on");
      RunningStandby.awaitReplayed(primary, "ours");
      standby.stop();
    }
    requireAllRows();
  }

  @Test
  void whoIsStoppedMeanwhileGoesOnLater() throws Exception {
    try (var standby = RunningStandby.start(ours, options)) {
      standby.awaitSaid("started streaming WAL");
      fill();
      awaitFull(standby);
      awaitReceived();
      standby.askToStop();
      assertThat(standby.awaitExit()).isEqualTo(1);
      assertThat(standby.said())
          .containsPattern("error: could not (write|extend) \".*\": No space left on device");
    }
    Files.delete(filler);
    try (var standby = RunningStandby.start(ours, options)) {
      RunningStandby.awaitReplayed(primary, "ours");
      standby.stop();
    }
    requireAllRows();
  }
}
