package org.walstream.redo.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.walstream.wal.TimelineHistory;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalFormat;
import org.walstream.wal.control.ControlFile;
import org.walstream.wal.control.DBState;
import org.walstream.wal.crafted.CraftedRecord;
import org.walstream.wal.rmgr.XLogRmgrRecord;

class TimelineSwitchesTest {

  private static final TimelineHistory HISTORY =
      TimelineHistory.ofFirst(TimelineId.FIRST)
          .branch(new TimelineId(3), 0x1000000, "")
          .branch(new TimelineId(5), 0x2000000, "");

  @TempDir Path directory;

  private ControlFile control;

  @BeforeEach
  void control() throws Exception {
    control =
        new CraftedCluster(directory, WalFormat.PG_15)
            .control(DBState.IN_ARCHIVE_RECOVERY, 0x800000, 0x800000);
  }

  private ConsistencyPoint consistentFrom(long minRecoveryPoint, int timeline) {
    return new ConsistencyPoint(control.withMinRecoveryPoint(minRecoveryPoint, timeline), true);
  }

  private static XLogRmgrRecord endOfRecovery(int timeline, int previous) {
    return xlog(
        CraftedRecord.of(WalFormat.PG_15, 0, XLogRmgrRecord.END_OF_RECOVERY)
            .i64(0)
            .i32(timeline, previous));
  }

  private static XLogRmgrRecord checkPoint(int opcode, int timeline, int previous) {
    return xlog(
        CraftedRecord.of(WalFormat.PG_15, 0, opcode)
            .i64(0x1000000)
            .i32(timeline, previous)
            .zeros(72));
  }

  private static XLogRmgrRecord xlog(CraftedRecord record) {
    return java.util.Objects.requireNonNull(XLogRmgrRecord.of(record.decoded()));
  }

  @Test
  void followsBothKindsOfRecord() throws Exception {
    var consistency = consistentFrom(0x900000, 1);
    var switches = new TimelineSwitches(() -> HISTORY, 1);
    assertThat(switches.follow(endOfRecovery(3, 1), consistency)).isTrue();
    assertThat(switches.timeline()).isEqualTo(3);
    assertThat(switches.follow(endOfRecovery(3, 1), consistency)).isFalse();
    assertThat(switches.follow(checkPoint(XLogRmgrRecord.CHECKPOINT_ONLINE, 3, 3), consistency))
        .isFalse();
    assertThat(switches.follow(checkPoint(XLogRmgrRecord.CHECKPOINT_SHUTDOWN, 5, 3), consistency))
        .isTrue();
    assertThat(switches.timeline()).isEqualTo(5);
  }

  @Test
  void refusesWhatIsNotOfThisHistory() {
    var consistency = consistentFrom(0x900000, 1);
    assertThatThrownBy(
            () -> new TimelineSwitches(() -> HISTORY, 1).follow(endOfRecovery(5, 3), consistency))
        .hasMessage(
            "unexpected previous timeline ID 3 (current timeline ID 1) in checkpoint record");
    assertThatThrownBy(
            () -> new TimelineSwitches(() -> HISTORY, 1).follow(endOfRecovery(4, 1), consistency))
        .hasMessage("unexpected timeline ID 4 (after 1) in checkpoint record");
    assertThatThrownBy(
            () -> new TimelineSwitches(() -> HISTORY, 3).follow(endOfRecovery(1, 3), consistency))
        .hasMessage("unexpected timeline ID 1 (after 3) in checkpoint record");
    assertThatThrownBy(() ->
            new TimelineSwitches(() -> HISTORY, 1)
                .follow(checkPoint(XLogRmgrRecord.CHECKPOINT_ONLINE, 3, 1), consistency))
        .hasMessage("unexpected timeline ID 3 (should be 1) in online checkpoint record");
  }

  @Test
  void refusesToLeaveTheWayToTheMinimumRecoveryPoint() {
    var consistency = consistentFrom(0x1900000, 1);
    assertThatThrownBy(
            () -> new TimelineSwitches(() -> HISTORY, 1).follow(endOfRecovery(3, 1), consistency))
        .hasMessage(
            "unexpected timeline ID 3 in checkpoint record, before reaching minimum recovery point"
                + " 0/1900000 on timeline 1");
  }
}
