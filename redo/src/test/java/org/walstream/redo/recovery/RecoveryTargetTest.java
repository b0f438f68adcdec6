package org.walstream.redo.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.walstream.wal.WalFormat;
import org.walstream.wal.crafted.CraftedRecord;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.rmgr.TransactionRecord;
import org.walstream.wal.rmgr.XLogRmgrRecord;
import org.walstream.wal.rmgr.XactCompletion;

class RecoveryTargetTest {

  /// Every crafted record is here, of transaction 700.
  private static final long LSN = 0x1000028;

  private static final long TIME = 10_000_000;

  private static DecodedXLogRecord completion(int opcode) {
    return CraftedRecord.of(WalFormat.PG_18, 1, opcode).i64(TIME).decoded();
  }

  private static DecodedXLogRecord preparedCompletion(int opcode, int xid) {
    return CraftedRecord.of(WalFormat.PG_18, 1, opcode | TransactionRecord.XLOG_XACT_HAS_INFO)
        .i64(TIME)
        .i32(XactCompletion.XACT_XINFO_HAS_TWOPHASE, xid)
        .decoded();
  }

  private static DecodedXLogRecord restorePoint(String name) {
    return CraftedRecord.of(WalFormat.PG_18, 0, XLogRmgrRecord.RESTORE_POINT)
        .i64(TIME)
        .text(name, 64)
        .decoded();
  }

  private static final DecodedXLogRecord NOOP =
      CraftedRecord.of(WalFormat.PG_18, 0, XLogRmgrRecord.NOOP).decoded();

  @Test
  void goesOnWithoutATarget() {
    assertThat(new RecoveryTarget.EndOfWal().stopsBefore(completion(0), true)).isNull();
    assertThat(new RecoveryTarget.EndOfWal().stopsAfter(completion(0), true)).isNull();
  }

  @Test
  void stopsAsSoonAsConsistent() {
    var target = new RecoveryTarget.Immediate();
    assertThat(target.stopsBefore(NOOP, false)).isNull();
    assertThat(target.stopsAfter(NOOP, false)).isNull();
    assertThat(target.stopsBefore(NOOP, true))
        .isEqualTo("recovery stopping after reaching consistency");
    assertThat(target.stopsAfter(NOOP, true))
        .isEqualTo("recovery stopping after reaching consistency");
  }

  @Test
  void stopsAtAPosition() {
    assertThat(new RecoveryTarget.AtLsn(LSN, true).stopsBefore(NOOP, true)).isNull();
    assertThat(new RecoveryTarget.AtLsn(LSN, true).stopsAfter(NOOP, true))
        .isEqualTo("recovery stopping after WAL location (LSN) \"0/1000028\"");
    assertThat(new RecoveryTarget.AtLsn(LSN, false).stopsBefore(NOOP, true))
        .isEqualTo("recovery stopping before WAL location (LSN) \"0/1000028\"");
    assertThat(new RecoveryTarget.AtLsn(LSN, false).stopsAfter(NOOP, true)).isNull();
    assertThat(new RecoveryTarget.AtLsn(LSN + 1, true).stopsAfter(NOOP, true)).isNull();
    assertThat(new RecoveryTarget.AtLsn(LSN - 1, true).stopsAfter(NOOP, true)).isNotNull();
  }

  @Test
  void stopsBeforeTheFirstEndOfATransactionThatIsTooLate() {
    var commit = completion(TransactionRecord.COMMIT);
    assertThat(new RecoveryTarget.AtTime(TIME, true).stopsBefore(commit, true)).isNull();
    assertThat(new RecoveryTarget.AtTime(TIME, false).stopsBefore(commit, true))
        .isEqualTo(
            "recovery stopping before commit of transaction 700, time 2000-01-01 00:00:10+00");
    assertThat(
            new RecoveryTarget.AtTime(TIME - 1, true)
                .stopsBefore(preparedCompletion(TransactionRecord.ABORT_PREPARED, 600), true))
        .startsWith("recovery stopping before abort of transaction 600,");
    assertThat(new RecoveryTarget.AtTime(TIME - 1, true).stopsBefore(restorePoint("x"), true))
        .isNull();
    assertThat(new RecoveryTarget.AtTime(TIME - 1, true).stopsAfter(commit, true)).isNull();
  }

  @Test
  void stopsAtTheEndOfATransactionAndNoOther() {
    var inclusive = new RecoveryTarget.AtXid(700, true);
    var exclusive = new RecoveryTarget.AtXid(700, false);
    var abort = completion(TransactionRecord.ABORT);
    assertThat(inclusive.stopsBefore(abort, true)).isNull();
    assertThat(inclusive.stopsAfter(abort, true))
        .startsWith("recovery stopping after abort of transaction 700,");
    assertThat(exclusive.stopsBefore(abort, true))
        .startsWith("recovery stopping before abort of transaction 700,");
    assertThat(exclusive.stopsAfter(abort, true)).isNull();
    assertThat(new RecoveryTarget.AtXid(699, true).stopsAfter(abort, true)).isNull();
    var prepared = preparedCompletion(TransactionRecord.COMMIT_PREPARED, 600);
    assertThat(inclusive.stopsAfter(prepared, true)).isNull();
    assertThat(new RecoveryTarget.AtXid(600, true).stopsAfter(prepared, true))
        .startsWith("recovery stopping after commit of transaction 600,");
  }

  @Test
  void stopsAtARestorePoint() {
    var target = new RecoveryTarget.AtName("before upgrade");
    assertThat(target.stopsBefore(restorePoint("before upgrade"), true)).isNull();
    assertThat(target.stopsAfter(restorePoint("before upgrade"), true))
        .isEqualTo(
            "recovery stopping at restore point \"before upgrade\", time 2000-01-01 00:00:10+00");
    assertThat(target.stopsAfter(restorePoint("before upgrades"), true)).isNull();
    assertThat(target.stopsAfter(NOOP, true)).isNull();
  }
}
