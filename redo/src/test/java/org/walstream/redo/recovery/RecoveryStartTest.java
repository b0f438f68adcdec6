package org.walstream.redo.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.walstream.wal.CorruptDataException;
import org.walstream.wal.TimelineHistory;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalFormat;
import org.walstream.wal.control.ControlFile;
import org.walstream.wal.control.DBState;
import org.walstream.wal.control.WalLevel;

class RecoveryStartTest {

  @TempDir Path directory;

  private final HeardWords heard = new HeardWords();
  private CraftedCluster cluster;
  private long older;
  private long newer;
  private ControlFile control;

  @BeforeEach
  void cluster() throws Exception {
    cluster = new CraftedCluster(directory, WalFormat.PG_18);
    older = cluster.onlineCheckPoint();
    newer = cluster.onlineCheckPoint();
    cluster.wal.record(100);
    control = cluster.control(DBState.IN_PRODUCTION, newer, cluster.redoOf(newer));
  }

  private RecoveryStart find() throws Exception {
    return RecoveryStart.find(
        directory, control, cluster.history, cluster.reader(cluster.history), heard);
  }

  @Test
  void beginsWhereTheLabelSays() throws Exception {
    long redo = cluster.redoOf(older);
    cluster.label(redo, older, false);
    Files.writeString(directory.resolve("tablespace_map"), "16400 /srv/fast\n");

    RecoveryStart start = find();

    assertThat(start.isArchiveRecovery()).isTrue();
    assertThat(start.checkPoint().lsn()).isEqualTo(older);
    assertThat(start.checkPoint().replayedLsn()).isEqualTo(redo);
    assertThat(start.tablespaces().orElseThrow().tablespaces()).hasSize(1);
    ControlFile becomes = start.control();
    assertThat(becomes.state()).isEqualTo(DBState.IN_ARCHIVE_RECOVERY);
    assertThat(becomes.checkPointLsn()).isEqualTo(older);
    assertThat(becomes.minRecoveryPoint()).isEqualTo(redo);
    assertThat(becomes.backupStartPoint()).isEqualTo(redo);
    assertThat(becomes.backupEndRequired()).isTrue();
    assertThat(becomes.backupEndPoint()).isZero();
  }

  @Test
  void aStandbysBackupEndsWhereTheStandbyWas() throws Exception {
    cluster.label(cluster.redoOf(older), older, true);
    assertThatThrownBy(this::find)
        .hasMessage("backup_label contains data inconsistent with control file");
    long end = cluster.wal.endLsn();
    control = control.withState(DBState.IN_ARCHIVE_RECOVERY).withMinRecoveryPoint(end, 1);
    assertThat(find().control().backupEndPoint()).isEqualTo(end);
    assertThat(find().control().minRecoveryPoint()).isEqualTo(end);
  }

  @Test
  void beginsWithCrashRecoveryWhenNothingSaysHowFarWalMustGo() throws Exception {
    RecoveryStart start = find();
    assertThat(start.isArchiveRecovery()).isFalse();
    assertThat(start.checkPoint().lsn()).isEqualTo(newer);
    assertThat(start.control().state()).isEqualTo(DBState.IN_CRASH_RECOVERY);
    assertThat(start.control().minRecoveryPoint()).isZero();

    control = control.withMinRecoveryPoint(newer, 1);
    assertThat(find().isArchiveRecovery()).isTrue();
  }

  @Test
  void beginsBehindTheCheckpointOfAShutdown() throws Exception {
    long shutdown = cluster.wal.endLsn();
    assertThat(cluster.checkPoint(CraftedCluster.CHECKPOINT_SHUTDOWN, shutdown, 1, 1))
        .isEqualTo(shutdown);
    control = cluster.control(DBState.SHUTDOWNED, shutdown, shutdown);
    RecoveryStart start = find();
    assertThat(start.isArchiveRecovery()).isTrue();
    assertThat(start.checkPoint().replayedLsn()).isEqualTo(cluster.wal.endLsn());
  }

  @Test
  void refusesWhatHasNoCheckpoint() throws Exception {
    control = control.withCheckPoint(newer + 8, control.checkPoint());
    assertThatThrownBy(this::find)
        .isInstanceOf(RecoveryException.class)
        .hasMessageStartingWith("could not locate required checkpoint record at 0/");
    control = control.withCheckPoint(cluster.wal.prevLsn(), control.checkPoint());
    assertThatThrownBy(this::find)
        .hasMessageStartingWith("could not locate required checkpoint record at 0/");
    assertThat(heard.words).contains("invalid checkpoint record");
  }

  @Test
  void refusesARedoPointThatIsNone() throws Exception {
    long wrong = cluster.checkPoint(CraftedCluster.CHECKPOINT_ONLINE, older, 1, 1);
    control = control.withCheckPoint(wrong, control.checkPoint());
    assertThatThrownBy(this::find)
        .hasMessageStartingWith("unexpected record type found at redo point 0/");
    long nowhere = cluster.checkPoint(CraftedCluster.CHECKPOINT_ONLINE, older + 8, 1, 1);
    control = control.withCheckPoint(nowhere, control.checkPoint());
    assertThatThrownBy(this::find).hasMessageStartingWith("could not find redo location 0/");
  }

  @Test
  void refusesMinimalWal() throws Exception {
    ControlFile.Parameters p = control.parameters();
    control =
        control.withParameters(
            new ControlFile.Parameters(
                WalLevel.MINIMAL,
                false,
                p.maxConnections(),
                p.maxWorkerProcesses(),
                p.maxWalSenders(),
                0,
                64,
                false));
    assertThatThrownBy(this::find)
        .hasMessage("WAL was generated with \"wal_level=minimal\", cannot continue recovering");
  }

  @Test
  void refusesATimelineThatLeftBefore() throws Exception {
    cluster.history =
        TimelineHistory.ofFirst(TimelineId.FIRST).branch(new TimelineId(2), older, "");
    assertThatThrownBy(this::find)
        .hasMessage("requested timeline 2 is not a child of this server's history");
    cluster.history =
        TimelineHistory.ofFirst(TimelineId.FIRST)
            .branch(new TimelineId(2), cluster.wal.endLsn(), "");
    control = control.withMinRecoveryPoint(cluster.wal.endLsn() + 100, 1);
    assertThatThrownBy(this::find)
        .hasMessageStartingWith("requested timeline 2 does not contain minimum recovery point 0/");
  }

  @Test
  void refusesWhatIsNoWholeBackup() throws Exception {
    cluster.label(cluster.redoOf(older), older, false);
    Path label = directory.resolve("backup_label");
    String text = Files.readString(label);
    Files.writeString(label, text + "INCREMENTAL FROM LSN: 0/28\nINCREMENTAL FROM TLI: 1\n");
    assertThatThrownBy(this::find)
        .hasMessage("this is an incremental backup, not a data directory");
    Files.writeString(label, text.substring(5));
    assertThatThrownBy(this::find).isInstanceOf(CorruptDataException.class);
  }
}
