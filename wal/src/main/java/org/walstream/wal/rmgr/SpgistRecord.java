package org.walstream.wal.rmgr;

import static org.walstream.wal.rmgr.UnknownRecord.unless;

import org.jspecify.annotations.Nullable;
import org.walstream.wal.WalFormat;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.record.RecordBytes;

/// Records of the resource manager `SPGist`. Tuples stand in the main data, unaligned, behind what
/// is told here.
///
/// Counterpart of src/include/access/spgxlog.h.
public sealed interface SpgistRecord extends WalRecord {

  /// XLOG_SPGIST_ADD_LEAF and so on.
  int ADD_LEAF = 0x10;

  int MOVE_LEAFS = 0x20;
  int ADD_NODE = 0x30;
  int SPLIT_TUPLE = 0x40;
  int PICKSPLIT = 0x50;
  int VACUUM_LEAF = 0x60;
  int VACUUM_ROOT = 0x70;
  int VACUUM_REDIRECT = 0x80;

  /// The name of the record type with this `xl_info`, or null when there is none.
  static @Nullable String name(WalFormat format, int info) {
    return switch (info & 0xF0) {
      case ADD_LEAF -> "ADD_LEAF";
      case MOVE_LEAFS -> "MOVE_LEAFS";
      case ADD_NODE -> "ADD_NODE";
      case SPLIT_TUPLE -> "SPLIT_TUPLE";
      case PICKSPLIT -> "PICKSPLIT";
      case VACUUM_LEAF -> "VACUUM_LEAF";
      case VACUUM_ROOT -> "VACUUM_ROOT";
      case VACUUM_REDIRECT -> "VACUUM_REDIRECT";
      default -> null;
    };
  }

  static @Nullable SpgistRecord of(DecodedXLogRecord record) {
    int length = record.main().length();
    return switch (record.opcode()) {
      case ADD_LEAF -> unless(length >= AddLeaf.LENGTH, new AddLeaf(record));
      case MOVE_LEAFS -> MoveLeafs.of(record);
      case ADD_NODE -> unless(length >= AddNode.LENGTH, new AddNode(record));
      case SPLIT_TUPLE ->
          unless(tellsSize(record.main(), SplitTuple.LENGTH), new SplitTuple(record));
      case PICKSPLIT -> PickSplit.of(record);
      case VACUUM_LEAF -> VacuumLeaf.of(record);
      case VACUUM_ROOT -> VacuumRoot.of(record);
      case VACUUM_REDIRECT -> VacuumRedirect.of(record);
      default -> null;
    };
  }

  /// A leaf tuple is put at a place on block 0; the link to it is on block 1.
  ///
  /// ```
  /// offset  bytes  field           (main data)
  ///      0      1  newPage
  ///      1      1  storesNulls
  ///      2      2  offnumLeaf
  ///      4      2  offnumHeadLeaf  of the chain it belongs to; 0 without one
  ///      6      2  offnumParent    0 when the link stays
  ///      8      2  nodeI
  ///     10         tuple
  /// ```
  ///
  /// Counterpart of spgxlogAddLeaf.
  record AddLeaf(DecodedXLogRecord record) implements SpgistRecord {

    private static final int LENGTH = 10;

    public boolean newPage() {
      return record.main().u8(0) != 0;
    }

    public boolean storesNulls() {
      return record.main().u8(1) != 0;
    }

    public int offnumLeaf() {
      return record.main().u16(2);
    }

    public int offnumHeadLeaf() {
      return record.main().u16(4);
    }

    public int offnumParent() {
      return record.main().u16(6);
    }

    public int nodeI() {
      return record.main().u16(8);
    }

    /// Where in the main data the tuple stands, see [SpgistRecord#leafTupleSize].
    public int tupleAt() {
      return LENGTH;
    }

    public int tupleLength() {
      return record.main().length() - LENGTH;
    }

