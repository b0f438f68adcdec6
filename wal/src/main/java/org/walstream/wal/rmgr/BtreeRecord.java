package org.walstream.wal.rmgr;

import static org.walstream.wal.rmgr.UnknownRecord.unless;

import org.jspecify.annotations.Nullable;
import org.walstream.wal.WalFormat;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.record.RecordBytes;
import org.walstream.wal.record.RelFileLocator;

/// Records of the resource manager `Btree`.
///
/// Counterpart of src/include/access/nbtxlog.h.
public sealed interface BtreeRecord extends WalRecord {

  /// XLOG_BTREE_INSERT_LEAF and so on.
  int INSERT_LEAF = 0x00;

  int INSERT_UPPER = 0x10;
  int INSERT_META = 0x20;
  int SPLIT_L = 0x30;
  int SPLIT_R = 0x40;
  int INSERT_POST = 0x50;
  int DEDUP = 0x60;
  int DELETE = 0x70;
  int UNLINK_PAGE = 0x80;
  int UNLINK_PAGE_META = 0x90;
  int NEWROOT = 0xA0;
  int MARK_PAGE_HALFDEAD = 0xB0;
  int VACUUM = 0xC0;
  int REUSE_PAGE = 0xD0;
  int META_CLEANUP = 0xE0;

  /// The name of the record type with this `xl_info`, or null when there is none.
  static @Nullable String name(WalFormat format, int info) {
    return switch (info & 0xF0) {
      case INSERT_LEAF -> "INSERT_LEAF";
      case INSERT_UPPER -> "INSERT_UPPER";
      case INSERT_META -> "INSERT_META";
      case SPLIT_L -> "SPLIT_L";
      case SPLIT_R -> "SPLIT_R";
      case INSERT_POST -> "INSERT_POST";
      case DEDUP -> "DEDUP";
      case DELETE -> "DELETE";
      case UNLINK_PAGE -> "UNLINK_PAGE";
      case UNLINK_PAGE_META -> "UNLINK_PAGE_META";
      case NEWROOT -> "NEWROOT";
      case MARK_PAGE_HALFDEAD -> "MARK_PAGE_HALFDEAD";
      case VACUUM -> "VACUUM";
      case REUSE_PAGE -> "REUSE_PAGE";
      case META_CLEANUP -> "META_CLEANUP";
      default -> null;
    };
  }

  static @Nullable BtreeRecord of(DecodedXLogRecord record) {
    int length = record.main().length();
    return switch (record.opcode()) {
      case INSERT_LEAF, INSERT_UPPER, INSERT_META, INSERT_POST -> Insert.of(record);
      case SPLIT_L, SPLIT_R -> Split.of(record);
      case DEDUP -> Dedup.of(record);
      case DELETE -> Delete.of(record);
      case UNLINK_PAGE, UNLINK_PAGE_META ->
          unless(length >= UnlinkPage.LENGTH, new UnlinkPage(record));
      case NEWROOT -> unless(length >= NewRoot.LENGTH, new NewRoot(record));
      case MARK_PAGE_HALFDEAD ->
          unless(length >= MarkPageHalfdead.LENGTH, new MarkPageHalfdead(record));
      case VACUUM -> Vacuum.of(record);
      case REUSE_PAGE -> ReusePage.of(record);
      case META_CLEANUP -> MetaCleanup.of(record);
      default -> null;
    };
  }

  /// A tuple is put at a place on a page that has room: INSERT_LEAF, into an inner page
  /// (INSERT_UPPER), with a new metapage (INSERT_META), or among the TIDs of a posting list, which
  /// it splits (INSERT_POST).
  ///
  /// ```
  /// offset  bytes  field       (main data)
  ///      0      2  offnum
  ///
  /// offset  bytes  field       (data of block 0, the page)
  ///      0      2  postingoff  INSERT_POST only: which TID of the list before it splits
  ///      +         tuple
  /// ```
  ///
  /// Of an inner page, block 1 is the left one of the split that this completes; INSERT_META has a
  /// [BtreeMetadata] in block 2.
  ///
  /// Counterpart of xl_btree_insert.
  record Insert(DecodedXLogRecord record) implements BtreeRecord {

    static @Nullable Insert of(DecodedXLogRecord record) {
      var insert = new Insert(record);
      int length = record.block(0).data().length();
      return unless(
          record.main().length() >= Short.BYTES && (length == 0 || length >= insert.tupleAt()),
          insert);
    }

    public int offnum() {
      return record.main().u16(0);
    }

    public boolean isPostingSplit() {
      return record.opcode() == INSERT_POST;
    }

    /// 0 unless [#isPostingSplit], and when block 0 has an image in its place.
    public int postingoff() {
      RecordBytes data = record.block(0).data();
      return isPostingSplit() && data.length() > 0 ? data.u16(0) : 0;
    }

