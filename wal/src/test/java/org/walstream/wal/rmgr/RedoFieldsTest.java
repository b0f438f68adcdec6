package org.walstream.wal.rmgr;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.walstream.wal.WalFormat;
import org.walstream.wal.crafted.CraftedRecord;
import org.walstream.wal.record.RecordBytes;

/// What redo reads of records and no description prints: arrays, tuples and numbers, each where
/// PostgreSQL's structs have it.
class RedoFieldsTest {

  @Test
  void btreeSplitHasTheNewTupleAndTheHighKeyOfTheLeftPage() {
    Data left = new Data().indexTuple(0x4000, 12).zeros(4).indexTuple(0, 24);
    var split =
        known(
            BtreeRecord.Split.of(
                of(Rmgr.BTREE, BtreeRecord.SPLIT_L)
                    .block(0, 0, 1, left.bytes())
                    .block(1, 0, 2, new byte[48])
                    .i32(1)
                    .u16(3)
                    .u16(2)
                    .u16(0)
                    .decoded()));
    assertThat(split.hasNewitem()).isTrue();
    assertThat(IndexTuple.size(split.left(), split.newitemAt())).isEqualTo(12);
    assertThat(IndexTuple.tInfo(split.left(), split.newitemAt())).isEqualTo(0x400C);
    assertThat(split.leftHighKeyAt()).isEqualTo(16);
    assertThat(IndexTuple.size(split.left(), split.leftHighKeyAt())).isEqualTo(24);
    assertThat(split.rightTuples().length()).isEqualTo(48);
    var right =
        known(
            BtreeRecord.Split.of(
                of(Rmgr.BTREE, BtreeRecord.SPLIT_R)
                    .block(0, 0, 1, new Data().indexTuple(0, 24).bytes())
                    .i32(0)
                    .u16(3)
                    .u16(5)
                    .u16(0)
                    .decoded()));
    assertThat(right.hasNewitem()).isFalse();
    assertThat(right.leftHighKeyAt()).isZero();
  }

  @Test
  void btreeDedupAndDeletionsTellEachPart() {
    var dedup =
        known(
            BtreeRecord.Dedup.of(
                of(Rmgr.BTREE, BtreeRecord.DEDUP)
                    .block(0, 0, 1, new Data().u16(1, 3, 7, 5).bytes())
                    .u16(2)
                    .decoded()));
    assertThat(array(2, dedup::baseoff)).containsExactly(1, 7);
    assertThat(array(2, dedup::nitems)).containsExactly(3, 5);
    var vacuum =
        known(
            BtreeRecord.Vacuum.of(
                of(Rmgr.BTREE, BtreeRecord.VACUUM)
                    .block(0, 0, 1, new Data().u16(4, 6, 9, 2, 0, 3).bytes())
                    .u16(2)
                    .u16(1)
                    .decoded()));
    BtreeDeletions deletions = vacuum.deletions();
    assertThat(array(2, deletions::deleted)).containsExactly(4, 6);
    assertThat(deletions.updated(0)).isEqualTo(9);
    int update = deletions.firstUpdateAt();
    assertThat(array(deletions.ndeletedtids(update), i -> deletions.ptid(update, i)))
        .containsExactly(0, 3);
  }