    @Override
    public void fields(RecordFields out) {
      out.flag("newPage", newPage());
      out.flag("storesNulls", storesNulls());
      out.number("offnumLeaf", offnumLeaf());
      out.number("offnumHeadLeaf", offnumHeadLeaf());
      out.number("offnumParent", offnumParent());
      out.number("nodeI", nodeI());
      out.number("tupleLength", tupleLength());
    }
  }

  /// A chain of leaf tuples moves from block 0 to block 1; the link to it is on block 2.
  ///
  /// ```
  /// offset  bytes  field         (main data)
  ///      0      2  nMoves
  ///      2      1  newPage
  ///      3      1  replaceDead   the old tuples are one dead one, which is not copied
  ///      4      1  storesNulls
  ///      6      2  offnumParent
  ///      8      2  nodeI
  ///     12      8  stateSrc      of which:
  ///     12      4  redirectXid   PostgreSQL 15: myXid
  ///     16      1  isBuild
  ///     20    2 n  toDelete      n: nMoves
  ///      +    2 n  toInsert      n: 1 if replaceDead, or nMoves + 1
  ///      +         tuples        as many
  /// ```
  ///
  /// Counterpart of spgxlogMoveLeafs and spgxlogState.
  record MoveLeafs(DecodedXLogRecord record) implements SpgistRecord {

    private static final int LENGTH = 20;
    private static final int STATE_AT = 12;

    static @Nullable MoveLeafs of(DecodedXLogRecord record) {
      var move = new MoveLeafs(record);
      RecordBytes main = record.main();
      return unless(
          main.length() >= LENGTH
              && main.holds(LENGTH, move.nMoves() + move.ninserts(), Short.BYTES),
          move);
    }

    public int nMoves() {
      return record.main().u16(0);
    }

    public boolean newPage() {
      return record.main().u8(2) != 0;
    }

    public boolean replaceDead() {
      return record.main().u8(3) != 0;
    }

    public boolean storesNulls() {
      return record.main().u8(4) != 0;
    }

    public int offnumParent() {
      return record.main().u16(6);
    }

    public int nodeI() {
      return record.main().u16(8);
    }

    /// How many tuples are put on block 1.
    public int ninserts() {
      return replaceDead() ? 1 : nMoves() + 1;
    }

    /// The transaction that redirections carry; PostgreSQL 15: of the record itself.
    public int redirectXid() {
      return record.main().i32(STATE_AT);
    }

    /// Whether the index is being built, and nobody needs redirections.
    public boolean isBuild() {
      return record.main().u8(STATE_AT + 4) != 0;
    }

    /// @param index below [#nMoves]
    public int toDelete(int index) {
      return record.main().u16(LENGTH + Short.BYTES * index);
    }

    /// @param index below [#ninserts]
    public int toInsert(int index) {
      return record.main().u16(LENGTH + Short.BYTES * (nMoves() + index));
    }

    /// Where in the main data the tuples stand, see [SpgistRecord#leafTupleSize].
    public int tuplesAt() {
      return LENGTH + Short.BYTES * (nMoves() + ninserts());
    }

    @Override
    public void fields(RecordFields out) {
      out.number("nMoves", nMoves());
      out.flag("newPage", newPage());
      out.flag("replaceDead", replaceDead());
      out.flag("storesNulls", storesNulls());
      out.number("offnumParent", offnumParent());
      out.number("nodeI", nodeI());
      out.u32("redirectXid", redirectXid());
      out.flag("isBuild", isBuild());
      out.numbers("toDelete", nMoves(), this::toDelete);
      out.numbers("toInsert", ninserts(), this::toInsert);
      out.number("tuplesLength", record.main().length() - tuplesAt());
    }
  }

  /// An inner tuple gets another node: in its place, or, when there is no room, on block 1.
  ///
  /// ```
  /// offset  bytes  field         (main data)
  ///      0      2  offnum        on block 0
  ///      2      2  offnumNew     on block 1; 0 if the tuple stays
  ///      4      1  newPage
  ///      5      1  parentBlk     signed: the block with the link to it, or -1 if the link stays
  ///      6      2  offnumParent
  ///      8      2  nodeI
  ///     12      8  stateSrc      redirectXid, isBuild as of MOVE_LEAFS
  ///     20         tuple
  /// ```
  ///
  /// Counterpart of spgxlogAddNode.
  record AddNode(DecodedXLogRecord record) implements SpgistRecord {

