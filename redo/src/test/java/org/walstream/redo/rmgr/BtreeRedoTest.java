package org.walstream.redo.rmgr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.walstream.redo.rmgr.IndexFrame.PAGE;
import static org.walstream.redo.rmgr.IndexFrame.ints;
import static org.walstream.redo.rmgr.IndexFrame.join;
import static org.walstream.redo.rmgr.IndexFrame.plain;
import static org.walstream.redo.rmgr.IndexFrame.posting;
import static org.walstream.redo.rmgr.IndexFrame.shorts;

import org.junit.jupiter.api.Test;
import org.walstream.redo.RedoProfile;
import org.walstream.redo.page.CorruptPageException;
import org.walstream.wal.WalFormat;
import org.walstream.wal.crafted.CraftedRecord;
import org.walstream.wal.rmgr.BtreeRecord;
import org.walstream.wal.rmgr.Rmgr;

/// Bytes of B-tree pages that the consistency check does not look at, and those that its workload
/// does not come by; and records that contradict their page.
class BtreeRedoTest {

  private static final byte[] NOTHING = {};
  private static final int LEAF = 1;
  private static final int GARBAGE = 0x40;

  private final IndexFrame frame = new IndexFrame();

  @Test
  void aSplitLeavesAHoleOfZerosAndTheNewTupleInItsPlace() {
    fourTuples();
    var record =
        record(BtreeRecord.SPLIT_L)
            .block(0, 0, 7, join(plain(9, 25), plain(0, 30)))
            .block(1, 0, 8, NOTHING)
            .i32(0)
            .u16(3)
            .u16(3)
            .u16(0);
    assertThat(redo(record, 0)).isEqualTo(PageChange.LOGGED);
    assertThat(frame.items()).isEqualTo(4);
    assertThat(frame.item(1)).isEqualTo(plain(0, 30));
    assertThat(frame.item(2)).isEqualTo(plain(1, 10));
    assertThat(frame.item(3)).isEqualTo(plain(2, 20));
    assertThat(frame.item(4)).isEqualTo(plain(9, 25));
    assertThat(frame.holeBytesOtherThan(0)).isZero();
    assertThat(frame.special()).containsExactly(5, 8, 0, 0x80 | LEAF, 0);
  }

  @Test
  void aSplitOfAListWhoseLastRowGoesToTheRight() {
    leaf().add(plain(1, 10)).add(posting(20, 2, 4, 6, 8)).add(plain(3, 30));
    var record =
        record(BtreeRecord.SPLIT_R)
            .block(0, 0, 7, join(plain(5, 20), plain(0, 20)))
            .block(1, 0, 8, NOTHING)
            .i32(0)
            .u16(3)
            .u16(3)
            .u16(2);
    redo(record, 0);
    assertThat(frame.items()).isEqualTo(3);
    assertThat(frame.item(3)).isEqualTo(posting(20, 2, 4, 5, 6));
  }

  @Test
  void aSplitOfAListWhoseLastRowStaysOnTheLeft() {
    leaf().add(plain(1, 10)).add(posting(20, 2, 4, 6, 8)).add(plain(3, 30));
    var record =
        record(BtreeRecord.SPLIT_L)
            .block(0, 0, 7, join(plain(5, 20), plain(0, 30)))
            .block(1, 0, 8, NOTHING)
            .i32(0)
            .u16(3)
            .u16(3)
            .u16(2);
    redo(record, 0);
    assertThat(frame.items()).isEqualTo(4);
    assertThat(frame.item(3)).isEqualTo(posting(20, 2, 4, 5, 6));
    assertThat(frame.item(4)).isEqualTo(plain(8, 20));
  }

  @Test
  void theRightPageHasItsTuplesAsTheyStood() {
    var record =
        record(BtreeRecord.SPLIT_R)
            .block(0, 0, 7, NOTHING)
            .block(1, 0, 8, join(plain(3, 30), plain(2, 20)))
            .block(2, 0, 9, NOTHING)
            .i32(0)
            .u16(3)
            .u16(3)
            .u16(0);
    frame.empty(0x5A);
    redo(record, 1);
    assertThat(frame.item(1)).isEqualTo(plain(2, 20));
    assertThat(frame.item(2)).isEqualTo(plain(3, 30));
    assertThat(frame.special()).containsExactly(7, 9, 0, LEAF, 0);
    frame.empty(0).special(1, 2, 0, LEAF, 3);
    redo(record, 2);
    assertThat(frame.special()).containsExactly(8, 2, 0, LEAF, 3);
  }

