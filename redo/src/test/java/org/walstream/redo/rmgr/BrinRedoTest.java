package org.walstream.redo.rmgr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.walstream.redo.RedoException;
import org.walstream.redo.page.PageHeader;
import org.walstream.wal.crafted.CraftedRecord;
import org.walstream.wal.rmgr.BrinRecord;
import org.walstream.wal.rmgr.Rmgr;

/// BRIN's pages to the byte, and records that contradict them.
class BrinRedoTest {

  private static final int SPECIAL = 8184;
  private static final byte[] NOTHING = {};

  private final GuardedPage page = new GuardedPage();

  @Test
  void aMetapageEndsBehindWhatItTells() throws RedoException {
    page.redo(createIndex(), 0);
    assertThat(page.bytes(24, 16))
        .isEqualTo(hex("fa9c10a8" + "01000000" + "80000000" + "00000000"));
    assertThat(page.bytes(SPECIAL, 8)).isEqualTo(hex("00000000" + "0000" + "91f0"));
    assertThat(page.lower()).isEqualTo(40);
  }

  /// Servers before PostgreSQL 11 left pd_lower as on an empty page.
  @Test
  void aMapThatGrowsIsNotedThere() throws RedoException {
    page.redo(createIndex(), 0);
    PageHeader.putLower(page.pool, GuardedPage.PAGE, 24);
    page.redo(revmapExtend(), 0);
    assertThat(page.i32(36)).isEqualTo(7);
    assertThat(page.lower()).isEqualTo(40);
    page.redo(revmapExtend(), 1);
    assertThat(page.bytes(24, SPECIAL - 24)).containsOnly(0);
    assertThat(page.bytes(SPECIAL, 8)).isEqualTo(hex("00000000" + "0000" + "92f0"));
    assertThat(page.lower()).isEqualTo(24);
  }

  @Test
  void eachRangeHasItsPlaceInTheMap() throws RedoException {
    page.redo(revmapExtend(), 1);
    page.redo(insert(0, 128, 5, 0), 1);
    assertThat(page.bytes(24, 6)).isEqualTo(hex("010009000500"));
    page.redo(insert(127 + 1359 * 128, 128, 6, 0), 1);
    assertThat(page.bytes(24 + 1359 * 6, 6)).isEqualTo(hex("010009000600"));
    page.redo(insert(1360 * 128, 128, 7, 0), 1);
    assertThat(page.bytes(24, 6)).isEqualTo(hex("010009000700"));
    page.redo(insert(0xFFFFFFFE, 1, 8, 0), 1);
    int last = (int) (0xFFFFFFFEL % 1360);
    assertThat(page.bytes(24 + last * 6, 6)).isEqualTo(hex("010009000800"));
    page.redo(desummarize(3), 0);
    assertThat(page.bytes(24 + 2 * 6, 6)).isEqualTo(hex("ffffffff0000"));
  }

  @Test
  void otherSummariesKeepTheirNumbers() throws RedoException {
    page.redo(insert(0, 128, 1, BrinRecord.XLOG_BRIN_INIT_PAGE), 0);
    page.redo(insert(0, 128, 2, 0), 0);
    page.redo(insert(0, 128, 3, 0), 0);
    assertThat(page.bytes(SPECIAL, 8)).isEqualTo(hex("00000000" + "0000" + "93f0"));
    page.redo(desummarize(2), 1);
    assertThat(page.items()).isEqualTo(3);
    assertThat(page.i32(28)).isZero();
    page.redo(insert(0, 128, 2, 0), 0);
    assertThat(page.item(2)).isEqualTo(hex("00000000" + "1122334455667788"));
    page.redo(desummarize(3), 1);
    assertThat(page.items()).isEqualTo(2);
  }

  @Test
  void recordsThatContradictThePage() throws RedoException {
    page.redo(createIndex(), 0);
    assertCorrupt(insert(0, 128, 1, 0), 1, "unexpected page type 0xF091 in BRIN index");
    assertCorrupt(desummarize(9), 1, "invalid index offnum: 9");
    page.redo(revmapExtend(), 1);
    assertCorrupt(revmapExtend(), 0, "unexpected page type 0xF092 in BRIN index");
    assertCorrupt(insert(0, 0, 1, 0), 1, "ranges of no pages");
    page.redo(insert(0, 128, 1, BrinRecord.XLOG_BRIN_INIT_PAGE), 0);
    assertCorrupt(insert(0, 128, 3, 0), 0, "brin_xlog_insert_update: invalid max offset number");
    assertCorrupt(insert(0, 128, 1, 0), 0, "brin_xlog_insert_update: failed to add tuple");
    String cannotReplace = "brin_xlog_samepage_update: failed to replace tuple";
    assertCorrupt(samepageUpdate(1, 8200), 0, cannotReplace);
    assertCorrupt(samepageUpdate(1, 8160), 0, cannotReplace);
    assertCorrupt(samepageUpdate(2, 8), 0, "invalid index offnum: 2");
    page.put(14, 0xF8, 0x1F);
    assertCorrupt(samepageUpdate(1, 8), 0, "corrupted line pointer");
    assertThat(page.neighboursAreUntouched()).isTrue();
  }

  private static CraftedRecord createIndex() {
    return GuardedPage.record(Rmgr.BRIN, BrinRecord.CREATE_INDEX)
        .i32(128)
        .u16(1)
        .block(0, 0, 0, NOTHING);
  }

  private static CraftedRecord revmapExtend() {
    return GuardedPage.record(Rmgr.BRIN, BrinRecord.REVMAP_EXTEND)
        .i32(7)
        .block(0, 0, 0, NOTHING)
        .block(1, 0, 7, NOTHING);
  }

  /// On block 0x10009.
  private static CraftedRecord insert(int heapBlk, int pagesPerRange, int number, int flag) {
    return GuardedPage.record(Rmgr.BRIN, BrinRecord.INSERT | flag)
        .i32(heapBlk, pagesPerRange)
        .u16(number)
        .block(0, 0, 0x10009, hex("00000000" + "1122334455667788"))
        .block(1, 0, 1, NOTHING);
  }

  private static CraftedRecord samepageUpdate(int number, int length) {
    return GuardedPage.record(Rmgr.BRIN, BrinRecord.SAMEPAGE_UPDATE)
        .u16(number)
        .block(0, 0, 9, new byte[length]);
  }

  /// Of the third range of 128 pages.
  private static CraftedRecord desummarize(int number) {
    return GuardedPage.record(Rmgr.BRIN, BrinRecord.DESUMMARIZE)
        .i32(128, 2 * 128)
        .u16(number)
        .block(0, 0, 1, NOTHING)
        .block(1, 0, 9, NOTHING);
  }

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }

  private void assertCorrupt(CraftedRecord record, int block, String message) {
    assertThatThrownBy(() -> page.redo(record, block))
        .isInstanceOf(RedoException.class)
        .hasMessageContaining(message);
  }
}