    private static final int LENGTH = 20;
    private static final int STATE_AT = 12;

    public int offnum() {
      return record.main().u16(0);
    }

    public int offnumNew() {
      return record.main().u16(2);
    }

    public boolean newPage() {
      return record.main().u8(4) != 0;
    }

    public int parentBlk() {
      return (byte) record.main().u8(5);
    }

    public int offnumParent() {
      return record.main().u16(6);
    }

    public int nodeI() {
      return record.main().u16(8);
    }

    /// The transaction that redirections carry; PostgreSQL 15: of the record itself.
    public int redirectXid() {
      return record.main().i32(STATE_AT);
    }

    /// Whether the index is being built, and nobody needs redirections.
    public boolean isBuild() {
      return record.main().u8(STATE_AT + 4) != 0;
    }

    /// Where in the main data the tuple stands, see [SpgistRecord#innerTupleSize].
    public int tupleAt() {
      return LENGTH;
    }

    public int tupleLength() {
      return record.main().length() - LENGTH;
    }

    @Override
    public void fields(RecordFields out) {
      out.number("offnum", offnum());
      out.number("offnumNew", offnumNew());
      out.flag("newPage", newPage());
      out.number("parentBlk", parentBlk());
      out.number("offnumParent", offnumParent());
      out.number("nodeI", nodeI());
      out.u32("redirectXid", redirectXid());
      out.flag("isBuild", isBuild());
      out.number("tupleLength", tupleLength());
    }
  }

  /// An inner tuple, on block 0, becomes two, one below the other: the lower one goes to block 1,
  /// or stays with the upper one.
  ///
  /// ```
  /// offset  bytes  field           (main data)
  ///      0      2  offnumPrefix
  ///      2      2  offnumPostfix
  ///      4      1  newPage
  ///      5      1  postfixBlkSame
  ///      6         prefixTuple
  ///      +         postfixTuple
  /// ```
  ///
  /// Counterpart of spgxlogSplitTuple.
  record SplitTuple(DecodedXLogRecord record) implements SpgistRecord {

    private static final int LENGTH = 6;

    public int offnumPrefix() {
      return record.main().u16(0);
    }

    public int offnumPostfix() {
      return record.main().u16(2);
    }

    public boolean newPage() {
      return record.main().u8(4) != 0;
    }

    public boolean postfixBlkSame() {
      return record.main().u8(5) != 0;
    }

    /// Where in the main data the upper tuple stands, see [SpgistRecord#innerTupleSize].
    public int prefixTupleAt() {
      return LENGTH;
    }

    /// Where the lower one stands.
    public int postfixTupleAt() {
      return LENGTH + innerTupleSize(record.main(), LENGTH);
    }

    @Override
    public void fields(RecordFields out) {
      out.number("offnumPrefix", offnumPrefix());
      out.number("offnumPostfix", offnumPostfix());
      out.flag("newPage", newPage());
      out.flag("postfixBlkSame", postfixBlkSame());
      out.number("prefixTupleLength", postfixTupleAt() - prefixTupleAt());
      out.number("postfixTupleLength", record.main().length() - postfixTupleAt());
    }
  }