  @Test
  void aRowAmongThoseOfAListTakesThePlaceOfTheLast() {
    leaf().add(posting(20, 2, 4, 6, 8));
    redo(record(BtreeRecord.INSERT_POST).block(0, 0, 7, join(shorts(1), plain(3, 20))).u16(2), 0);
    assertThat(frame.item(1)).isEqualTo(posting(20, 2, 3, 4, 6));
    assertThat(frame.item(2)).isEqualTo(plain(8, 20));
  }

  @Test
  void deduplicationLeavesAHoleOfZeros() {
    frame.empty(0x5A).special(5, 6, 0, LEAF | GARBAGE, 3);
    frame.add(plain(0, 99)).add(plain(1, 10)).add(plain(2, 20)).add(posting(20, 3, 4));
    frame.add(plain(5, 20)).add(plain(6, 30)).add(plain(7, 30));
    redo(record(BtreeRecord.DEDUP).block(0, 0, 7, shorts(3, 3, 6, 2)).u16(2), 0);
    assertThat(frame.items()).isEqualTo(4);
    assertThat(frame.item(1)).isEqualTo(plain(0, 99));
    assertThat(frame.item(2)).isEqualTo(plain(1, 10));
    assertThat(frame.item(3)).isEqualTo(posting(20, 2, 3, 4, 5));
    assertThat(frame.item(4)).isEqualTo(posting(30, 6, 7));
    assertThat(frame.holeBytesOtherThan(0)).isZero();
    assertThat(frame.special()).containsExactly(5, 6, 0, LEAF, 3);
  }

  @Test
  void listsThatLoseRowsShrinkAndTheHoleKeepsItsBytes() {
    leaf().add(posting(10, 1, 2, 3)).add(posting(20, 4, 5, 6)).add(plain(7, 30));
    byte[] deletions = shorts(3, 1, 2, 2, 0, 2, 1, 1);
    redo(record(BtreeRecord.VACUUM).block(0, 0, 7, deletions).u16(1).u16(2), 0);
    assertThat(frame.items()).isEqualTo(2);
    assertThat(frame.item(1)).isEqualTo(plain(2, 10));
    assertThat(frame.item(2)).isEqualTo(posting(20, 4, 6));
    assertThat(frame.u8(4000)).isEqualTo(0x5A);
  }

  @Test
  void theCycleIdGoesWithVacuumSincePostgres18AndNeverWithDelete() {
    for (WalFormat format : WalFormat.values()) {
      fourTuples();
      var vacuum = CraftedRecord.of(format, Rmgr.BTREE.id(), BtreeRecord.VACUUM);
      redo(format, vacuum.block(0, 0, 7, shorts(2)).u16(1).u16(0), 0);
      int left = format == WalFormat.PG_18 ? 0 : 77;
      assertThat(frame.special()).containsExactly(5, 0, 0, LEAF, left);
      fourTuples();
      var delete = CraftedRecord.of(format, Rmgr.BTREE.id(), BtreeRecord.DELETE);
      redo(format, delete.block(0, 0, 7, shorts(2)).i32(3).u16(1).u16(0).u8(0), 0);
      assertThat(frame.special()).containsExactly(5, 0, 0, LEAF, 77);
    }
  }

  @Test
  void aDeletedPageSaysSinceWhen() {
    frame.empty(0x5A);
    redo(unlink(0), 0);
    assertThat(frame.u16(12)).isEqualTo(32);
    assertThat(frame.u16(14)).isEqualTo(IndexFrame.SPECIAL);
    assertThat(frame.i64(24)).isEqualTo(0x1_0000_0003L);
    assertThat(frame.holeBytesOtherThan(0)).isZero();
    assertThat(frame.special()).containsExactly(4, 6, 0, 0x104 | LEAF, 0);
    redo(unlink(2), 0);
    assertThat(frame.special()).containsExactly(4, 6, 2, 0x104, 0);
  }

  @Test
  void aHalfDeadLeafSaysWhatGoesWithIt() {
    frame.empty(0x5A);
    redo(unlink(2), 3);
    assertThat(frame.items()).isEqualTo(1);
    assertThat(frame.item(1)).isEqualTo(shorts(0xFFFF, 0xFFFE, 0, 0x2008));
    assertThat(frame.special()).containsExactly(14, 16, 0, 0x11, 0);
  }

  @Test
  void aDownlinkIsTakenOverByTheNext() {
    frame.empty(0x5A).special(0, 0, 1, 2, 0);
    frame.add(pivot(11, 1)).add(pivot(12, 2)).add(pivot(13, 3));
    redo(
        record(BtreeRecord.MARK_PAGE_HALFDEAD)
            .block(1, 0, 3, NOTHING)
            .u16(1)
            .u16(0)
            .i32(11, 10, 12, -1),
        1);
    assertThat(frame.items()).isEqualTo(2);
    assertThat(frame.item(1)).isEqualTo(pivot(12, 1));
    assertThat(frame.item(2)).isEqualTo(pivot(13, 3));
  }