    /// Where in the data of block 0 the tuple stands, to the data's end.
    public int tupleAt() {
      return isPostingSplit() ? Short.BYTES : 0;
    }

    public int tupleLength() {
      return Math.max(record.block(0).data().length() - tupleAt(), 0);
    }

    /// Null unless the metapage is made anew.
    public @Nullable BtreeMetadata metadata() {
      return record.opcode() == INSERT_META ? BtreeMetadata.of(record.block(2)) : null;
    }

    @Override
    public void fields(RecordFields out) {
      out.number("offnum", offnum());
      out.number("postingoff", postingoff());
      out.number("tupleLength", tupleLength());
      BtreeMetadata.list(metadata(), out);
    }
  }

  /// A page is split in two, with a tuple for the left one (SPLIT_L) or for the right one
  /// (SPLIT_R).
  ///
  /// ```
  /// offset  bytes  field          (main data)
  ///      0      4  level          0 for leaves
  ///      4      2  firstrightoff  the first tuple to go to the right
  ///      6      2  newitemoff
  ///      8      2  postingoff     0, or which TID of the posting list before it the tuple splits
  ///
  /// offset  bytes  field          (data of block 0, the left page)
  ///      0         newitem        if the tuple goes to the left, or splits a posting list there
  ///      +         leftHighKey
  ///
  /// offset  bytes  field          (data of block 1, the right page)
  ///      0         rightTuples    all of them, as they stand on the page
  /// ```
  ///
  /// Each tuple takes up a multiple of 8 bytes; see [IndexTuple]. Block 2 is the page to the right
  /// of both, block 3 the left page of the split below that this completes.
  ///
  /// Counterpart of xl_btree_split.
  record Split(DecodedXLogRecord record) implements BtreeRecord {

    private static final int LENGTH = 10;

    static @Nullable Split of(DecodedXLogRecord record) {
      var split = new Split(record);
      return unless(record.main().length() >= LENGTH && split.tuplesFit(), split);
    }

    private boolean tuplesFit() {
      RecordBytes left = left();
      return left.length() == 0
          || ((!hasNewitem() || IndexTuple.fits(left, 0))
              && IndexTuple.fits(left, leftHighKeyAt()));
    }

    public int level() {
      return record.main().i32(0);
    }

    public int firstrightoff() {
      return record.main().u16(4);
    }

    public int newitemoff() {
      return record.main().u16(6);
    }

    public int postingoff() {
      return record.main().u16(8);
    }

    /// The data of block 0; empty when there is an image in its place.
    public RecordBytes left() {
      return record.block(0).data();
    }

    /// Whether [#left] opens with the new tuple.
    public boolean hasNewitem() {
      return record.opcode() == SPLIT_L || postingoff() != 0;
    }

    /// Where in [#left] the new tuple stands, if it does.
    public int newitemAt() {
      return 0;
    }

    /// Where in [#left] the page's new high key stands.
    public int leftHighKeyAt() {
      return hasNewitem() ? IndexTuple.alignedSize(left(), newitemAt()) : 0;
    }

    /// The data of block 1; empty when there is an image in its place.
    public RecordBytes rightTuples() {
      return record.block(1).data();
    }

    @Override
    public void fields(RecordFields out) {
      out.u32("level", level());
      out.number("firstrightoff", firstrightoff());
      out.number("newitemoff", newitemoff());
      out.number("postingoff", postingoff());
      if (left().length() > 0) {
        out.number("newitemLength", leftHighKeyAt());
        out.number("leftHighKeyLength", IndexTuple.size(left(), leftHighKeyAt()));
      }
      out.number("rightTuplesLength", rightTuples().length());
    }
  }

  /// Equal tuples of a leaf become posting lists.
  ///
  /// ```
  /// offset  bytes  field       (main data)
  ///      0      2  nintervals
  ///
  /// offset  bytes  field       (data of block 0, the page: each interval)
  ///      0      2  baseoff     its first tuple
  ///      2      2  nitems
  /// ```
  ///
  /// Counterpart of xl_btree_dedup and BTDedupInterval.
  record Dedup(DecodedXLogRecord record) implements BtreeRecord {

    private static final int INTERVAL_LENGTH = 4;

    static @Nullable Dedup of(DecodedXLogRecord record) {
      RecordBytes data = record.block(0).data();
      return unless(
          record.main().length() >= Short.BYTES
              && (data.length() == 0 || data.holds(0, record.main().u16(0), INTERVAL_LENGTH)),
          new Dedup(record));
    }

    public int nintervals() {
      return record.main().u16(0);
    }

    /// False when block 0 has an image in their place.
    public boolean hasIntervals() {
      return record.block(0).data().length() > 0;
    }

    public int baseoff(int interval) {
      return record.block(0).data().u16(INTERVAL_LENGTH * interval);
    }

