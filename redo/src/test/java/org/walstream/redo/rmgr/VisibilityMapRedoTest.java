package org.walstream.redo.rmgr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.walstream.redo.page.VisibilityMapPage.ALL;
import static org.walstream.redo.page.VisibilityMapPage.ALL_FROZEN;
import static org.walstream.redo.page.VisibilityMapPage.ALL_VISIBLE;
import static org.walstream.redo.page.VisibilityMapPage.HEAP_BLOCKS;
import static org.walstream.redo.rmgr.OnePage.HEEDS;
import static org.walstream.redo.rmgr.OnePage.HEEDS_NOT;
import static org.walstream.redo.rmgr.OnePage.heap;
import static org.walstream.redo.rmgr.OnePage.heap2;
import static org.walstream.redo.rmgr.OnePage.logged;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.walstream.redo.RedoException;
import org.walstream.redo.RedoProfile;
import org.walstream.redo.page.Frame;
import org.walstream.redo.page.PageHeader;
import org.walstream.redo.page.VisibilityMapPage;
import org.walstream.wal.crafted.CraftedRecord;
import org.walstream.wal.record.BlockReference;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.rmgr.Heap2Record;
import org.walstream.wal.rmgr.HeapRecord;
import org.walstream.wal.rmgr.Rmgr;

class VisibilityMapRedoTest {

  private static final int VM = 2;
  private static final byte[] NOTHING = {};

  @Test
  void visibleMakesTheMapsPageAndSetsBits() throws RedoException {
    var page = new OnePage(HEEDS, false);
    DecodedXLogRecord record = visible(ALL_VISIBLE);
    assertThat(page.redo.zeroIfMissing(Rmgr.interpret(record), 0)).isTrue();
    assertThat(page.redo.zeroIfMissing(Rmgr.interpret(record), 1)).isFalse();
    assertThat(page.redo(record, 0)).isEqualTo(RedoAction.NEEDS_REDO);
    assertThat(PageHeader.upper(page.frame.pool, Frame.PAGE)).isEqualTo(8192);
    assertThat(bits(page, HEAP_BLOCKS + 7)).isEqualTo(ALL_VISIBLE);
    assertThat(page.lsn()).isEqualTo(record.endLsn());
  }

  @Test
  void bitsThatAreThereAlreadyLeaveTheLsn() throws RedoException {
    OnePage page = OnePage.ofMap(HEEDS);
    assertThat(page.redo(visible(ALL), 0)).isEqualTo(RedoAction.NEEDS_REDO);
    assertThat(page.redo.changed()).isFalse();
    assertThat(page.lsn()).isZero();
    page.redo(visible(ALL_VISIBLE), 0); // not these very bits: they are added, and the LSN goes on
    assertThat(bits(page, HEAP_BLOCKS + 7)).isEqualTo(ALL);
    assertThat(page.lsn()).isEqualTo(visible(ALL_VISIBLE).endLsn());
  }

  @Test
  void theTablesPageKeepsItsLsnUnlessHintsAreLogged() throws RedoException {
    for (boolean logsHints : new boolean[] {false, true}) {
      var page = new OnePage(HEEDS, logsHints);
      PageHeader.init(page.frame.pool, Frame.PAGE, 0);
      page.redo(visible(ALL), 1);
      assertThat(page.allVisible()).isTrue();
      assertThat(page.redo.changed()).isTrue();
      assertThat(page.lsn()).isEqualTo(logsHints ? visible(ALL).endLsn() : 0);
      assertThat(page.redo.freeSpace()).isEqualTo(8192 - 24 - 4);
      page.redo(visible(0), 1);
      assertThat(page.redo.freeSpace()).isEqualTo(-1);
    }
  }

  @Test
  void aReferenceIsHeededOrPassedOver() throws RedoException {
    DecodedXLogRecord record = insert(1).block(1, VM, 0, NOTHING).decoded();
    OnePage page = OnePage.ofMap(HEEDS);
    assertThat(page.passesOver(record, 1)).isFalse();
    page.redo(record, 1);
    assertThat(bits(page, 5)).isZero();
    assertThat(bits(page, 4)).isEqualTo(ALL);
    assertThat(page.lsn()).isEqualTo(record.endLsn());
    assertThat(implied(record, HEEDS)).isEmpty();

    page = OnePage.ofMap(HEEDS_NOT);
    byte[] before = page.frame.bytes();
    assertThat(page.passesOver(record, 1)).isTrue();
    assertThat(page.redo(record, 1)).isEqualTo(RedoAction.DONE);
    assertThat(page.redo.changed()).isFalse();
    assertThat(page.frame.bytes()).isEqualTo(before);
    assertThat(implied(record, HEEDS_NOT)).containsExactly("0 5 3");
  }

  @Test
  void anImageOfAReferencePassedOverIsNotRestored() throws RedoException {
    int apply = BlockReference.BKPIMAGE_APPLY;
    DecodedXLogRecord record = insert(1).image(1, VM, 0, apply, 8192, 0, 0).decoded();
    OnePage page = OnePage.ofMap(HEEDS_NOT);
    byte[] before = page.frame.bytes();
    page.redo(record, 1);
    assertThat(page.frame.bytes()).isEqualTo(before);
    page = OnePage.ofMap(HEEDS);
    assertThat(page.redo(record, 1)).isEqualTo(RedoAction.RESTORED);
    assertThat(page.frame.bytes()).isEqualTo(new byte[8192]);
  }

