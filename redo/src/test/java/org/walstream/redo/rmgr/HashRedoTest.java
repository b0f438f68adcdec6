package org.walstream.redo.rmgr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.walstream.redo.rmgr.IndexFrame.PAGE;
import static org.walstream.redo.rmgr.IndexFrame.ints;
import static org.walstream.redo.rmgr.IndexFrame.join;
import static org.walstream.redo.rmgr.IndexFrame.plain;
import static org.walstream.redo.rmgr.IndexFrame.shorts;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.walstream.redo.RedoProfile;
import org.walstream.redo.page.CorruptPageException;
import org.walstream.redo.page.PageBytes;
import org.walstream.wal.WalFormat;
import org.walstream.wal.crafted.CraftedRecord;
import org.walstream.wal.rmgr.HashRecord;
import org.walstream.wal.rmgr.Rmgr;
import org.walstream.wal.rmgr.WalRecord;

/// Bytes of a hash index's pages that the consistency check does not look at, blocks that no
/// workload has, when a page's LSN stays; and records that contradict their page.
class HashRedoTest {

  private static final byte[] NOTHING = {};
  private static final int PAGE_ID = 0xFF80;

  private final IndexFrame frame = new IndexFrame();

  @Test
  void pagesThatAreOnlyLockedStayAsTheyAre() {
    bucket();
    byte[] before = frame.bytes();
    for (CraftedRecord record :
        List.of(
            record(HashRecord.MOVE_PAGE_CONTENTS).block(0, 0, 1, NOTHING).u16(0).u8(0),
            squeeze(WalFormat.PG_18, 0, false),
            record(HashRecord.DELETE).block(0, 0, 1, NOTHING).u8(1).u8(0))) {
      assertThat(redo(record, 0)).isEqualTo(PageChange.NONE);
    }
    assertThat(frame.bytes()).isEqualTo(before);
  }

  @Test
  void aPageThatNothingMovesToKeepsItsLsnSincePostgres17() {
    bucket();
    byte[] before = frame.bytes();
    assertThat(redo(WalFormat.PG_15, squeeze(WalFormat.PG_15, 0, false), 1))
        .isEqualTo(PageChange.LOGGED);
    assertThat(redo(WalFormat.PG_16, squeeze(WalFormat.PG_16, 0, false), 1))
        .isEqualTo(PageChange.LOGGED);
    assertThat(redo(WalFormat.PG_17, squeeze(WalFormat.PG_17, 0, false), 1))
        .isEqualTo(PageChange.NONE);
    assertThat(redo(squeeze(WalFormat.PG_18, 0, false), 1)).isEqualTo(PageChange.NONE);
    assertThat(frame.bytes()).isEqualTo(before);
    assertThat(redo(squeeze(WalFormat.PG_18, 0, true), 1)).isEqualTo(PageChange.LOGGED);
    assertThat(frame.special()).containsExactly(3, 22, 1, 0x82, PAGE_ID);
  }

  @Test
  void aFreedPageIsUnusedAndItsNeighboursAreLinked() {
    bucket();
    redo(squeeze(WalFormat.PG_18, 0, false), 3);
    assertThat(frame.special()).containsExactly(3, 22, 1, 0x82, PAGE_ID);
    redo(squeeze(WalFormat.PG_18, 0, false), 4);
    assertThat(frame.special()).containsExactly(20, 22, 1, 0x82, PAGE_ID);
    redo(squeeze(WalFormat.PG_18, 0, false), 2);
    assertThat(frame.items()).isZero();
    assertThat(frame.holeBytesOtherThan(0)).isZero();
    assertThat(frame.special()).containsExactly(-1, -1, -1, 0, PAGE_ID);
    bucket();
    assertThat(redo(squeeze(WalFormat.PG_18, 0, true), 3)).isEqualTo(PageChange.NONE);
  }

