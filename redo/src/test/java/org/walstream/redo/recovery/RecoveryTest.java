package org.walstream.redo.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.walstream.testkit.file.RecordedFiles;
import org.walstream.wal.Lsn;
import org.walstream.wal.TimelineHistory;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalFormat;
import org.walstream.wal.control.ControlFile;
import org.walstream.wal.control.DBState;
import org.walstream.wal.record.ReadResult;
import org.walstream.wal.record.WalSegmentSource;

class RecoveryTest {

  @TempDir Path directory;

  private final RecordedFiles layer = RecordedFiles.recording();
  private final HeardWords heard = new HeardWords();
  private final NotedReplay replay = new NotedReplay(heard.words);
  private CraftedCluster cluster;
  private RecoveryOptions options;

  @BeforeEach
  void options() throws IOException {
    options = RecoveryOptions.of(directory);
    make(WalFormat.newest());
  }

  private void make(WalFormat format) throws IOException {
    cluster = new CraftedCluster(directory, format);
    cluster.wal.record(50);
  }

  private Recovery.Result run() throws IOException {
    return run("pg_wal");
  }

  private Recovery.Result run(String... walDirectories) throws IOException {
    cluster.writeWal();
    var wal = cluster.recoveryWal(cluster.history, walDirectories);
    return new Recovery(layer, options, wal, replay, heard).run();
  }

  @ParameterizedTest
  @EnumSource
  void rollsABackupForwardAndLeavesItInRecovery(WalFormat format) throws Exception {
    make(format);
    long checkPoint = cluster.onlineCheckPoint();
    long redo = cluster.redoOf(checkPoint);
    cluster.label(redo, checkPoint, false);
    Files.createFile(directory.resolve("recovery.signal"));
    cluster.wal.record(100);
    cluster.backupEnd(redo);
    long end = cluster.wal.endLsn();
    cluster.commit(5_000_000);
    cluster.write(cluster.control(DBState.IN_PRODUCTION, checkPoint, redo));

    Recovery.Result result = run();

    assertThat(result.endLsn()).isEqualTo(cluster.wal.endLsn());
    assertThat(result.transactionTime()).isEqualTo(5_000_000);
    ControlFile left = cluster.control();
    assertThat(left.state()).isEqualTo(DBState.SHUTDOWNED_IN_RECOVERY);
    assertThat(left.minRecoveryPoint()).isEqualTo(cluster.wal.endLsn());
    assertThat(left.minRecoveryPointTimeline()).isEqualTo(1);
    assertThat(left.backupStartPoint()).isZero();
    assertThat(left.backupEndRequired()).isFalse();
    assertThat(left.checkPointLsn()).isEqualTo(checkPoint);
    assertThat(directory.resolve("backup_label")).doesNotExist();
    assertThat(directory.resolve("backup_label.old")).exists();
    assertThat(directory.resolve("recovery.signal")).exists();
    assertThat(heard.words)
        .contains(
            "starting archive recovery",
            "redo starts at " + Lsn.format(redo),
            "consistent recovery state reached at " + Lsn.format(end),
            "last completed transaction was at log time 2000-01-01 00:00:05+00");
    assertThat(layer.operations())
        .containsSubsequence(
            "write pg_control", "force pg_control", "rename backup_label to backup_label.old");
  }

  /// A primary that has crashed is made a standby: before it waits for the first WAL from elsewhere
  /// it is in archive recovery, and consistent.
  @Test
  void crashRecoveryEndsWithTheWalThatIsThere() throws Exception {
    make(WalFormat.PG_18);
    options = options.withStandby(true);
    long checkPoint = cluster.onlineCheckPoint();
    cluster.wal.record(100);
    cluster.write(cluster.control(DBState.IN_PRODUCTION, checkPoint, cluster.redoOf(checkPoint)));
    cluster.writeWal();
    var states = new ArrayList<DBState>();
    RecoveryWal given = cluster.recoveryWal(cluster.history);
    var wal =
        new RecoveryWal() {
          @Override
          public WalSegmentSource all() {
            return given.all();
          }

          @Override
          public WalSegmentSource own() {
            return given.own();
          }

          @Override
          public TimelineHistory history() {
            return given.history();
          }

          @Override
          public boolean awaitMore(long lsn, ReadResult why) throws IOException {
            assertThat(lsn).isEqualTo(cluster.wal.endLsn());
            assertThat(heard.words)
                .contains("consistent recovery state reached at " + Lsn.format(lsn));
            states.add(cluster.control().state());
            return false;
          }

          @Override
          public void restartsAt(long redoLsn, int timeline) {}
        };

    new Recovery(layer, options, wal, replay, heard).run();

    assertThat(states).containsExactly(DBState.IN_ARCHIVE_RECOVERY);
  }

