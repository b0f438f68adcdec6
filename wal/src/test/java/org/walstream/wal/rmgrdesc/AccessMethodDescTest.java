package org.walstream.wal.rmgrdesc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.walstream.wal.WalFormat;
import org.walstream.wal.crafted.CraftedRecord;
import org.walstream.wal.rmgr.BtreeRecord;
import org.walstream.wal.rmgr.GinRecord;
import org.walstream.wal.rmgr.GistRecord;
import org.walstream.wal.rmgr.HashRecord;
import org.walstream.wal.rmgr.Heap2Record;
import org.walstream.wal.rmgr.HeapRecord;
import org.walstream.wal.rmgr.Rmgr;
import org.walstream.wal.rmgr.SpgistRecord;

/// Records of tables and indexes that are too long, too rare or too wrong to be taken from a
/// server.
class AccessMethodDescTest {

  private static final int APPLIED = 0x02;

  @Test
  void hashIndexesTellWhatConflicts() {
    assertThat(
            text(
                of(WalFormat.PG_15, Rmgr.HASH, HashRecord.VACUUM_ONE_PAGE)
                    .i32(700, 2)
                    .u16(3)
                    .u16(4)))
        .isEqualTo("VACUUM_ONE_PAGE ntuples 2, latestRemovedXid 700");
    assertThat(text(vacuumOnePage(WalFormat.PG_16)))
        .isEqualTo("VACUUM_ONE_PAGE ntuples 2, snapshotConflictHorizon 700");
    assertThat(text(vacuumOnePage(WalFormat.PG_17)))
        .isEqualTo("VACUUM_ONE_PAGE ntuples 2, snapshotConflictHorizon 700, isCatalogRel T");
  }

  private static CraftedRecord vacuumOnePage(WalFormat format) {
    return of(format, Rmgr.HASH, HashRecord.VACUUM_ONE_PAGE)
        .i32(700)
        .u16(2)
        .u8(1)
        .u8(0)
        .u16(3)
        .u16(4);
  }

  @Test
  void splitsTellHowMany() {
    assertThat(
            text(
                of(WalFormat.PG_18, Rmgr.GIN, GinRecord.SPLIT)
                    .i32(1663, 5, 16384, -1, -1, -1)
                    .u16(5)
                    .u16(0)))
        .isEqualTo("SPLIT isrootsplit: T isdata: T isleaf: F");
    assertThat(
            text(
                of(WalFormat.PG_18, Rmgr.GIST, GistRecord.PAGE_SPLIT)
                    .i64(-1)
                    .i64(0)
                    .u16(1)
                    .u16(3)
                    .i32(1)))
        .isEqualTo("PAGE_SPLIT page_split: splits to 3 pages");
    assertThat(
            text(
                of(WalFormat.PG_18, Rmgr.SPGIST, SpgistRecord.PICKSPLIT)
                    .u16(1)
                    .u16(0)
                    .u16(2)
                    .u16(0)
                    .u16(7)
                    .u16(0x100)
                    .u16(1)
                    .u16(8)
                    .u16(9)
                    .u16(0)
                    .i64(0)
                    .i32(0x00020001)
                    .u16(0)
                    .i32(0)
                    .u16(6)))
        .isEqualTo(
            "PICKSPLIT ndelete: 0, ninsert: 2, inneroff: 7, parentoff: 8, nodeI: 9"
                + " (innerIsParent) (nulls) (isRootSplit)");
  }

  @Test
  void someRecordsHaveNothingToSay() {
    assertThat(text(of(WalFormat.PG_18, Rmgr.GIN, GinRecord.CREATE_PTREE).i32(1).u8(7)))
        .isEqualTo("CREATE_PTREE ");
    assertThat(text(of(WalFormat.PG_18, Rmgr.GIST, GistRecord.ASSIGN_LSN).i32(0)))
        .isEqualTo("ASSIGN_LSN ");
  }

  @Test
  void ginTellsOfAnImageInPlaceOfTheChange() {
    var insert = of(WalFormat.PG_18, Rmgr.GIN, GinRecord.INSERT);
    assertThat(text(insert.image(0, 0, 7, APPLIED, 8192, 0, 0).u16(3)))
        .isEqualTo("INSERT isdata: T isleaf: T (full page image)");
    var vacuum = of(WalFormat.PG_18, Rmgr.GIN, GinRecord.VACUUM_DATA_LEAF_PAGE);
    assertThat(text(vacuum.image(0, 0, 7, 0, 8192, 0, 0)))
        .isEqualTo("VACUUM_DATA_LEAF_PAGE  (full page image, for WAL verification)");
    assertThat(text(of(WalFormat.PG_18, Rmgr.GIN, GinRecord.INSERT).u16(3)))
        .isEqualTo("INSERT too short for its type");
  }