  @Test
  void bucketsGetTheirFlagsThoughRestored() {
    bucket();
    var allocate =
        record(HashRecord.SPLIT_ALLOCATE_PAGE)
            .block(0, 0, 1, NOTHING)
            .block(1, 0, 5, NOTHING)
            .i32(9)
            .u16(0x22)
            .u16(0x12)
            .u8(0);
    assertThat(afterImage(allocate, 0)).isEqualTo(PageChange.LOGGED);
    assertThat(frame.special()).containsExactly(9, 4, 1, 0x22, PAGE_ID);
    assertThat(afterImage(allocate, 2)).isEqualTo(PageChange.NONE);
    var complete =
        record(HashRecord.SPLIT_COMPLETE)
            .block(0, 0, 1, NOTHING)
            .block(1, 0, 5, NOTHING)
            .u16(0x42)
            .u16(0x02);
    assertThat(afterImage(complete, 0)).isEqualTo(PageChange.LOGGED);
    assertThat(frame.special()).containsExactly(9, 4, 1, 0x42, PAGE_ID);
    assertThat(afterImage(complete, 1)).isEqualTo(PageChange.LOGGED);
    assertThat(frame.special()).containsExactly(9, 4, 1, 0x02, PAGE_ID);
    var insert = record(HashRecord.INSERT).block(0, 0, 1, plain(1, 1)).u16(1);
    assertThat(afterImage(insert, 0)).isEqualTo(PageChange.NONE);
  }

  @Test
  void aSecondBitmapIsAnOverflowPageItself() {
    var add =
        record(HashRecord.ADD_OVFL_PAGE)
            .block(3, 0, 99, NOTHING)
            .block(4, 0, 0, ints(32768))
            .u16(4096)
            .u8(0);
    frame.empty(0x5A);
    redo(add, 3);
    assertThat(frame.u16(12)).isEqualTo(24 + 4096);
    assertThat(new int[] {frame.u8(24), frame.u8(24 + 4095), frame.u8(24 + 4096)})
        .containsExactly(0xFF, 0xFF, 0);
    assertThat(frame.special()).containsExactly(-1, -1, -1, 4, PAGE_ID);
    metapage();
    redo(add, 4);
    assertThat(frame.i32(24 + 40)).isEqualTo(32768);
    assertThat(frame.i32(24 + 44)).isEqualTo(1);
    assertThat(frame.i32(24 + 52 + 4)).isEqualTo(3);
    assertThat(frame.i32(24 + 444)).isEqualTo(99);
  }

  @Test
  void aMetapageForManyTuples() {
    var init = record(HashRecord.INIT_META_PAGE).block(0, 0, 0, NOTHING);
    init.i64(Double.doubleToRawLongBits(200_000.0)).i32(450).u16(307);
    redo(init, 0);
    assertThat(frame.u16(12)).isEqualTo(24 + 4544);
    assertThat(frame.i32(24)).isEqualTo(0x06440640);
    assertThat(frame.i32(28)).isEqualTo(4);
    assertThat(new int[] {frame.u16(40), frame.u16(42), frame.u16(44), frame.u16(46)})
        .containsExactly(307, 8152, 4096, 15);
    assertThat(new int[] {frame.i32(48), frame.i32(52), frame.i32(56), frame.i32(60)})
        .containsExactly(767, 1023, 511, 11);
    assertThat(new int[] {frame.i32(64), frame.i32(68), frame.i32(72), frame.i32(76 + 44)})
        .containsExactly(0, 0, 450, 1);
    redo(record(HashRecord.INIT_BITMAP_PAGE).block(1, 0, 0, NOTHING).u16(4096), 1);
    assertThat(frame.i32(24 + 44)).isEqualTo(1);
    assertThat(frame.i32(24 + 444)).isEqualTo(769);
  }

  @Test
  void bitsOfABitmap() {
    frame.empty(0);
    frame.special(-1, -1, -1, 4, PAGE_ID);
    redo(record(HashRecord.ADD_OVFL_PAGE).block(2, 0, 7, ints(37)).u16(4096).u8(1), 2);
    assertThat(frame.i32(28)).isEqualTo(32);
    redo(squeezeOf(37), 5);
    assertThat(frame.i32(28)).isZero();
    assertThatThrownBy(() -> redo(squeezeOf(8 * 8152), 5))
        .isInstanceOf(CorruptPageException.class)
        .hasMessage("invalid overflow bit number 65216");
    assertThatThrownBy(() -> redo(squeezeOf(-1), 5))
        .hasMessage("invalid overflow bit number 4294967295");
  }

