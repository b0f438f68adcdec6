package org.walstream.redo.rmgr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.walstream.redo.rmgr.OnePage.HEEDS;
import static org.walstream.redo.rmgr.OnePage.heap;
import static org.walstream.redo.rmgr.OnePage.heap2;
import static org.walstream.redo.rmgr.OnePage.logged;

import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.walstream.redo.RedoException;
import org.walstream.redo.RedoProfile;
import org.walstream.redo.page.Frame;
import org.walstream.redo.page.PageHeader;
import org.walstream.wal.WalFormat;
import org.walstream.wal.crafted.CraftedRecord;
import org.walstream.wal.record.BlockReference;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.rmgr.Heap2Record;
import org.walstream.wal.rmgr.HeapRecord;
import org.walstream.wal.rmgr.Rmgr;

class HeapRedoTest {

  private static final int BLOCK = 0x10002;
  private static final byte[] NOTHING = {};

  @Test
  void insertionLeavesThePaddingBehindTheTuple() throws RedoException {
    OnePage page = OnePage.ofTable(HEEDS, 0);
    int upper = PageHeader.upper(page.frame.pool, Frame.PAGE);
    page.frame.pool.asSlice(Frame.PAGE + upper - 32, 32).fill((byte) 0x77);
    DecodedXLogRecord record =
        heap(HeapRecord.INSERT).block(0, 0, BLOCK, logged(0, 9, 9)).u16(1).u8(1).decoded();
    assertThat(page.redo(record, 0)).isEqualTo(RedoAction.NEEDS_REDO);
    assertThat(page.xmin(1)).isEqualTo(record.xid());
    assertThat(page.xmax(1)).isZero();
    assertThat(page.cid(1)).isZero();
    assertThat(page.infomask(1)).isEqualTo(0x0800);
    assertThat(page.infomask2(1)).isEqualTo(2);
    assertThat(page.ctid(1)).isEqualTo("10002/1");
    assertThat(page.allVisible()).isFalse();
    assertThat(page.lsn()).isEqualTo(record.endLsn());
    byte[] item = page.frame.pool.asSlice(page.tuple(1), 32).toArray(ValueLayout.JAVA_BYTE);
    assertThat(Arrays.copyOfRange(item, 22, 32))
        .containsExactly(24, 0, 9, 9, 0x77, 0x77, 0x77, 0x77, 0x77, 0x77);
  }

  @Test
  void aPageThatHasItAlreadyStaysAsItIs() throws RedoException {
    OnePage page = OnePage.ofTable(HEEDS, 1);
    PageHeader.putLsn(page.frame.pool, Frame.PAGE, delete(0, 0).endLsn());
    byte[] before = page.frame.bytes();
    assertThat(page.redo(delete(0, 0), 0)).isEqualTo(RedoAction.DONE);
    assertThat(page.redo.changed()).isFalse();
    assertThat(page.frame.bytes()).isEqualTo(before);
  }

  @Test
  void deletionSaysWhoAndNothingElse() throws RedoException {
    OnePage page = OnePage.ofTable(HEEDS, 1);
    DecodedXLogRecord record = delete(HeapRecord.XLHL_KEYS_UPDATED, 1);
    page.redo(record, 0);
    assertThat(page.xmax(1)).isEqualTo(800);
    assertThat(page.xmin(1)).isEqualTo(0xEEEEEEEE);
    assertThat(page.cid(1)).isZero();
    assertThat(page.infomask(1)).isEqualTo(0x030C);
    assertThat(page.infomask2(1)).isEqualTo(0xA003);
    assertThat(page.ctid(1)).isEqualTo("10002/1");
    assertThat(page.allVisible()).isFalse();
    assertThat(PageHeader.pruneXid(page.frame.pool, Frame.PAGE)).isEqualTo(record.xid());
  }

  @Test
  void superDeletionTakesXminAndAMoveTheTid() throws RedoException {
    OnePage page = OnePage.ofTable(HEEDS, 1);
    page.redo(delete(0, HeapRecord.Delete.XLH_DELETE_IS_SUPER), 0);
    assertThat(page.xmin(1)).isZero();
    assertThat(page.xmax(1)).isEqualTo(0xEEEEEEEE);
    assertThat(page.allVisible()).isTrue();
    page = OnePage.ofTable(HEEDS, 1);
    page.redo(delete(0, HeapRecord.Delete.XLH_DELETE_IS_PARTITION_MOVE), 0);
    assertThat(page.ctid(1)).isEqualTo("FFFFFFFF/FFFD");
  }