  @Test
  void aMetapageIsMadeAnew() {
    frame.empty(0x5A);
    redo(record(BtreeRecord.META_CLEANUP).block(0, 0, 0, ints(4, 3, 1, 5, 2, 9, 1)), 0);
    assertThat(frame.u16(12)).isEqualTo(24 + 48);
    assertThat(new int[] {frame.i32(24), frame.i32(28), frame.i32(32), frame.i32(36)})
        .containsExactly(0x053162, 4, 3, 1);
    assertThat(new int[] {frame.i32(40), frame.i32(44), frame.i32(48), frame.i32(52)})
        .containsExactly(5, 2, 9, 0);
    assertThat(Double.longBitsToDouble(frame.i64(56))).isEqualTo(-1.0);
    assertThat(frame.i64(64)).isEqualTo(1);
    assertThat(frame.special()).containsExactly(0, 0, 0, 8, 0);
  }

  @Test
  void recordsThatContradictTheirPage() {
    fourTuples();
    var insert = record(BtreeRecord.INSERT_LEAF).block(0, 0, 7, plain(1, 1)).u16(6);
    contradicts(insert, "failed to add new item");
    var post = record(BtreeRecord.INSERT_POST).block(0, 0, 7, join(shorts(1), plain(3, 20))).u16(2);
    contradicts(post, "posting list tuple with 1 items cannot be split at offset 1");
    fourTuples();
    contradicts(
        record(BtreeRecord.DEDUP).block(0, 0, 7, shorts(3, 3)).u16(1),
        "deduplication of 3 items at offset number 3");
    contradicts(
        record(BtreeRecord.DEDUP).block(0, 0, 7, shorts(9, 2)).u16(1),
        "deduplication of 2 items at offset number 9");
    contradicts(
        record(BtreeRecord.VACUUM).block(0, 0, 7, shorts(2, 1, 0)).u16(0).u16(1),
        "failed to update partially dead item at offset number 2");
    contradicts(
        record(BtreeRecord.VACUUM).block(0, 0, 7, NOTHING).u16(2).u16(0),
        "record without the items that it deletes");
    contradicts(
        record(BtreeRecord.SPLIT_R)
            .block(0, 0, 7, plain(0, 30))
            .block(1, 0, 8, NOTHING)
            .i32(0)
            .u16(6)
            .u16(6)
            .u16(0),
        "invalid offset number: 5");
    frame.pool.asSlice(PAGE, PAGE).fill((byte) 0);
    contradicts(
        record(BtreeRecord.DEDUP).block(0, 0, 7, shorts(3, 3)).u16(1),
        "corrupted page: special area at 0");
  }

  private void fourTuples() {
    leaf().add(plain(1, 10)).add(plain(2, 20)).add(plain(3, 30)).add(plain(4, 40));
  }

  /// The rightmost one, with garbage in its hole, dead items, and a VACUUM's cycle ID.
  private IndexFrame leaf() {
    return frame.empty(0x5A).special(5, 0, 0, LEAF | GARBAGE, 77);
  }

  private static byte[] pivot(int downlink, long key) {
    byte[] tuple = plain(0, key);
    tuple[2] = (byte) downlink;
    return tuple;
  }

  private static CraftedRecord unlink(int level) {
    return record(BtreeRecord.UNLINK_PAGE)
        .block(0, 0, 5, NOTHING)
        .block(3, 0, 15, NOTHING)
        .i32(4, 6, level, 0)
        .i64(0x1_0000_0003L)
        .i32(14, 16, -2);
  }

  private void contradicts(CraftedRecord record, String message) {
    assertThatThrownBy(() -> redo(record, 0))
        .isInstanceOf(CorruptPageException.class)
        .hasMessage(message);
    assertThat(frame.neighboursAreUntouched()).isTrue();
  }

  private static CraftedRecord record(int info) {
    return CraftedRecord.of(WalFormat.PG_18, Rmgr.BTREE.id(), info);
  }

  private PageChange redo(CraftedRecord record, int blockId) {
    return redo(WalFormat.PG_18, record, blockId);
  }

  private PageChange redo(WalFormat format, CraftedRecord record, int blockId) {
    return new BtreeRedo(RedoProfile.newest(format))
        .redo(Rmgr.interpret(record.decoded()), blockId, frame.pool, PAGE);
  }
}