  @Test
  void ginStopsAtAnActionItDoesNotKnow() {
    byte[] actions = {2, 0, 5, 1, 6, 9};
    assertThat(text(of(WalFormat.PG_18, Rmgr.GIN, GinRecord.INSERT).block(0, 0, 7, actions).u16(3)))
        .isEqualTo("INSERT isdata: T isleaf: T 2 segments: 5 (delete) 6 unknown action 9 ???");
  }

  @Test
  void aBitThatMeansNothingLeavesTheTextAndTakesTheName() {
    int info = HeapRecord.DELETE | HeapRecord.XLOG_HEAP_INIT_PAGE;
    assertThat(text(of(WalFormat.PG_18, Rmgr.HEAP, info).i32(700).u16(5).u8(0x1F).u8(0)))
        .isEqualTo(
            "null xmax: 700, off: 5, infobits: [IS_MULTI, LOCK_ONLY, EXCL_LOCK, KEYSHR_LOCK,"
                + " KEYS_UPDATED], flags: 0x00");
  }

  @Test
  void theSameOpcodesMeanOtherThingsSince17() {
    byte[] dead = {1, 0, 9, 0};
    assertThat(
            text(
                of(WalFormat.PG_16, Rmgr.HEAP2, Heap2Record.VACUUM)
                    .block(0, 0, 7, new byte[] {9, 0})
                    .u16(1)))
        .isEqualTo("VACUUM nunused: 1, unused: [9]");
    assertThat(
            text(
                of(WalFormat.PG_17, Rmgr.HEAP2, Heap2Record.PRUNE_VACUUM_SCAN)
                    .block(0, 0, 7, dead)
                    .u8(0)
                    .u8(0x40)))
        .isEqualTo(
            "PRUNE_VACUUM_SCAN , isCatalogRel: F, nplans: 0, nredirected: 0, ndead: 1, nunused: 0,"
                + " dead: [9]");
  }

  @Test
  void countsThatDoNotFitAreNotBelieved() {
    byte[] twoOffsets = {1, 0, 2, 0};
    assertThat(
            text(
                of(WalFormat.PG_18, Rmgr.BTREE, BtreeRecord.VACUUM)
                    .block(0, 0, 7, twoOffsets)
                    .u16(3)
                    .u16(0)))
        .isEqualTo("VACUUM too short for its type");
    assertThat(
            text(
                of(WalFormat.PG_18, Rmgr.BTREE, BtreeRecord.VACUUM)
                    .block(0, 0, 7, twoOffsets)
                    .u16(0)
                    .u16(1)))
        .isEqualTo("VACUUM too short for its type");
    assertThat(text(of(WalFormat.PG_18, Rmgr.BTREE, BtreeRecord.VACUUM).u16(3).u16(1)))
        .isEqualTo("VACUUM ndeleted: 3, nupdated: 1");
    assertThat(
            text(
                of(WalFormat.PG_17, Rmgr.HEAP2, Heap2Record.PRUNE_ON_ACCESS)
                    .block(0, 0, 7, new byte[] {3})
                    .u8(0)
                    .u8(0x10)))
        .isEqualTo("PRUNE_ON_ACCESS too short for its type");
  }

  @Test
  void numbersAreShortenedAsInC() {
    assertThat(GeneralFormat.format(1270)).isEqualTo("1270");
    assertThat(GeneralFormat.format(1234567)).isEqualTo("1.23457e+06");
    assertThat(GeneralFormat.format(1e6)).isEqualTo("1e+06");
    assertThat(GeneralFormat.format(999999.5)).isEqualTo("1e+06");
    assertThat(GeneralFormat.format(-0.0001)).isEqualTo("-0.0001");
    assertThat(GeneralFormat.format(-0.00001)).isEqualTo("-1e-05");
    assertThat(GeneralFormat.format(2.5e123)).isEqualTo("2.5e+123");
    assertThat(GeneralFormat.format(-0.0)).isEqualTo("-0");
    assertThat(GeneralFormat.format(Double.NaN)).isEqualTo("NaN");
    assertThat(GeneralFormat.format(Double.NEGATIVE_INFINITY)).isEqualTo("-Infinity");
  }

  private static CraftedRecord of(WalFormat format, Rmgr rmgr, int info) {
    return CraftedRecord.of(format, rmgr.id(), info);
  }

  private static String text(CraftedRecord record) {
    return DescribedRecord.of(record.decoded());
  }
}