  @Test
  void hashTellsWhereTuplesGoAndWhichPagesAreTouched() {
    Data moved = new Data().u16(5, 8).indexTuple(0, 16).indexTuple(0, 16);
    var move =
        known(
            HashRecord.of(
                of(Rmgr.HASH, HashRecord.MOVE_PAGE_CONTENTS)
                    .block(1, 0, 1, moved.bytes())
                    .block(2, 0, 2, new Data().u16(1, 2, 3).bytes())
                    .u16(2)
                    .u8(1)
                    .decoded()));
    assertThat(move)
        .isInstanceOfSatisfying(
            HashRecord.MovePageContents.class,
            record -> {
              assertThat(array(2, record::offset)).containsExactly(5, 8);
              assertThat(IndexTuple.size(record.moved(), record.tuplesAt())).isEqualTo(16);
              assertThat(array(record.ndeleted(), record::deleted)).containsExactly(1, 2, 3);
            });
    var split =
        known(
            HashRecord.SplitAllocatePage.of(
                of(Rmgr.HASH, HashRecord.SPLIT_ALLOCATE_PAGE)
                    .block(2, 0, 0, new Data().i32(3, 7, 2, 9).bytes())
                    .i32(4)
                    .u16(0x22)
                    .u16(0x12)
                    .u8(3)
                    .decoded()));
    assertThat(new int[] {split.lowmask(), split.highmask(), split.ovflpoint(), split.spares()})
        .containsExactly(3, 7, 2, 9);
    var squeeze =
        known(
            HashRecord.of(
                of(Rmgr.HASH, HashRecord.SQUEEZE_PAGE)
                    .block(5, 0, 3, new Data().i32(17).bytes())
                    .i32(1, 2)
                    .u16(0)
                    .u16(0)
                    .decoded()));
    assertThat(squeeze)
        .isInstanceOfSatisfying(
            HashRecord.SqueezePage.class,
            record -> {
              assertThat(record.bitmapBit()).isEqualTo(17);
              assertThat(record.hasFirstfree()).isFalse();
              assertThat(record.moved().length()).isZero();
            });
  }

  @Test
  void ginTellsSegmentsAndItems() {
    Data leaf =
        new Data()
            .u16(3)
            .u8(0, GinRecompression.GIN_SEGMENT_REPLACE)
            .zeros(6)
            .u16(3)
            .u8(1, 2, 3, 0)
            .u8(2, GinRecompression.GIN_SEGMENT_ADDITEMS)
            .u16(1, 0, 70, 9)
            .u8(4, GinRecompression.GIN_SEGMENT_DELETE);
    var vacuum =
        known(
            GinRecord.VacuumDataLeafPage.of(
                of(Rmgr.GIN, GinRecord.VACUUM_DATA_LEAF_PAGE)
                    .block(0, 0, 1, leaf.bytes())
                    .decoded()));
    GinRecompression actions = vacuum.recompression();
    int replace = GinRecompression.FIRST_ACTION;
    assertThat(actions.segmentAt(replace)).isEqualTo(4);
    assertThat(actions.nbytes(replace)).isEqualTo(3);
    assertThat(actions.segmentLength(replace)).isEqualTo(12);
    assertThat(actions.bytes().u8(actions.bytesAt(replace))).isEqualTo(1);
    int add = actions.after(replace);
    assertThat(actions.segno(add)).isEqualTo(2);
    assertThat(actions.nitems(add)).isEqualTo(1);
    assertThat(Tid.block(actions.bytes(), actions.itemsAt(add))).isEqualTo(70);
    assertThat(Tid.offset(actions.bytes(), actions.itemsAt(add))).isEqualTo(9);
    assertThat(actions.type(actions.after(add))).isEqualTo(GinRecompression.GIN_SEGMENT_DELETE);
  }

  @Test
  void gistTellsThePagesOfASplitAndWhatIsDeleted() {
    var split =
        known(
            GistRecord.PageSplit.of(
                of(Rmgr.GIST, GistRecord.PAGE_SPLIT)
                    .block(1, 0, 1, new Data().i32(1).indexTuple(0, 16).bytes())
                    .block(2, 0, 2, new Data().i32(2).zeros(32).bytes())
                    .i64(7)
                    .i64(0x1234)
                    .u16(1)
                    .u16(2)
                    .i32(1)
                    .decoded()));
    assertThat(array(2, i -> split.ntuples(i + 1))).containsExactly(1, 2);
    assertThat(IndexTuple.size(split.page(1), split.tuplesAt())).isEqualTo(16);
    var update =
        known(
            GistRecord.PageUpdate.of(
                of(Rmgr.GIST, GistRecord.PAGE_UPDATE)
                    .block(0, 0, 1, new Data().u16(4, 2).indexTuple(0, 16).bytes())
                    .u16(2)
                    .u16(1)
                    .decoded()));
    assertThat(array(2, update::todelete)).containsExactly(4, 2);
    assertThat(IndexTuple.size(update.change(), update.tuplesAt())).isEqualTo(16);
  }