  @Test
  void aLockEndsTheChainOnlyIfItIsNoUpdate() throws RedoException {
    OnePage page = OnePage.ofTable(HEEDS, 1);
    page.redo(lock(heap(HeapRecord.LOCK), HeapRecord.XLHL_XMAX_IS_MULTI), 0);
    assertThat(page.ctid(1)).isEqualTo("EEEEEEEE/EEEE");
    assertThat(page.infomask2(1)).isEqualTo(0xC003);
    assertThat(page.infomask(1)).isEqualTo(0x130C);
    page = OnePage.ofTable(HEEDS, 1);
    page.redo(lock(heap(HeapRecord.LOCK), HeapRecord.XLHL_XMAX_EXCL_LOCK), 0);
    assertThat(page.ctid(1)).isEqualTo("10002/1");
    assertThat(page.infomask2(1)).isEqualTo(0x8003);
    assertThat(page.xmax(1)).isEqualTo(800);
    assertThat(page.cid(1)).isZero();
    assertThat(page.allVisible()).isTrue();
  }

  @Test
  void aLockOfALaterVersionLeavesCommandAndChain() throws RedoException {
    OnePage page = OnePage.ofTable(HEEDS, 1);
    page.redo(lock(heap2(Heap2Record.LOCK_UPDATED), HeapRecord.XLHL_XMAX_LOCK_ONLY), 0);
    assertThat(page.ctid(1)).isEqualTo("EEEEEEEE/EEEE");
    assertThat(page.infomask2(1)).isEqualTo(0xC003);
    assertThat(page.infomask(1)).isEqualTo(0x03AC);
    assertThat(page.cid(1)).isEqualTo(0xEEEEEEEE);
    assertThat(page.xmax(1)).isEqualTo(800);
  }

  @Test
  void anUpdateTakesPrefixAndSuffixFromTheOldTuple() throws RedoException {
    OnePage page = OnePage.ofTable(HEEDS, 1);
    var data = ByteBuffer.allocate(4 + 8).order(ByteOrder.LITTLE_ENDIAN);
    data.putShort((short) 3).putShort((short) 2).put(logged(7, 1, 1));
    int flags = 0x01 | 0x20 | 0x40;
    DecodedXLogRecord record = update(HeapRecord.HOT_UPDATE, flags, data.array());
    page.redo(record, 0);
    byte[] item = page.frame.pool.asSlice(page.tuple(2), 31).toArray(ValueLayout.JAVA_BYTE);
    byte ee = (byte) 0xEE;
    assertThat(Arrays.copyOfRange(item, 22, 31)).containsExactly(24, 7, ee, ee, ee, 1, 1, ee, ee);
    assertThat(page.xmax(2)).isEqualTo(900);
    assertThat(page.ctid(1)).isEqualTo("10002/2");
    assertThat(page.ctid(2)).isEqualTo("10002/2");
    assertThat(page.infomask2(1)).isEqualTo(0xC003);
    assertThat(page.allVisible()).isFalse();
    assertThat(page.redo.freeSpace()).isEqualTo(-1);
  }

  @Test
  void aPrefixLongerThanTheOldTupleIsNone() {
    OnePage page = OnePage.ofTable(HEEDS, 1);
    var data = ByteBuffer.allocate(2 + 6).order(ByteOrder.LITTLE_ENDIAN);
    data.putShort((short) 9).put(logged(7));
    assertThatThrownBy(() -> page.redo(update(HeapRecord.UPDATE, 0x20, data.array()), 0))
        .hasMessageContaining("no 9 and 0 bytes in an old tuple of 32");
  }

  @Test
  void freezingMayGiveATupleAnXvac() throws RedoException {
    var plans = ByteBuffer.allocate(4 + 12 + 2).order(ByteOrder.LITTLE_ENDIAN);
    plans
        .putInt(1)
        .putInt(0)
        .putShort((short) 5)
        .putShort((short) 0x0B00)
        .put((byte) 2)
        .put((byte) 0);
    plans.putShort((short) 1).putShort((short) 1);
    OnePage page = OnePage.ofTable(HEEDS, 1);
    DecodedXLogRecord record =
        heap2(Heap2Record.PRUNE_VACUUM_SCAN)
            .block(0, 0, BLOCK, plans.array())
            .u8(0)
            .u8(0x10)
            .decoded();
    page.redo(record, 0);
    assertThat(page.cid(1)).isEqualTo(2);
    assertThat(page.xmax(1)).isZero();
    assertThat(page.infomask(1)).isEqualTo(0x0B00);
    assertThat(page.infomask2(1)).isEqualTo(5);
    assertThat(page.redo.freeSpace()).isEqualTo(-1);
  }