  @Test
  void nothingClearedLeavesTheLsn() throws RedoException {
    OnePage page = OnePage.ofMap(HEEDS);
    VisibilityMapPage.clear(page.frame.pool, Frame.PAGE, 5, ALL);
    page.redo(insert(1).block(1, VM, 0, NOTHING).decoded(), 1);
    assertThat(page.redo.changed()).isFalse();
    assertThat(page.lsn()).isZero();
  }

  @Test
  void aLockTakesTheFrozenBitAlone() throws RedoException {
    for (CraftedRecord lock : List.of(heap(HeapRecord.LOCK), heap2(Heap2Record.LOCK_UPDATED))) {
      DecodedXLogRecord record =
          lock.block(0, 0, 5, NOTHING)
              .block(1, VM, 0, NOTHING)
              .i32(800)
              .u16(1)
              .u8(0)
              .u8(1)
              .decoded();
      OnePage page = OnePage.ofMap(HEEDS);
      page.redo(record, 1);
      assertThat(bits(page, 5)).isEqualTo(ALL_VISIBLE);
      assertThat(implied(record, HEEDS_NOT)).containsExactly("0 5 " + ALL_FROZEN);
    }
  }

  @Test
  void anotherPageOfTheMapIsAnError() {
    OnePage page = OnePage.ofMap(HEEDS);
    assertThatThrownBy(() -> page.redo(insert(1).block(1, VM, 1, NOTHING).decoded(), 1))
        .hasMessageContaining("wrong buffer passed to visibilitymap_clear");
    DecodedXLogRecord set =
        heap2(Heap2Record.VISIBLE)
            .block(0, VM, 0, NOTHING)
            .block(1, 0, HEAP_BLOCKS, NOTHING)
            .i32(0)
            .u8(3)
            .decoded();
    assertThatThrownBy(() -> page.redo(set, 0))
        .hasMessageContaining("wrong VM buffer passed to visibilitymap_set");
  }

  @Test
  void anUpdateClearsForBothPagesWhereTheyShareAPageOfTheMap() throws RedoException {
    DecodedXLogRecord same = update(3, 5, 6).block(2, VM, 0, NOTHING).decoded();
    OnePage page = OnePage.ofMap(HEEDS);
    page.redo(same, 2);
    assertThat(bits(page, 5) + bits(page, 6)).isZero();
    assertThat(page.lsn()).isEqualTo(same.endLsn());
    assertThat(implied(same, HEEDS)).isEmpty();
    assertThat(implied(same, HEEDS_NOT)).containsExactly("1 6 3", "0 5 3");

    DecodedXLogRecord apart =
        update(3, 5, HEAP_BLOCKS + 6).block(2, VM, 0, NOTHING).block(3, VM, 1, NOTHING).decoded();
    page = OnePage.ofMap(HEEDS);
    page.redo(apart, 2);
    assertThat(bits(page, 5)).isZero();
    assertThat(bits(page, 6)).isEqualTo(ALL);
    page = OnePage.ofMap(HEEDS);
    page.redo(apart, 3);
    assertThat(bits(page, 5)).isEqualTo(ALL);
    assertThat(bits(page, 6)).isZero();
  }

  @Test
  void anUpdateWithinAPageImpliesItForTheOldTuple() {
    DecodedXLogRecord record =
        heap(HeapRecord.HOT_UPDATE)
            .block(0, 0, 9, logged(0))
            .i32(800)
            .u16(1)
            .u8(0)
            .u8(1)
            .i32(0)
            .u16(2)
            .decoded();
    assertThat(implied(record, HEEDS)).containsExactly("0 9 3");
    assertThat(implied(record, HEEDS_NOT)).containsExactly("0 9 3");
  }

  @Test
  void withoutTheFlagNothingIsImplied() {
    assertThat(implied(insert(0).decoded(), HEEDS_NOT)).isEmpty();
    assertThat(implied(update(0, 1, 2).decoded(), HEEDS_NOT)).isEmpty();
    assertThat(implied(visible(ALL), HEEDS_NOT)).isEmpty();
    assertThat(
            new OnePage(HEEDS, false).passesOver(insert(0).block(1, VM, 0, NOTHING).decoded(), 1))
        .isTrue();
  }

  private static int bits(OnePage page, int heapBlock) {
    return VisibilityMapPage.status(page.frame.pool, Frame.PAGE, heapBlock);
  }

  private static List<String> implied(DecodedXLogRecord record, RedoProfile profile) {
    List<String> told = new ArrayList<>();
    VisibilityClears.<RuntimeException>forEach(
        record, profile, (id, heapBlock, bits) -> told.add(id + " " + heapBlock + " " + bits));
    return told;
  }

  private static DecodedXLogRecord visible(int flags) {
    return heap2(Heap2Record.VISIBLE)
        .block(0, VM, 1, NOTHING)
        .block(1, 0, HEAP_BLOCKS + 7, NOTHING)
        .i32(0)
        .u8(flags)
        .decoded();
  }

  private static CraftedRecord insert(int flags) {
    return heap(HeapRecord.INSERT).block(0, 0, 5, logged(0)).u16(1).u8(flags);
  }

  private static CraftedRecord update(int flags, int newBlock, int oldBlock) {
    return heap(HeapRecord.UPDATE)
        .block(0, 0, newBlock, logged(0))
        .block(1, 0, oldBlock, NOTHING)
        .i32(800)
        .u16(1)
        .u8(0)
        .u8(flags)
        .i32(0)
        .u16(1);
  }
}
