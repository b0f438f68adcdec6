package org.walstream.redo.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.walstream.testkit.file.RecordedFiles;
import org.walstream.wal.PgTimestamp;
import org.walstream.wal.TimelineHistory;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalFormat;
import org.walstream.wal.control.DBState;
import org.walstream.wal.record.ReadResult;
import org.walstream.wal.record.WalSegmentSource;

/// What holds replay, and what lets it go.
class ReplayHoldTest {

  @TempDir Path directory;

  private final HeardWords heard = new HeardWords();
  private final NotedReplay replay = new NotedReplay(new ArrayList<>());
  private final RecoveryPause pause = new RecoveryPause();
  private CraftedCluster cluster;
  private RecoveryOptions options;
  private Recovery recovery;

  /// Where replay has been held.
  private final List<Long> held = new ArrayList<>();

  private Runnable whenHeld = () -> recovery.stop();
  private boolean promoted;

  /// A file that is being made when WAL begins to come; null when it is there.
  private @Nullable Path arriving;

  @BeforeEach
  void make() throws IOException {
    options = RecoveryOptions.of(directory).withStandby(true);
    cluster = new CraftedCluster(directory, WalFormat.newest());
    cluster.wal.record(50);
    long checkPoint =
        cluster.checkPoint(CraftedCluster.CHECKPOINT_SHUTDOWN, cluster.wal.endLsn(), 1, 1);
    cluster.write(cluster.control(DBState.SHUTDOWNED, checkPoint, checkPoint));
    cluster.wal.record(100);
    recovery = recovery();
  }

  private Recovery recovery() {
    return new Recovery(RecordedFiles.recording(), options, new Standbys(), replay, heard, pause);
  }

  private Recovery.Result run() throws IOException {
    cluster.writeWal();
    return runOnWhatIsThere();
  }

  private Recovery.Result runOnWhatIsThere() throws IOException {
    recovery = recovery();
    return recovery.run();
  }

  private final class Standbys implements RecoveryWal {

    private final RecoveryWal given = cluster.recoveryWal(cluster.history);

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
      Path receiving = arriving;
      if (receiving == null) {
        recovery.stop();
        return false;
      }
      arriving = null;
      Files.createFile(receiving);
      cluster.writeWal();
      return true;
    }

    @Override
    public void held(long lsn) {
      held.add(lsn);
      whenHeld.run();
    }

    @Override
    public boolean isPromoted() {
      return promoted;
    }

    @Override
    public Optional<TimelineId> newTimeline() {
      return Optional.of(new TimelineId(2));
    }