  /// Leaf tuples of block 0 are divided up between it and block 1, below a new inner tuple on block
  /// 2; the link to that is there too, or on block 3.
  ///
  /// ```
  /// offset  bytes  field          (main data)
  ///      0      1  isRootSplit    then there is no block 0
  ///      2      2  nDelete
  ///      4      2  nInsert
  ///      6      1  initSrc        block 0 is made anew
  ///      7      1  initDest       block 1 is
  ///      8      2  offnumInner
  ///     10      1  initInner      block 2 is
  ///     11      1  storesNulls
  ///     12      1  innerIsParent
  ///     14      2  offnumParent
  ///     16      2  nodeI
  ///     20      8  stateSrc       redirectXid, isBuild as of MOVE_LEAFS
  ///     28    2 n  toDelete       n: nDelete
  ///      +    2 n  toInsert       n: nInsert
  ///      +    1 n  leafPageSelect  n: nInsert; 0: block 0, 1: block 1
  ///      +         innerTuple
  ///      +         leafTuples
  /// ```
  ///
  /// Counterpart of spgxlogPickSplit.
  record PickSplit(DecodedXLogRecord record) implements SpgistRecord {

    private static final int LENGTH = 28;
    private static final int STATE_AT = 20;

    static @Nullable PickSplit of(DecodedXLogRecord record) {
      var split = new PickSplit(record);
      return unless(record.main().length() >= LENGTH && split.offsetsFit(), split);
    }

    private boolean offsetsFit() {
      return tellsSize(record.main(), innerTupleAt());
    }

    public boolean isRootSplit() {
      return record.main().u8(0) != 0;
    }

    public int nDelete() {
      return record.main().u16(2);
    }

    public int nInsert() {
      return record.main().u16(4);
    }

    public boolean initSrc() {
      return record.main().u8(6) != 0;
    }

    public boolean initDest() {
      return record.main().u8(7) != 0;
    }

    public int offnumInner() {
      return record.main().u16(8);
    }

    public boolean initInner() {
      return record.main().u8(10) != 0;
    }

    public boolean storesNulls() {
      return record.main().u8(11) != 0;
    }

    public boolean innerIsParent() {
      return record.main().u8(12) != 0;
    }

    public int offnumParent() {
      return record.main().u16(14);
    }

    public int nodeI() {
      return record.main().u16(16);
    }

    /// @param index below [#nDelete]
    public int toDelete(int index) {
      return record.main().u16(LENGTH + Short.BYTES * index);
    }

    /// @param index below [#nInsert], as of the next
    public int toInsert(int index) {
      return record.main().u16(insertAt() + Short.BYTES * index);
    }

    /// 0 when the tuple goes to block 0, else it goes to block 1.
    public int leafPageSelect(int index) {
      return record.main().u8(selectAt() + index);
    }

    /// Where in the main data the inner tuple stands, see [SpgistRecord#innerTupleSize].
    public int innerTupleAt() {
      return selectAt() + nInsert();
    }

    /// Where the leaf tuples stand, one after the other, see [SpgistRecord#leafTupleSize].
    public int leafTuplesAt() {
      return innerTupleAt() + innerTupleSize(record.main(), innerTupleAt());
    }

    private int insertAt() {
      return LENGTH + Short.BYTES * nDelete();
    }

    private int selectAt() {
      return insertAt() + Short.BYTES * nInsert();
    }

    /// The transaction that redirections carry; PostgreSQL 15: of the record itself.
    public int redirectXid() {
      return record.main().i32(STATE_AT);
    }

    /// Whether the index is being built, and nobody needs redirections.
    public boolean isBuild() {
      return record.main().u8(STATE_AT + 4) != 0;
    }

    @Override
    public void fields(RecordFields out) {
      out.flag("isRootSplit", isRootSplit());
      out.flag("initSrc", initSrc());
      out.flag("initDest", initDest());
      out.number("offnumInner", offnumInner());
      out.flag("initInner", initInner());
      out.flag("storesNulls", storesNulls());
      out.flag("innerIsParent", innerIsParent());
      out.number("offnumParent", offnumParent());
      out.number("nodeI", nodeI());
      out.u32("redirectXid", redirectXid());
      out.flag("isBuild", isBuild());
      out.numbers("toDelete", nDelete(), this::toDelete);
      out.numbers("toInsert", nInsert(), this::toInsert);
      out.numbers("leafPageSelect", nInsert(), this::leafPageSelect);
      out.number("innerTupleLength", leafTuplesAt() - innerTupleAt());
      out.number("leafTuplesLength", record.main().length() - leafTuplesAt());
    }
  }