  @Test
  void tuplesThatMoveAndThoseThatGo() {
    bucket();
    byte[] moved = join(shorts(1, 4), plain(7, 5), plain(8, 50));
    var move =
        record(HashRecord.MOVE_PAGE_CONTENTS)
            .block(1, 0, 1, moved)
            .block(2, 0, 2, shorts(1, 3))
            .u16(2)
            .u8(1);
    assertThat(redo(move, 1)).isEqualTo(PageChange.LOGGED);
    assertThat(frame.item(1)).isEqualTo(plain(7, 5));
    assertThat(frame.item(2)).isEqualTo(plain(1, 10));
    assertThat(frame.item(4)).isEqualTo(plain(8, 50));
    assertThat(redo(move, 2)).isEqualTo(PageChange.LOGGED);
    assertThat(frame.items()).isEqualTo(2);
    assertThat(frame.item(2)).isEqualTo(plain(8, 50));
  }

  @Test
  void recordsThatContradictTheirPage() {
    bucket();
    contradicts(
        record(HashRecord.INSERT).block(0, 0, 1, plain(1, 1)).u16(4),
        0,
        "hash_xlog_insert: failed to add item");
    contradicts(
        record(HashRecord.MOVE_PAGE_CONTENTS)
            .block(1, 0, 1, join(shorts(9), plain(7, 5)))
            .u16(1)
            .u8(1),
        1,
        "failed to add item to hash index page, size 16 bytes");
    contradicts(
        record(HashRecord.SPLIT_PAGE).block(0, 0, 1, NOTHING),
        0,
        "Hash split record did not contain a full-page image");
    contradicts(
        record(HashRecord.DELETE).block(1, 0, 1, shorts(1, 2, 3)).u8(0).u8(1),
        1,
        "incorrect index offsets supplied");
    metapage();
    var split = record(HashRecord.SPLIT_ALLOCATE_PAGE).block(2, 0, 0, ints(98, 1));
    contradicts(split.i32(9).u16(0).u16(0).u8(2), 2, "invalid split point 98");
  }

  private IndexFrame bucket() {
    frame.empty(0x5A).special(3, 4, 1, 0x82, PAGE_ID);
    return frame.add(plain(1, 10)).add(plain(2, 20));
  }

  private void metapage() {
    frame.empty(0).special(-1, -1, -1, 8, PAGE_ID);
    PageBytes.putI32(frame.pool, PAGE + 24 + 36, 1);
    PageBytes.putI32(frame.pool, PAGE + 24 + 52 + 4, 1);
  }

  private static CraftedRecord squeeze(WalFormat format, int ntups, boolean precedes) {
    return CraftedRecord.of(format, Rmgr.HASH.id(), HashRecord.SQUEEZE_PAGE)
        .block(1, 0, 1, NOTHING)
        .i32(20, 22)
        .u16(ntups)
        .u8(precedes ? 0 : 1)
        .u8(precedes ? 1 : 0);
  }

  private static CraftedRecord squeezeOf(int bit) {
    return record(HashRecord.SQUEEZE_PAGE).block(5, 0, 7, ints(bit)).i32(1, 2).u16(0).u16(0);
  }

  private void contradicts(CraftedRecord record, int blockId, String message) {
    assertThatThrownBy(() -> redo(record, blockId))
        .isInstanceOf(CorruptPageException.class)
        .hasMessage(message);
    assertThat(frame.neighboursAreUntouched()).isTrue();
  }

  private static CraftedRecord record(int info) {
    return CraftedRecord.of(WalFormat.PG_18, Rmgr.HASH.id(), info);
  }

  private PageChange redo(CraftedRecord record, int blockId) {
    return redo(WalFormat.PG_18, record, blockId);
  }

  private PageChange redo(WalFormat format, CraftedRecord record, int blockId) {
    return redo(format).redo(interpreted(record), blockId, frame.pool, PAGE);
  }

  private PageChange afterImage(CraftedRecord record, int blockId) {
    return redo(WalFormat.PG_18).afterImage(interpreted(record), blockId, frame.pool, PAGE);
  }

  private static HashRedo redo(WalFormat format) {
    return new HashRedo(RedoProfile.newest(format));
  }

  private static WalRecord interpreted(CraftedRecord record) {
    return Rmgr.interpret(record.decoded());
  }
}