    public int nitems(int interval) {
      return record.block(0).data().u16(INTERVAL_LENGTH * interval + 2);
    }

    @Override
    public void fields(RecordFields out) {
      out.number("nintervals", nintervals());
      out.list(
          "intervals",
          hasIntervals() ? nintervals() : 0,
          (interval, item) -> {
            item.number("baseoff", baseoff(interval));
            item.number("nitems", nitems(interval));
          });
    }
  }

  /// Tuples of a leaf, known to be dead, make room. Block 0 has [BtreeDeletions].
  ///
  /// ```
  /// offset  bytes  field                    (main data)
  ///      0      4  snapshotConflictHorizon  PostgreSQL 15: latestRemovedXid
  ///      4      2  ndeleted
  ///      6      2  nupdated
  ///      8      1  isCatalogRel             since PostgreSQL 16
  /// ```
  ///
  /// Counterpart of xl_btree_delete.
  record Delete(DecodedXLogRecord record) implements BtreeRecord {

    static @Nullable Delete of(DecodedXLogRecord record) {
      int length = record.format().conflictsTellCatalog() ? 9 : 8;
      var delete = new Delete(record);
      return unless(record.main().length() >= length && delete.deletions().fit(), delete);
    }

    public int snapshotConflictHorizon() {
      return record.main().i32(0);
    }

    public int ndeleted() {
      return record.main().u16(4);
    }

    public int nupdated() {
      return record.main().u16(6);
    }

    /// False, too, when the record does not say.
    public boolean isCatalogRel() {
      return record.format().conflictsTellCatalog() && record.main().u8(8) != 0;
    }

    public BtreeDeletions deletions() {
      return BtreeDeletions.of(record.block(0).data(), ndeleted(), nupdated());
    }

    @Override
    public void fields(RecordFields out) {
      out.u32("snapshotConflictHorizon", snapshotConflictHorizon());
      out.number("ndeleted", ndeleted());
      out.number("nupdated", nupdated());
      out.flag("isCatalogRel", isCatalogRel());
      deletions().fields(out);
    }
  }

  /// Tuples of a leaf are removed by VACUUM. Block 0 has [BtreeDeletions].
  ///
  /// ```
  /// offset  bytes  field     (main data)
  ///      0      2  ndeleted
  ///      2      2  nupdated
  /// ```
  ///
  /// Counterpart of xl_btree_vacuum.
  record Vacuum(DecodedXLogRecord record) implements BtreeRecord {

    private static final int LENGTH = 4;

    static @Nullable Vacuum of(DecodedXLogRecord record) {
      var vacuum = new Vacuum(record);
      return unless(record.main().length() >= LENGTH && vacuum.deletions().fit(), vacuum);
    }

    public int ndeleted() {
      return record.main().u16(0);
    }

    public int nupdated() {
      return record.main().u16(2);
    }

    public BtreeDeletions deletions() {
      return BtreeDeletions.of(record.block(0).data(), ndeleted(), nupdated());
    }

    @Override
    public void fields(RecordFields out) {
      out.number("ndeleted", ndeleted());
      out.number("nupdated", nupdated());
      deletions().fields(out);
    }
  }

  /// An empty leaf, with what above leads to nothing else, is about to be removed. Block 0 is the
  /// leaf, block 1 the page that leads to the topmost of them.
  ///
  /// ```
  /// offset  bytes  field      (main data)
  ///      0      2  poffset    the tuple of block 1 that leads there
  ///      4      4  leafblk
  ///      8      4  leftblk    its siblings
  ///     12      4  rightblk
  ///     16      4  topparent  the topmost page to be removed
  /// ```
  ///
  /// Counterpart of xl_btree_mark_page_halfdead.
  record MarkPageHalfdead(DecodedXLogRecord record) implements BtreeRecord {

    private static final int LENGTH = 20;

    public int poffset() {
      return record.main().u16(0);
    }

    public int leafblk() {
      return record.main().i32(4);
    }

    public int leftblk() {
      return record.main().i32(8);
    }

    public int rightblk() {
      return record.main().i32(12);
    }

    public int topparent() {
      return record.main().i32(16);
    }

    @Override
    public void fields(RecordFields out) {
      out.number("poffset", poffset());
      out.u32("leafblk", leafblk());
      out.u32("leftblk", leftblk());
      out.u32("rightblk", rightblk());
      out.u32("topparent", topparent());
    }
  }