  @ParameterizedTest
  @EnumSource
  void goesOnWhereItWasLeft(WalFormat format) throws Exception {
    rollsABackupForwardAndLeavesItInRecovery(format);
    long later = cluster.onlineCheckPoint();
    cluster.wal.record(100);
    heard.words.clear();

    run();

    ControlFile left = cluster.control();
    assertThat(left.checkPointLsn()).isEqualTo(later);
    assertThat(left.checkPoint().redoLsn()).isEqualTo(cluster.redoOf(later));
    assertThat(left.minRecoveryPoint()).isEqualTo(cluster.wal.endLsn());
    assertThat(heard.words).doesNotContain("starting backup recovery");
  }

  @ParameterizedTest
  @EnumSource
  void refusesWalThatEndsBeforeConsistencyAndChangesNothing(WalFormat format) throws Exception {
    make(format);
    long checkPoint = cluster.onlineCheckPoint();
    long redo = cluster.redoOf(checkPoint);
    cluster.label(redo, checkPoint, false);
    cluster.wal.record(100);
    cluster.write(cluster.control(DBState.IN_PRODUCTION, checkPoint, redo));

    assertThatThrownBy(this::run)
        .isInstanceOf(RecoveryException.class)
        .hasMessage("WAL ends before end of online backup");
    assertThat(layer.operations()).containsExactly("open pg_control");
    assertThat(directory.resolve("backup_label")).exists();
  }

  @ParameterizedTest
  @EnumSource
  void refusesATargetBeforeConsistency(WalFormat format) throws Exception {
    make(format);
    long checkPoint = cluster.onlineCheckPoint();
    long redo = cluster.redoOf(checkPoint);
    cluster.label(redo, checkPoint, false);
    long early = cluster.wal.record(100);
    cluster.backupEnd(redo);
    cluster.write(cluster.control(DBState.IN_PRODUCTION, checkPoint, redo));
    options = options.withTarget(new RecoveryTarget.AtLsn(early, true));

    assertThatThrownBy(this::run)
        .hasMessage("requested recovery stop point is before consistent recovery point");
    assertThat(layer.operations()).containsExactly("open pg_control");
  }

  @ParameterizedTest
  @EnumSource
  void stopsAtItsTarget(WalFormat format) throws Exception {
    make(format);
    long checkPoint =
        cluster.checkPoint(CraftedCluster.CHECKPOINT_SHUTDOWN, cluster.wal.endLsn(), 1, 1);
    cluster.wal.record(100);
    long target = cluster.wal.record(100);
    long behind = cluster.wal.record(100);
    cluster.write(cluster.control(DBState.SHUTDOWNED, checkPoint, checkPoint));
    options = options.withTarget(new RecoveryTarget.AtLsn(target, true));

    assertThat(run().endLsn()).isEqualTo(behind);
    assertThat(cluster.control().state()).isEqualTo(DBState.SHUTDOWNED_IN_RECOVERY);

    options = options.withTarget(new RecoveryTarget.AtLsn(cluster.wal.endLsn() + 1000, true));
    assertThatThrownBy(this::run)
        .hasMessage("recovery ended before configured recovery target was reached");
    assertThat(cluster.control().state()).isEqualTo(DBState.SHUTDOWNED_IN_RECOVERY);
    assertThat(cluster.control().minRecoveryPoint()).isEqualTo(cluster.wal.endLsn());
  }

  @ParameterizedTest
  @EnumSource
  void recoversACrashedServerFromItsOwnWalFirst(WalFormat format) throws Exception {
    make(format);
    long checkPoint = cluster.onlineCheckPoint();
    long redo = cluster.redoOf(checkPoint);
    cluster.wal.record(100);
    cluster.write(cluster.control(DBState.IN_PRODUCTION, checkPoint, redo));
    cluster.writeWal();
    long end = cluster.wal.endLsn();
    Path archive = Files.createDirectory(directory.resolve("archive"));
    var more = cluster.wal.forkedAt(end, 1);
    more.record(1000);
    CraftedCluster.writeWal(archive, more, TimelineId.FIRST);

    Recovery.Result result = run("archive", "pg_wal");

    assertThat(result.endLsn()).isEqualTo(more.endLsn());
    assertThat(heard.words)
        .containsSubsequence(
            "database system was not properly shut down; automatic recovery in progress",
            "consistent recovery state reached at " + Lsn.format(end),
            "starting archive recovery");
    assertThat(cluster.control().minRecoveryPoint()).isEqualTo(more.endLsn());
  }

