package org.walstream.wal.rmgrdesc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.walstream.wal.WalFormat;
import org.walstream.wal.crafted.CraftedRecord;
import org.walstream.wal.rmgr.TransactionRecord;
import org.walstream.wal.rmgr.XactCompletion;

class TransactionDescTest {

  private static final String TIME = "2000-01-01 00:00:01.000000 UTC";

  @Test
  void leastCommitTellsItsTime() {
    assertThat(text(xact(WalFormat.PG_18, TransactionRecord.COMMIT).i64(1_000_000)))
        .isEqualTo("COMMIT " + TIME);
  }

  @Test
  void commitWithEverythingTellsAllOfIt() {
    int all =
        XactCompletion.XACT_XINFO_HAS_DBINFO
            | XactCompletion.XACT_XINFO_HAS_SUBXACTS
            | XactCompletion.XACT_XINFO_HAS_RELFILELOCATORS
            | XactCompletion.XACT_XINFO_HAS_DROPPED_STATS
            | XactCompletion.XACT_XINFO_HAS_INVALS
            | XactCompletion.XACT_XINFO_HAS_TWOPHASE
            | XactCompletion.XACT_XINFO_HAS_GID
            | XactCompletion.XACT_XINFO_HAS_ORIGIN
            | XactCompletion.XACT_COMPLETION_APPLY_FEEDBACK
            | XactCompletion.XACT_COMPLETION_UPDATE_RELCACHE_FILE
            | XactCompletion.XACT_COMPLETION_FORCE_SYNC_COMMIT;
    var commit =
        xact(
                WalFormat.PG_18,
                TransactionRecord.COMMIT_PREPARED | TransactionRecord.XLOG_XACT_HAS_INFO)
            .origin(7)
            .i64(1_000_000)
            .i32(all)
            .i32(5, 1663) // database
            .i32(2, 701, 702) // subtransactions
            .i32(3, 1663, 5, 16385, 1664, 0, 1260, 16999, 5, 16386) // relations
            .i32(1, 2, 5, 9, 1) // statistics
            .i32(2, 55, 5, 3, 0, -2 & 0xFF, 5, 16385, 0) // invalidations
            .i32(690)
            .text("gid", 4)
            .i64(0x2_0000_0030L)
            .i64(1_000_000);
    assertThat(text(commit))
        .isEqualTo(
            "COMMIT_PREPARED 690: "
                + TIME
                + "; rels: base/5/16385 global/1260 pg_tblspc/16999/PG_18_202506291/5/16386"
                + "; subxacts: 701 702; dropped stats: 2/5/4294967305"
                + "; relcache init file inval dbid 5 tsid 1663; inval msgs: catcache 55 relcache"
                + " 16385; apply_feedback; sync; origin: node 7, lsn 2/30, at "
                + TIME);
  }

  @Test
  void droppedStatisticsHadShortNumbersBefore18() {
    var abort =
        xact(WalFormat.PG_17, TransactionRecord.ABORT | TransactionRecord.XLOG_XACT_HAS_INFO)
            .i64(1_000_000)
            .i32(XactCompletion.XACT_XINFO_HAS_DROPPED_STATS, 2, 2, 5, 9, 2, 5, 10);
    assertThat(text(abort)).isEqualTo("ABORT " + TIME + "; dropped stats: 2/5/9 2/5/10");
  }

  @Test
  void prepareTellsWhatCommitAndAbortWillDo() {
    var prepare =
        xact(WalFormat.PG_18, TransactionRecord.PREPARE)
            .i32(0x57F94534, 300, 690, 5)
            .i64(1_000_000)
            .i32(10, 1, 1, 1, 1, 1, 1)
            .u8(1)
            .u8(0)
            .u16(4)
            .i64(0)
            .i64(0)
            .text("gid", 8)
            .i32(691, 0) // subtransactions
            .i32(1663, 5, 16385, 0) // relations
            .i32(1663, 5, 16386, 0)
            .i32(2, 5, 16385, 0) // statistics
            .i32(2, 5, 16386, 0)
            .i32(55, 5, 3, 0); // invalidations
    assertThat(text(prepare))
        .isEqualTo(
            "PREPARE gid gid: "
                + TIME
                + "; rels(commit): base/5/16385; rels(abort): base/5/16386"
                + "; commit dropped stats: 2/5/16385; abort dropped stats: 2/5/16386"
                + "; subxacts: 691; relcache init file inval dbid 5 tsid 0; inval msgs:"
                + " catcache 55");
  }

  @Test
  void assignmentTellsTheSubtransactions() {
    assertThat(text(xact(WalFormat.PG_15, TransactionRecord.ASSIGNMENT).i32(690, 2, 691, 692)))
        .isEqualTo("ASSIGNMENT xtop 690: subxacts: 691 692");
  }

  @Test
  void invalidationsAreNamedByKind() {
    var record =
        xact(WalFormat.PG_18, TransactionRecord.INVALIDATIONS)
            .i32(7, 3, 5, 1, 0, -1 & 0xFF, 5, 1259, 0, -3 & 0xFF, 1663, 5, 16384)
            .i32(-4 & 0xFF, 5, 0, 0, -5 & 0xFF, 5, 1249, 0, -6 & 0xFF, 5, 16384, 0)
            .i32(-7 & 0xFF, 0, 0, 0);
    assertThat(text(record))
        .isEqualTo(
            "INVALIDATION ; inval msgs: catcache 3 catalog 1259 smgr relmap db 5 snapshot 1249"
                + " relsync 16384 unrecognized id -7");
  }

  @Test
  void countsThatDoNotFitAreNotBelieved() {
    assertThat(text(xact(WalFormat.PG_15, TransactionRecord.ASSIGNMENT).i32(690, 3, 691, 692)))
        .isEqualTo("ASSIGNMENT too short for its type");
    assertThat(text(xact(WalFormat.PG_15, TransactionRecord.ASSIGNMENT).i32(690, -1, 691, 692)))
        .isEqualTo("ASSIGNMENT too short for its type");
  }

  private static CraftedRecord xact(WalFormat format, int info) {
    return CraftedRecord.of(format, 1, info);
  }

  private static String text(CraftedRecord record) {
    return DescribedRecord.of(record.decoded());
  }
}