  /// A page is taken out of the tree. Block 0 is the page, blocks 1 and 2 its siblings, block 3 the
  /// half-dead leaf if that is another page; UNLINK_PAGE_META has a [BtreeMetadata] in block 4.
  ///
  /// ```
  /// offset  bytes  field          (main data)
  ///      0      4  leftsib
  ///      4      4  rightsib
  ///      8      4  level
  ///     16      8  safexid        epoch and transaction: when the page may be used again
  ///     24      4  leafleftsib    what the leaf is made anew from
  ///     28      4  leafrightsib
  ///     32      4  leaftopparent
  /// ```
  ///
  /// Counterpart of xl_btree_unlink_page.
  record UnlinkPage(DecodedXLogRecord record) implements BtreeRecord {

    private static final int LENGTH = 36;

    public int leftsib() {
      return record.main().i32(0);
    }

    public int rightsib() {
      return record.main().i32(4);
    }

    public int level() {
      return record.main().i32(8);
    }

    public long safexid() {
      return record.main().i64(16);
    }

    public int leafleftsib() {
      return record.main().i32(24);
    }

    public int leafrightsib() {
      return record.main().i32(28);
    }

    public int leaftopparent() {
      return record.main().i32(32);
    }

    /// Null unless the metapage is made anew.
    public @Nullable BtreeMetadata metadata() {
      return record.opcode() == UNLINK_PAGE_META ? BtreeMetadata.of(record.block(4)) : null;
    }

    @Override
    public void fields(RecordFields out) {
      out.u32("leftsib", leftsib());
      out.u32("rightsib", rightsib());
      out.u32("level", level());
      out.unsigned("safexid", safexid());
      out.u32("leafleftsib", leafleftsib());
      out.u32("leafrightsib", leafrightsib());
      out.u32("leaftopparent", leaftopparent());
      BtreeMetadata.list(metadata(), out);
    }
  }

  /// The tree gets a new root. Block 0 is the root, with two tuples when the old one was split;
  /// block 1 the left half of that; block 2 the metapage, with a [BtreeMetadata].
  ///
  /// ```
  /// offset  bytes  field    (main data)
  ///      0      4  rootblk
  ///      4      4  level
  ///
  /// offset  bytes  field    (data of block 0)
  ///      0         tuples   as they stand on the page
  /// ```
  ///
  /// Counterpart of xl_btree_newroot.
  record NewRoot(DecodedXLogRecord record) implements BtreeRecord {

    private static final int LENGTH = 8;

    public int rootblk() {
      return record.main().i32(0);
    }

    public int level() {
      return record.main().i32(4);
    }

    /// None in a root that is a leaf; see [IndexTuple].
    public RecordBytes tuples() {
      return record.block(0).data();
    }

    public @Nullable BtreeMetadata metadata() {
      return BtreeMetadata.of(record.block(2));
    }

    @Override
    public void fields(RecordFields out) {
      out.u32("rootblk", rootblk());
      out.u32("level", level());
      out.number("tuplesLength", tuples().length());
      BtreeMetadata.list(metadata(), out);
    }
  }

  /// A page that was deleted is used again, for those whose snapshots might still lead to it: redo
  /// changes nothing.
  ///
  /// ```
  /// offset  bytes  field                    (main data)
  ///      0     12  locator                  RelFileLocator
  ///     12      4  block
  ///     16      8  snapshotConflictHorizon  epoch and transaction; PostgreSQL 15:
  ///                                         latestRemovedFullXid
  ///     24      1  isCatalogRel             since PostgreSQL 16
  /// ```
  ///
  /// Counterpart of xl_btree_reuse_page.
  record ReusePage(DecodedXLogRecord record) implements BtreeRecord {

    static @Nullable ReusePage of(DecodedXLogRecord record) {
      int length = record.format().conflictsTellCatalog() ? 25 : 24;
      return unless(record.main().length() >= length, new ReusePage(record));
    }

    public RelFileLocator locator() {
      return RelFileLocator.read(record.main(), 0);
    }

    public int block() {
      return record.main().i32(12);
    }

    public long snapshotConflictHorizon() {
      return record.main().i64(16);
    }

    /// False, too, when the record does not say.
    public boolean isCatalogRel() {
      return record.format().conflictsTellCatalog() && record.main().u8(24) != 0;
    }

    @Override
    public void fields(RecordFields out) {
      out.locator("locator", locator());
      out.u32("block", block());
      out.unsigned("snapshotConflictHorizon", snapshotConflictHorizon());
      out.flag("isCatalogRel", isCatalogRel());
    }
  }

  /// The metapage, block 0, is made anew after VACUUM, from a [BtreeMetadata].
  record MetaCleanup(DecodedXLogRecord record) implements BtreeRecord {

    static @Nullable MetaCleanup of(DecodedXLogRecord record) {
      return unless(
          record.block(0).data().length() >= BtreeMetadata.LENGTH, new MetaCleanup(record));
    }

    public BtreeMetadata metadata() {
      return new BtreeMetadata(record.block(0).data());
    }

    @Override
    public void fields(RecordFields out) {
      BtreeMetadata.list(metadata(), out);
    }
  }
}