  @Test
  void spgistTellsArraysAndTuples() {
    var pick =
        known(
            SpgistRecord.PickSplit.of(
                of(Rmgr.SPGIST, SpgistRecord.PICKSPLIT)
                    .u16(0)
                    .u16(2)
                    .u16(3)
                    .zeros(14)
                    .i32(700, 1)
                    .bytes(new Data().u16(8, 9, 1, 2, 3).u8(0, 1, 1).bytes())
                    .bytes(new Data().i32(0).u16(8).zeros(2).bytes())
                    .bytes(new Data().i32(12 << 2).zeros(8).bytes())
                    .decoded()));
    assertThat(array(2, pick::toDelete)).containsExactly(8, 9);
    assertThat(array(3, pick::toInsert)).containsExactly(1, 2, 3);
    assertThat(array(3, pick::leafPageSelect)).containsExactly(0, 1, 1);
    assertThat(pick.redirectXid()).isEqualTo(700);
    assertThat(pick.isBuild()).isTrue();
    RecordBytes main = pick.record().main();
    assertThat(SpgistRecord.innerTupleSize(main, pick.innerTupleAt())).isEqualTo(8);
    assertThat(SpgistRecord.leafTupleSize(main, pick.leafTuplesAt())).isEqualTo(12);
    assertThat(pick.leafTuplesAt() + 12).isEqualTo(main.length());
    var vacuum =
        known(
            SpgistRecord.VacuumLeaf.of(
                of(Rmgr.SPGIST, SpgistRecord.VACUUM_LEAF)
                    .u16(1)
                    .u16(2)
                    .u16(1)
                    .u16(2)
                    .i64(0)
                    .bytes(new Data().u16(1, 2, 3, 4, 5, 6, 7, 8, 9).bytes())
                    .decoded()));
    assertThat(array(1, vacuum::toDead)).containsExactly(1);
    assertThat(array(2, vacuum::toPlaceholder)).containsExactly(2, 3);
    assertThat(vacuum.moveSrc(0)).isEqualTo(4);
    assertThat(vacuum.moveDest(0)).isEqualTo(5);
    assertThat(array(2, vacuum::chainSrc)).containsExactly(6, 7);
    assertThat(array(2, vacuum::chainDest)).containsExactly(8, 9);
    var move =
        known(
            SpgistRecord.MoveLeafs.of(
                of(Rmgr.SPGIST, SpgistRecord.MOVE_LEAFS)
                    .u16(2)
                    .zeros(10)
                    .i64(0)
                    .bytes(new Data().u16(5, 6, 7, 8, 9).i32(16 << 2).bytes())
                    .decoded()));
    assertThat(array(2, move::toDelete)).containsExactly(5, 6);
    assertThat(array(3, move::toInsert)).containsExactly(7, 8, 9);
    assertThat(SpgistRecord.leafTupleSize(move.record().main(), move.tuplesAt())).isEqualTo(16);
  }