  /// VACUUM has been over a page of leaf tuples, block 0.
  ///
  /// ```
  /// offset  bytes  field         (main data)
  ///      0      2  nDead
  ///      2      2  nPlaceholder
  ///      4      2  nMove
  ///      6      2  nChain
  ///      8      8  stateSrc      redirectXid, isBuild as of MOVE_LEAFS
  ///     16    2 n  toDead
  ///      +    2 n  toPlaceholder
  ///      +    2 n  moveSrc
  ///      +    2 n  moveDest
  ///      +    2 n  chainSrc
  ///      +    2 n  chainDest
  /// ```
  ///
  /// Counterpart of spgxlogVacuumLeaf.
  record VacuumLeaf(DecodedXLogRecord record) implements SpgistRecord {

    private static final int LENGTH = 16;
    private static final int STATE_AT = 8;

    static @Nullable VacuumLeaf of(DecodedXLogRecord record) {
      var vacuum = new VacuumLeaf(record);
      return unless(record.main().length() >= LENGTH && vacuum.offsetsFit(), vacuum);
    }

    private boolean offsetsFit() {
      int offsets = nDead() + nPlaceholder() + 2 * nMove() + 2 * nChain();
      return record.main().holds(LENGTH, offsets, Short.BYTES);
    }

    public int nDead() {
      return record.main().u16(0);
    }

    public int nPlaceholder() {
      return record.main().u16(2);
    }

    public int nMove() {
      return record.main().u16(4);
    }

    public int nChain() {
      return record.main().u16(6);
    }

    /// The transaction that redirections carry; PostgreSQL 15: of the record itself.
    public int redirectXid() {
      return record.main().i32(STATE_AT);
    }

    /// Whether the index is being built, and nobody needs redirections.
    public boolean isBuild() {
      return record.main().u8(STATE_AT + 4) != 0;
    }

    /// @param index below [#nDead]
    public int toDead(int index) {
      return offset(index);
    }

    /// @param index below [#nPlaceholder]
    public int toPlaceholder(int index) {
      return offset(nDead() + index);
    }

    /// @param index below [#nMove], as of the next
    public int moveSrc(int index) {
      return offset(nDead() + nPlaceholder() + index);
    }

    public int moveDest(int index) {
      return offset(nDead() + nPlaceholder() + nMove() + index);
    }

    /// @param index below [#nChain], as of the next
    public int chainSrc(int index) {
      return offset(nDead() + nPlaceholder() + 2 * nMove() + index);
    }

    public int chainDest(int index) {
      return offset(nDead() + nPlaceholder() + 2 * nMove() + nChain() + index);
    }

    private int offset(int index) {
      return record.main().u16(LENGTH + Short.BYTES * index);
    }

    @Override
    public void fields(RecordFields out) {
      out.u32("redirectXid", redirectXid());
      out.flag("isBuild", isBuild());
      out.numbers("toDead", nDead(), this::toDead);
      out.numbers("toPlaceholder", nPlaceholder(), this::toPlaceholder);
      out.numbers("moveSrc", nMove(), this::moveSrc);
      out.numbers("moveDest", nMove(), this::moveDest);
      out.numbers("chainSrc", nChain(), this::chainSrc);
      out.numbers("chainDest", nChain(), this::chainDest);
    }
  }

  /// VACUUM has removed tuples from a root that is also a leaf, block 0.
  ///
  /// ```
  /// offset  bytes  field     (main data)
  ///      0      2  nDelete
  ///      4      8  stateSrc  redirectXid, isBuild as of MOVE_LEAFS
  ///     12    2 n  offsets
  /// ```
  ///
  /// Counterpart of spgxlogVacuumRoot.
  record VacuumRoot(DecodedXLogRecord record) implements SpgistRecord {