  @Test
  void freeSpaceIsToldWhenLittleIsLeftOrSomeWasFreed() throws RedoException {
    OnePage page = OnePage.ofTable(HEEDS, 1);
    DecodedXLogRecord insert =
        heap(HeapRecord.INSERT).block(0, 0, BLOCK, logged(0)).u16(2).u8(0).decoded();
    page.redo(insert, 0);
    assertThat(page.redo.freeSpace()).isEqualTo(-1);
    page = OnePage.ofTable(HEEDS, 1);
    page.addTuple(2, 6500);
    insert = heap(HeapRecord.INSERT).block(0, 0, BLOCK, logged(0)).u16(3).u8(0).decoded();
    page.redo(insert, 0);
    assertThat(page.redo.freeSpace()).isEqualTo(8192 - 24 - 32 - 6504 - 24 - 3 * 4 - 4);
    page.redo(insert, 0);
    assertThat(page.redo.freeSpace()).as("done already").isEqualTo(-1);

    DecodedXLogRecord prune =
        heap2(Heap2Record.PRUNE_ON_ACCESS)
            .block(0, 0, BLOCK, new byte[] {1, 0, 2, 0})
            .u8(0)
            .u8(0x84)
            .decoded();
    PageHeader.putLsn(page.frame.pool, Frame.PAGE, 0);
    page.redo(prune, 0);
    int free = 8192 - 24 - 32 - 24 - 3 * 4 - 4;
    assertThat(page.redo.freeSpace()).isEqualTo(free);
    assertThat(page.redo(prune, 0)).isEqualTo(RedoAction.DONE);
    assertThat(page.redo.freeSpace()).isEqualTo(free);
  }

  @Test
  void onlyTwoVersionsHeedFrozenInsertions() throws RedoException {
    for (WalFormat format : WalFormat.values()) {
      OnePage page = OnePage.ofTable(RedoProfile.newest(format), 0);
      PageHeader.clear(page.frame.pool, Frame.PAGE, PageHeader.ALL_VISIBLE);
      page.redo(
          CraftedRecord.of(format, Rmgr.HEAP.id(), HeapRecord.INSERT)
              .block(0, 0, BLOCK, logged(0))
              .u16(1)
              .u8(0x20)
              .decoded(),
          0);
      assertThat(page.allVisible())
          .isEqualTo(format == WalFormat.PG_16 || format == WalFormat.PG_17);
    }
  }

  @Test
  void whatDoesNotFitIsSaidInPostgresWords() {
    OnePage page = OnePage.ofTable(HEEDS, 1);
    fails(page, heap(HeapRecord.CONFIRM).block(0, 0, 1, NOTHING).u16(2), "invalid lp");
    fails(page, heap(HeapRecord.CONFIRM).block(0, 0, 1, NOTHING).u16(0), "invalid lp");
    fails(
        page,
        heap(HeapRecord.INSERT).block(0, 0, 1, logged(0)).u16(3).u8(0),
        "invalid max offset number");
    fails(
        page,
        heap(HeapRecord.INSERT).block(0, 0, 1, logged(0)).u16(1).u8(0),
        "failed to add tuple");
    fails(
        page,
        heap(HeapRecord.INSERT)
            .block(0, BlockReference.BKPBLOCK_WILL_INIT, 1, logged(0))
            .u16(1)
            .u8(0),
        "must be zeroed by redo routine");
    fails(
        page,
        heap(HeapRecord.INPLACE).block(0, 0, 1, new byte[9]).u16(1).zeros(18),
        "wrong tuple length");
    fails(
        page,
        heap2(Heap2Record.MULTI_INSERT | HeapRecord.XLOG_HEAP_INIT_PAGE)
            .block(0, BlockReference.BKPBLOCK_WILL_INIT, 1, new byte[11])
            .u16(0)
            .u16(1),
        "total tuple length mismatch");
  }

  private static void fails(OnePage page, CraftedRecord record, String message) {
    assertThatThrownBy(() -> page.redo(record.decoded(), 0))
        .isInstanceOf(RedoException.class)
        .hasMessageContaining(message);
  }

  private static DecodedXLogRecord delete(int infobits, int flags) {
    return heap(HeapRecord.DELETE)
        .block(0, 0, BLOCK, NOTHING)
        .i32(800)
        .u16(1)
        .u8(infobits)
        .u8(flags)
        .decoded();
  }

  private static DecodedXLogRecord lock(CraftedRecord record, int infobits) {
    return record.block(0, 0, BLOCK, NOTHING).i32(800).u16(1).u8(infobits).u8(1).decoded();
  }

  private static DecodedXLogRecord update(int info, int flags, byte[] data) {
    return heap(info)
        .block(0, 0, BLOCK, data)
        .i32(800)
        .u16(1)
        .u8(0)
        .u8(flags)
        .i32(900)
        .u16(2)
        .decoded();
  }
}