  @Test
  void heapTellsEachLinePointerThatChanges() {
    int flags =
        PruneFreeze.XLHP_HAS_REDIRECTIONS
            | PruneFreeze.XLHP_HAS_DEAD_ITEMS
            | PruneFreeze.XLHP_HAS_NOW_UNUSED_ITEMS;
    var prune =
        known(
            PruneFreeze.of(
                of(Rmgr.HEAP2, Heap2Record.PRUNE_ON_ACCESS)
                    .block(0, 0, 1, new Data().u16(1, 3, 4, 2, 5, 6, 1, 7).bytes())
                    .u8(0)
                    .u8(flags)
                    .decoded()));
    assertThat(prune.redirectedFrom(0)).isEqualTo(3);
    assertThat(prune.redirectedTo(0)).isEqualTo(4);
    assertThat(array(prune.ndead(), prune::dead)).containsExactly(5, 6);
    assertThat(array(prune.nunused(), prune::unused)).containsExactly(7);
    var freeze =
        known(
            Heap2Record.FreezeTuples.of(
                CraftedRecord.of(WalFormat.PG_15, Rmgr.HEAP2.id(), Heap2Record.FREEZE_PAGE)
                    .block(0, 0, 1, new Data().i32(9).u16(3, 0x11, 0x22).u8(4, 0).bytes())
                    .i32(600)
                    .u16(1)
                    .decoded()));
    assertThat(freeze.xmax(0)).isEqualTo(9);
    assertThat(freeze.offset(0)).isEqualTo(3);
    assertThat(freeze.tInfomask2(0)).isEqualTo(0x11);
    assertThat(freeze.tInfomask(0)).isEqualTo(0x22);
    assertThat(freeze.frzflags(0)).isEqualTo(FreezePlans.XLH_INVALID_XVAC);
    var rewrite =
        known(
            Heap2Record.Rewrite.of(
                of(Rmgr.HEAP2, Heap2Record.REWRITE)
                    .i32(1, 2, 3, 0)
                    .i64(72)
                    .i32(1, 0)
                    .i64(0x5000)
                    .i32(1663, 5, 10, 1663, 5, 11)
                    .bytes(new Data().u16(0, 8, 1, 0, 9, 2).bytes())
                    .decoded()));
    assertThat(rewrite.newLocator(0).relNumber()).isEqualTo(11);
    assertThat(Tid.block(rewrite.record().main(), rewrite.oldTidAt(0))).isEqualTo(8);
    assertThat(Tid.offset(rewrite.record().main(), rewrite.newTidAt(0))).isEqualTo(2);
    assertThat(rewrite.record().main().length() - rewrite.mappingsAt())
        .isEqualTo(Heap2Record.Rewrite.MAPPING_LENGTH);
  }

  @Test
  void zeroedPagesTellWhoseTheyAre() {
    assertThat(slru(Rmgr.CLOG, ClogRecord.ZEROPAGE)).isEqualTo(Slru.XACT);
    assertThat(slru(Rmgr.COMMIT_TS, CommitTsRecord.ZEROPAGE)).isEqualTo(Slru.COMMIT_TS);
    assertThat(slru(Rmgr.MULTIXACT, MultiXactRecord.ZERO_OFF_PAGE))
        .isEqualTo(Slru.MULTIXACT_OFFSET);
    assertThat(slru(Rmgr.MULTIXACT, MultiXactRecord.ZERO_MEM_PAGE))
        .isEqualTo(Slru.MULTIXACT_MEMBER);
  }

  private static Slru slru(Rmgr rmgr, int info) {
    var page = (ZeroPage) Rmgr.interpret(of(rmgr, info).i64(7).decoded());
    assertThat(page.pageno()).isEqualTo(7);
    return page.slru();
  }

  private static CraftedRecord of(Rmgr rmgr, int info) {
    return CraftedRecord.of(WalFormat.PG_18, rmgr.id(), info);
  }

  private static <R> R known(@Nullable R record) {
    return Objects.requireNonNull(record, "not understood");
  }

  private static int[] array(int count, IntUnaryOperator item) {
    return IntStream.range(0, count).map(item).toArray();
  }

  /// Bytes to order.
  private static final class Data {

    private final ByteBuffer bytes = ByteBuffer.allocate(200).order(ByteOrder.LITTLE_ENDIAN);

    Data u8(int... values) {
      for (int value : values) {
        bytes.put((byte) value);
      }
      return this;
    }

    Data u16(int... values) {
      for (int value : values) {
        bytes.putShort((short) value);
      }
      return this;
    }

    Data i32(int... values) {
      for (int value : values) {
        bytes.putInt(value);
      }
      return this;
    }

    Data zeros(int count) {
      return u8(new int[count]);
    }

    Data indexTuple(int bits, int size) {
      return zeros(6).u16(bits | size).zeros(size - 8);
    }

    byte[] bytes() {
      byte[] copy = new byte[bytes.position()];
      bytes.get(0, copy);
      return copy;
    }
  }
}