  @ParameterizedTest
  @EnumSource
  void doesNotGoOnWithABackupThatWasCanceled(WalFormat format) throws Exception {
    make(format);
    long checkPoint = cluster.onlineCheckPoint();
    long redo = cluster.redoOf(checkPoint);
    cluster.label(redo, checkPoint, false);
    cluster.checkPoint(CraftedCluster.CHECKPOINT_SHUTDOWN, cluster.wal.endLsn(), 1, 1);
    cluster.backupEnd(redo);
    cluster.write(cluster.control(DBState.IN_PRODUCTION, checkPoint, redo));

    assertThatThrownBy(this::run)
        .hasMessage("online backup was canceled, recovery cannot continue");
    assertThat(layer.operations()).containsExactly("open pg_control");
  }

  @ParameterizedTest
  @EnumSource
  void followsATimelineAndRemovesWhatIsNotOfIt(WalFormat format) throws Exception {
    make(format);
    long checkPoint =
        cluster.checkPoint(CraftedCluster.CHECKPOINT_SHUTDOWN, cluster.wal.endLsn(), 1, 1);
    cluster.wal.record(100);
    long fork = cluster.wal.endLsn();
    var next = cluster.wal.forkedAt(fork, 2);
    next.record(
        0,
        CraftedCluster.END_OF_RECOVERY,
        CraftedCluster.body(
            format.endOfRecoveryHasWalLevel()
                ? CraftedCluster.ints(0, 0, 2, 1, 1, 0)
                : CraftedCluster.ints(0, 0, 2, 1)));
    next.record(100);
    cluster.history = TimelineHistory.ofFirst(TimelineId.FIRST).branch(new TimelineId(2), fork, "");
    Path pgWal = directory.resolve("pg_wal");
    CraftedCluster.writeWal(pgWal, next, new TimelineId(2));
    Path stray = Files.createFile(pgWal.resolve("000000010000000000000009"));
    cluster.write(cluster.control(DBState.SHUTDOWNED, checkPoint, checkPoint));

    Recovery.Result result = run();

    assertThat(result.timeline()).isEqualTo(2);
    assertThat(result.endLsn()).isEqualTo(next.endLsn());
    assertThat(cluster.control().minRecoveryPointTimeline()).isEqualTo(2);
    assertThat(stray).doesNotExist();
    assertThat(pgWal.resolve("000000010000000000000003")).exists();
  }

  @ParameterizedTest
  @EnumSource
  void endsAtARecordOfAnExtensionUnlessToldToPassOver(WalFormat format) throws Exception {
    make(format);
    long checkPoint =
        cluster.checkPoint(CraftedCluster.CHECKPOINT_SHUTDOWN, cluster.wal.endLsn(), 1, 1);
    long custom = cluster.wal.record(200, 0, CraftedCluster.body(new byte[8]));
    cluster.write(cluster.control(DBState.SHUTDOWNED, checkPoint, checkPoint));

    assertThatThrownBy(this::run)
        .hasMessage("resource manager with ID 200 not registered, at " + Lsn.format(custom));

    options = options.withSkipCustomRmgrs(true);
    assertThat(run().endLsn()).isEqualTo(cluster.wal.endLsn());
    assertThat(heard.words)
        .contains(
            "warning: passing over records of resource manager with ID 200, the first at "
                + Lsn.format(custom));
  }

  @ParameterizedTest
  @EnumSource
  void logsHintsAsTheServerOfTheDirectoryDoes(WalFormat format) throws Exception {
    rollsABackupForwardAndLeavesItInRecovery(format);
    assertThat(replay.logsHints).as("as pg_control has it").isFalse();

    options = options.withWalLogHints(Optional.of(true));
    run();
    assertThat(replay.logsHints).isTrue();

    options = options.withWalLogHints(Optional.of(false));
    run();
    assertThat(replay.logsHints).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void takesOverTheSettingsOfThePrimary(WalFormat format) throws Exception {
    make(format);
    long checkPoint =
        cluster.checkPoint(CraftedCluster.CHECKPOINT_SHUTDOWN, cluster.wal.endLsn(), 1, 1);
    cluster.wal.record(
        0,
        CraftedCluster.PARAMETER_CHANGE,
        CraftedCluster.body(CraftedCluster.ints(200, 9, 11, 5, 65, 1, 0x0101)));
    cluster.write(cluster.control(DBState.SHUTDOWNED, checkPoint, checkPoint));

    run();

    ControlFile.Parameters parameters = cluster.control().parameters();
    assertThat(parameters.maxConnections()).isEqualTo(200);
    assertThat(parameters.maxPreparedTransactions()).isEqualTo(5);
    assertThat(parameters.trackCommitTimestamp()).isTrue();
  }
}