    private static final int LENGTH = 12;
    private static final int STATE_AT = 4;

    static @Nullable VacuumRoot of(DecodedXLogRecord record) {
      var vacuum = new VacuumRoot(record);
      return unless(
          record.main().length() >= LENGTH
              && record.main().holds(LENGTH, vacuum.nDelete(), Short.BYTES),
          vacuum);
    }

    public int nDelete() {
      return record.main().u16(0);
    }

    /// The transaction that redirections carry; PostgreSQL 15: of the record itself.
    public int redirectXid() {
      return record.main().i32(STATE_AT);
    }

    /// Whether the index is being built, and nobody needs redirections.
    public boolean isBuild() {
      return record.main().u8(STATE_AT + 4) != 0;
    }

    /// @param index below [#nDelete]
    public int offset(int index) {
      return record.main().u16(LENGTH + Short.BYTES * index);
    }

    @Override
    public void fields(RecordFields out) {
      out.u32("redirectXid", redirectXid());
      out.flag("isBuild", isBuild());
      out.numbers("offsets", nDelete(), this::offset);
    }
  }

  /// VACUUM has made placeholders of redirections that no search can still need, and removed
  /// placeholders at the end of the page, block 0.
  ///
  /// ```
  /// offset  bytes  field                    (main data)
  ///      0      2  nToPlaceholder
  ///      2      2  firstPlaceholder         0 when none is removed
  ///      4      4  snapshotConflictHorizon  PostgreSQL 15: newestRedirectXid
  ///   PostgreSQL 15:
  ///      8    2 n  offsets
  ///   since PostgreSQL 16:
  ///      8      1  isCatalogRel
  ///     10    2 n  offsets
  /// ```
  ///
  /// Counterpart of spgxlogVacuumRedirect.
  record VacuumRedirect(DecodedXLogRecord record) implements SpgistRecord {

    static @Nullable VacuumRedirect of(DecodedXLogRecord record) {
      var vacuum = new VacuumRedirect(record);
      int at = vacuum.offsetsAt();
      return unless(
          record.main().length() >= at
              && record.main().holds(at, vacuum.nToPlaceholder(), Short.BYTES),
          vacuum);
    }

    public int nToPlaceholder() {
      return record.main().u16(0);
    }

    public int firstPlaceholder() {
      return record.main().u16(2);
    }

    public int snapshotConflictHorizon() {
      return record.main().i32(4);
    }

    /// False, too, when the record does not say.
    public boolean isCatalogRel() {
      return record.format().conflictsTellCatalog() && record.main().u8(8) != 0;
    }

    /// Where in the main data the line pointers stand.
    public int offsetsAt() {
      return record.format().conflictsTellCatalog() ? 10 : 8;
    }

    /// @param index below [#nToPlaceholder]
    public int offset(int index) {
      return record.main().u16(offsetsAt() + Short.BYTES * index);
    }

    @Override
    public void fields(RecordFields out) {
      out.number("firstPlaceholder", firstPlaceholder());
      out.u32("snapshotConflictHorizon", snapshotConflictHorizon());
      out.flag("isCatalogRel", isCatalogRel());
      out.numbers("toPlaceholder", nToPlaceholder(), this::offset);
    }
  }

  /// Bytes of the leaf tuple at `at` of `bytes`: the high 30 bits of its first four.
  ///
  /// Counterpart of SpGistLeafTupleData, src/include/access/spgist_private.h.
  static int leafTupleSize(RecordBytes bytes, int at) {
    return bytes.i32(at) >>> 2;
  }

  /// Bytes of the inner tuple at `at` of `bytes`: the two behind its first four.
  ///
  /// Counterpart of SpGistInnerTupleData.
  static int innerTupleSize(RecordBytes bytes, int at) {
    return bytes.u16(at + 4);
  }

  /// Whether `bytes` has at `at` as much of a tuple as tells its size.
  private static boolean tellsSize(RecordBytes bytes, int at) {
    return bytes.holds(at, 1, 6);
  }
}