    @Override
    public void restartsAt(long redoLsn, int timeline) {}
  }

  private static long ago(Duration age) {
    return PgTimestamp.micros(Instant.now().minus(age));
  }

  @Test
  void aCommitIsHeldUntilItIsOldEnough() throws Exception {
    options = options.withMinApplyDelay(Duration.ofHours(1));
    cluster.commit(ago(Duration.ofHours(2)));
    cluster.wal.record(100);
    long before = cluster.wal.endLsn();
    cluster.commit(ago(Duration.ofMinutes(30)));

    Recovery.Result result = run();

    assertThat(held).containsExactly(before);
    assertThat(result.endLsn()).isEqualTo(before);
    assertThat(result.isStopped()).isTrue();
    assertThat(recovery.progress().appliedLsn()).isEqualTo(before);
  }

  @Test
  void thatEndsByItself() throws Exception {
    options = options.withMinApplyDelay(Duration.ofHours(1));
    whenHeld = () -> {};
    cluster.commit(ago(Duration.ofHours(1).minusMillis(50)));

    assertThat(run().endLsn()).isEqualTo(cluster.wal.endLsn());
  }

  @Test
  void aPromotionHoldsNothing() throws Exception {
    options = options.withMinApplyDelay(Duration.ofHours(1));
    whenHeld = () -> promoted = true;
    cluster.commit(ago(Duration.ZERO));
    cluster.commit(ago(Duration.ZERO));

    assertThat(run().endLsn()).isEqualTo(cluster.wal.endLsn());
    assertThat(held).hasSize(1);
  }

  @Test
  void aPauseHoldsEveryRecord() throws Exception {
    pause.request();
    assertThat(pause.state()).isEqualTo(RecoveryPause.State.PAUSE_REQUESTED);
    var states = new ArrayList<String>();
    whenHeld =
        () -> {
          states.add(pause.state().toString());
          pause.resume();
        };

    assertThat(run().endLsn()).isEqualTo(cluster.wal.endLsn());

    assertThat(states).containsExactly("paused");
    assertThat(pause.state()).hasToString("not paused");
    assertThat(heard.words).contains("recovery has paused");
  }

  @Test
  void aPauseEndsWithTheStandby() throws Exception {
    pause.request();
    assertThat(run().isStopped()).isTrue();
    assertThat(held).hasSize(1);
    assertThat(replay.redone).isZero();
  }

  private long restorePointAsTarget(RecoveryTargetAction action) {
    long target = cluster.wal.record(100);
    options = options.withTarget(new RecoveryTarget.AtLsn(target, true)).withTargetAction(action);
    long end = cluster.wal.endLsn();
    cluster.wal.record(100);
    return end;
  }

  @Test
  void atItsTargetItPausesAndIsAPrimaryWhenItGoesOn() throws Exception {
    long target = restorePointAsTarget(RecoveryTargetAction.PAUSE);
    whenHeld = pause::resume;

    Recovery.Result result = run();

    assertThat(held).containsExactly(target);
    assertThat(result.isPrimary()).isTrue();
    assertThat(result.endLsn()).isEqualTo(target);
    assertThat(Files.readString(directory.resolve("pg_wal/00000002.history")))
        .contains("after LSN 0/");
    assertThat(heard.words).contains("pausing at the end of recovery");
  }

  @Test
  void stoppedWhileItPausesAtItsTargetItStaysAStandby() throws Exception {
    restorePointAsTarget(RecoveryTargetAction.PAUSE);
    Recovery.Result result = run();
    assertThat(result.isPrimary()).isFalse();
    assertThat(result.isStopped()).isTrue();
    assertThat(cluster.control().state()).isEqualTo(DBState.SHUTDOWNED_IN_RECOVERY);
  }

  @Test
  void atItsTargetItIsPromotedOrStaysAsIsWanted() throws Exception {
    long target = restorePointAsTarget(RecoveryTargetAction.SHUTDOWN);
    Recovery.Result stays = run();
    assertThat(stays.isPrimary()).isFalse();
    assertThat(stays.isStopped()).isFalse();

    options = options.withTargetAction(RecoveryTargetAction.PROMOTE);
    Recovery.Result promoted = run();
    assertThat(promoted.isPrimary()).isTrue();
    assertThat(promoted.endLsn()).isGreaterThanOrEqualTo(target);
    assertThat(held).isEmpty();
  }

  @Test
  void aTargetBeforeConsistencyIsRefused() throws Exception {
    restorePointAsTarget(RecoveryTargetAction.PROMOTE);
    cluster.write(
        cluster
            .control()
            .withState(DBState.SHUTDOWNED_IN_RECOVERY)
            .withMinRecoveryPoint(cluster.wal.endLsn(), 1));
    assertThatThrownBy(this::run)
        .hasMessage("requested recovery stop point is before consistent recovery point");
  }

  @Test
  void whatIsBeingReceivedIsNotWhatACrashHasLeft() throws Exception {
    cluster.write(
        cluster
            .control()
            .withState(DBState.IN_ARCHIVE_RECOVERY)
            .withMinRecoveryPoint(cluster.wal.endLsn(), 1));
    Path left = Files.createFile(directory.resolve("pg_wal/xlogtemp.1"));
    Path receiving = directory.resolve("pg_wal/xlogtemp.2");
    arriving = receiving;
    assertThat(runOnWhatIsThere().endLsn()).isEqualTo(cluster.wal.endLsn());
    assertThat(left).doesNotExist();
    assertThat(receiving).exists();
  }

  @Test
  void stoppedBeforeItsFirstRecordHasComeItLeavesTheDirectoryAsItWas() throws Exception {
    cluster.write(cluster.control(DBState.SHUTDOWNED, cluster.wal.endLsn(), cluster.wal.endLsn()));
    byte[] before = Files.readAllBytes(directory.resolve(RecoveryControlFile.PATH));
    Recovery.Result result = run();
    assertThat(result.isStopped()).isTrue();
    assertThat(result.endLsn()).isZero();
    assertThat(Files.readAllBytes(directory.resolve(RecoveryControlFile.PATH))).isEqualTo(before);
  }
}
