package org.walstream.wal.rmgrdesc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.walstream.wal.WalFormat;
import org.walstream.wal.crafted.CraftedRecord;
import org.walstream.wal.rmgr.XLogRmgrRecord;

class XLogDescTest {

  @Test
  void checkpointTellsTheWalLevelSince17() {
    assertThat(text(checkpoint(WalFormat.PG_16, XLogRmgrRecord.CHECKPOINT_ONLINE)))
        .isEqualTo(
            "CHECKPOINT_ONLINE redo 0/3000028; tli 2; prev tli 1; fpw true; xid 3:700; oid 16390;"
                + " multi 5; offset 9; oldest xid 722 in DB 1; oldest multi 1 in DB 4;"
                + " oldest/newest commit timestamp xid: 10/20; oldest running xid 699; online");
    assertThat(text(checkpoint(WalFormat.PG_17, XLogRmgrRecord.CHECKPOINT_SHUTDOWN)))
        .isEqualTo(
            "CHECKPOINT_SHUTDOWN redo 0/3000028; tli 2; prev tli 1; fpw true; wal_level logical;"
                + " xid 3:700; oid 16390; multi 5; offset 9; oldest xid 722 in DB 1; oldest multi 1"
                + " in DB 4; oldest/newest commit timestamp xid: 10/20; oldest running xid 699;"
                + " shutdown");
  }

  @Test
  void smallRecordsTellTheirOneThing() {
    assertThat(text(xlog(WalFormat.PG_15, XLogRmgrRecord.NEXTOID).i32(-1)))
        .isEqualTo("NEXTOID 4294967295");
    assertThat(text(xlog(WalFormat.PG_15, XLogRmgrRecord.BACKUP_END).i64(0x1_0000_0028L)))
        .isEqualTo("BACKUP_END 1/28");
    assertThat(text(xlog(WalFormat.PG_15, XLogRmgrRecord.FPW_CHANGE).u8(0)))
        .isEqualTo("FPW_CHANGE false");
    assertThat(text(xlog(WalFormat.PG_15, XLogRmgrRecord.RESTORE_POINT).i64(0).text("här", 64)))
        .isEqualTo("RESTORE_POINT här");
    assertThat(text(xlog(WalFormat.PG_18, XLogRmgrRecord.CHECKPOINT_REDO).i32(1)))
        .isEqualTo("CHECKPOINT_REDO wal_level replica");
    assertThat(text(xlog(WalFormat.PG_18, XLogRmgrRecord.CHECKPOINT_REDO).i32(7)))
        .isEqualTo("CHECKPOINT_REDO wal_level ?");
    assertThat(text(xlog(WalFormat.PG_18, XLogRmgrRecord.SWITCH))).isEqualTo("SWITCH ");
  }

  @Test
  void endOfRecoveryTellsTheWalLevelSince17() {
    assertThat(text(xlog(WalFormat.PG_15, XLogRmgrRecord.END_OF_RECOVERY).i64(1).i32(2, 1)))
        .isEqualTo("END_OF_RECOVERY tli 2; prev tli 1; time 2000-01-01 00:00:00.000001 UTC");
    assertThat(text(xlog(WalFormat.PG_18, XLogRmgrRecord.END_OF_RECOVERY).i64(1).i32(2, 1, 1, 0)))
        .isEqualTo(
            "END_OF_RECOVERY tli 2; prev tli 1; time 2000-01-01 00:00:00.000001 UTC;"
                + " wal_level replica");
  }

  @Test
  void whatIsCutShortOrUnknownIsNotUnderstood() {
    assertThat(text(xlog(WalFormat.PG_15, XLogRmgrRecord.NEXTOID).u16(3)))
        .isEqualTo("NEXTOID too short for its type");
    assertThat(text(xlog(WalFormat.PG_16, XLogRmgrRecord.CHECKPOINT_REDO).i32(1)))
        .isEqualTo("null unknown opcode");
  }

  private static CraftedRecord checkpoint(WalFormat format, int info) {
    return xlog(format, info)
        .i64(0x3000028)
        .i32(2, 1, 1, 2)
        .i64(3L << 32 | 700)
        .i32(16390, 5, 9, 722, 1, 1, 4, 0)
        .i64(1_700_000_000)
        .i32(10, 20, 699, 0);
  }

  private static CraftedRecord xlog(WalFormat format, int info) {
    return CraftedRecord.of(format, 0, info);
  }

  private static String text(CraftedRecord record) {
    return DescribedRecord.of(record.decoded());
  }
}
