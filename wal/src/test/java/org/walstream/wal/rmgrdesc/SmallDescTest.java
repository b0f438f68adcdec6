package org.walstream.wal.rmgrdesc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.walstream.wal.WalFormat;
import org.walstream.wal.crafted.CraftedRecord;
import org.walstream.wal.rmgr.ClogRecord;
import org.walstream.wal.rmgr.CommitTsRecord;
import org.walstream.wal.rmgr.DatabaseRecord;
import org.walstream.wal.rmgr.LogicalMessageRecord;
import org.walstream.wal.rmgr.MultiXactRecord;
import org.walstream.wal.rmgr.RelMapRecord;
import org.walstream.wal.rmgr.ReplicationOriginRecord;
import org.walstream.wal.rmgr.Rmgr;
import org.walstream.wal.rmgr.TablespaceRecord;

/// The resource managers that have a handful of lines to say.
class SmallDescTest {

  @Test
  void pageNumbersAreWideSince17() {
    assertThat(text(of(WalFormat.PG_16, Rmgr.CLOG, ClogRecord.TRUNCATE).i32(-1, 700, 5)))
        .isEqualTo("TRUNCATE page -1; oldestXact 700");
    assertThat(text(of(WalFormat.PG_17, Rmgr.CLOG, ClogRecord.TRUNCATE).i64(1L << 32).i32(700, 5)))
        .isEqualTo("TRUNCATE page 4294967296; oldestXact 700");
    assertThat(text(of(WalFormat.PG_16, Rmgr.CLOG, ClogRecord.ZEROPAGE).i32(3)))
        .isEqualTo("ZEROPAGE page 3");
    assertThat(text(of(WalFormat.PG_17, Rmgr.CLOG, ClogRecord.ZEROPAGE).i32(3)))
        .isEqualTo("ZEROPAGE too short for its type");
    assertThat(text(of(WalFormat.PG_16, Rmgr.COMMIT_TS, CommitTsRecord.ZEROPAGE).i32(3)))
        .isEqualTo("ZEROPAGE 3");
    assertThat(text(of(WalFormat.PG_18, Rmgr.COMMIT_TS, CommitTsRecord.TRUNCATE).i64(3).i32(9)))
        .isEqualTo("TRUNCATE pageno 3, oldestXid 9");
    assertThat(text(of(WalFormat.PG_18, Rmgr.MULTIXACT, MultiXactRecord.ZERO_MEM_PAGE).i64(3)))
        .isEqualTo("ZERO_MEM_PAGE 3");
  }

  @Test
  void groupsOfTransactionsTellWhatEachDoes() {
    var create =
        of(WalFormat.PG_15, Rmgr.MULTIXACT, MultiXactRecord.CREATE_ID)
            .i32(5, 9, 7, 700, 0, 701, 1, 702, 2, 703, 3, 704, 4, 705, 5, 706, 6);
    assertThat(text(create))
        .isEqualTo(
            "CREATE_ID 5 offset 9 nmembers 7: 700 (keysh) 701 (sh) 702 (fornokeyupd) 703 (forupd)"
                + " 704 (nokeyupd) 705 (upd) 706 (unk) ");
    assertThat(
            text(
                of(WalFormat.PG_15, Rmgr.MULTIXACT, MultiXactRecord.TRUNCATE_ID)
                    .i32(5, 1, 2, 3, 4)))
        .isEqualTo("TRUNCATE_ID offsets [1, 2), members [3, 4)");
  }

  @Test
  void databasesAndTablespacesAreNamedByNumber() {
    assertThat(
            text(
                of(WalFormat.PG_15, Rmgr.DATABASE, DatabaseRecord.CREATE_FILE_COPY)
                    .i32(16384, 1663, 4, 1664)))
        .isEqualTo("CREATE_FILE_COPY copy dir 1664/4 to 1663/16384");
    assertThat(
            text(
                of(WalFormat.PG_15, Rmgr.DATABASE, DatabaseRecord.CREATE_WAL_LOG).i32(16384, 1663)))
        .isEqualTo("CREATE_WAL_LOG create dir 1663/16384");
    assertThat(
            text(
                of(WalFormat.PG_15, Rmgr.DATABASE, DatabaseRecord.DROP).i32(16384, 2, 1663, 16999)))
        .isEqualTo("DROP dir 1663/16384 16999/16384");
    assertThat(
            text(
                of(WalFormat.PG_15, Rmgr.TABLESPACE, TablespaceRecord.CREATE)
                    .i32(16999)
                    .text("/ä", 4)))
        .isEqualTo("CREATE 16999 \"/ä\"");
    assertThat(text(of(WalFormat.PG_15, Rmgr.TABLESPACE, TablespaceRecord.DROP).i32(16999)))
        .isEqualTo("DROP 16999");
    assertThat(text(of(WalFormat.PG_15, Rmgr.RELMAP, RelMapRecord.UPDATE).i32(5, 1663, 4).zeros(4)))
        .isEqualTo("UPDATE database 5 tablespace 1663 size 4");
  }

  @Test
  void originsAndMessagesAreTold() {
    assertThat(
            text(
                of(WalFormat.PG_15, Rmgr.REPLICATION_ORIGIN, ReplicationOriginRecord.SET)
                    .i64(0x1_0000_00ABL)
                    .u16(7)
                    .u8(1)
                    .zeros(5)))
        .isEqualTo("SET set 7; lsn 1/AB; force: 1");
    assertThat(
            text(of(WalFormat.PG_15, Rmgr.REPLICATION_ORIGIN, ReplicationOriginRecord.DROP).u16(7)))
        .isEqualTo("DROP drop 7");
    assertThat(text(message(3, 2)))
        .isEqualTo("MESSAGE non-transactional, prefix \"ab\"; payload (2 bytes): 0F FF");
    assertThat(text(message(3, 3))).isEqualTo("MESSAGE too short for its type");
    assertThat(text(message(2, 2))).isEqualTo("MESSAGE too short for its type");
    assertThat(text(message(-1, 2))).isEqualTo("MESSAGE too short for its type");
  }

  private static CraftedRecord message(long prefixSize, long messageSize) {
    return of(WalFormat.PG_15, Rmgr.LOGICAL_MESSAGE, LogicalMessageRecord.MESSAGE)
        .i32(5, 0)
        .i64(prefixSize)
        .i64(messageSize)
        .text("ab", 3)
        .u8(0x0F)
        .u8(0xFF);
  }

  private static CraftedRecord of(WalFormat format, Rmgr rmgr, int info) {
    return CraftedRecord.of(format, rmgr.id(), info);
  }

  private static String text(CraftedRecord record) {
    return DescribedRecord.of(record.decoded());
  }
}
