package org.walstream.wal.rmgr;

import static org.walstream.wal.rmgr.UnknownRecord.unless;

import org.jspecify.annotations.Nullable;
import org.walstream.wal.WalFormat;
import org.walstream.wal.record.BlockReference;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.record.RecordBytes;
import org.walstream.wal.record.RelFileLocator;

/// Records of the resource manager `Gin`: of the tree of entries, of the trees of TIDs that common
/// entries have (where a page is a data page), and of the list of what waits to be put there.
///
/// Counterpart of src/include/access/ginxlog.h.
public sealed interface GinRecord extends WalRecord {

  /// XLOG_GIN_CREATE_PTREE and so on.
  int CREATE_PTREE = 0x10;

  int INSERT = 0x20;
  int SPLIT = 0x30;
  int VACUUM_PAGE = 0x40;
  int DELETE_PAGE = 0x50;
  int UPDATE_META_PAGE = 0x60;
  int INSERT_LISTPAGE = 0x70;
  int DELETE_LISTPAGE = 0x80;
  int VACUUM_DATA_LEAF_PAGE = 0x90;

  /// Flags of INSERT and SPLIT.
  int GIN_INSERT_ISDATA = 0x01;

  int GIN_INSERT_ISLEAF = 0x02;
  int GIN_SPLIT_ROOT = 0x04;

  /// The name of the record type with this `xl_info`, or null when there is none.
  static @Nullable String name(WalFormat format, int info) {
    return switch (info & 0xF0) {
      case CREATE_PTREE -> "CREATE_PTREE";
      case INSERT -> "INSERT";
      case SPLIT -> "SPLIT";
      case VACUUM_PAGE -> "VACUUM_PAGE";
      case VACUUM_DATA_LEAF_PAGE -> "VACUUM_DATA_LEAF_PAGE";
      case DELETE_PAGE -> "DELETE_PAGE";
      case UPDATE_META_PAGE -> "UPDATE_META_PAGE";
      case INSERT_LISTPAGE -> "INSERT_LISTPAGE";
      case DELETE_LISTPAGE -> "DELETE_LISTPAGE";
      default -> null;
    };
  }

  static @Nullable GinRecord of(DecodedXLogRecord record) {
    int length = record.main().length();
    return switch (record.opcode()) {
      case CREATE_PTREE -> CreatePtree.of(record);
      case INSERT -> Insert.of(record);
      case SPLIT -> unless(length >= Split.LENGTH, new Split(record));
      case VACUUM_PAGE -> new VacuumPage(record);
      case VACUUM_DATA_LEAF_PAGE -> VacuumDataLeafPage.of(record);
      case DELETE_PAGE -> unless(length >= DeletePage.LENGTH, new DeletePage(record));
      case UPDATE_META_PAGE -> unless(length >= UpdateMetaPage.LENGTH, new UpdateMetaPage(record));
      case INSERT_LISTPAGE -> unless(length >= InsertListpage.LENGTH, new InsertListpage(record));
      case DELETE_LISTPAGE -> unless(length >= DeleteListpage.LENGTH, new DeleteListpage(record));
      default -> null;
    };
  }

  /// An entry's TIDs get a tree of their own, whose first page is block 0.
  ///
  /// ```
  /// offset  bytes  field         (main data)
  ///      0      4  size          of what follows
  ///      4      n  postingLists
  /// ```
  ///
  /// Counterpart of ginxlogCreatePostingTree.
  record CreatePtree(DecodedXLogRecord record) implements GinRecord {

    private static final int LENGTH = 4;

    static @Nullable CreatePtree of(DecodedXLogRecord record) {
      RecordBytes main = record.main();
      return unless(
          main.length() >= LENGTH && main.holds(LENGTH, main.i32(0), 1), new CreatePtree(record));
    }

    public int size() {
      return record.main().i32(0);
    }

    /// Where in the main data the TIDs stand.
    public int postingListsAt() {
      return LENGTH;
    }

    @Override
    public void fields(RecordFields out) {
      out.u32("size", size());
    }
  }

  /// Something is put on a page, block 0. Block 1 is the left page of the split below that this
  /// completes.
  ///
  /// ```
  /// offset  bytes  field            (main data)
  ///      0      2  flags            0x01 data page, 0x02 leaf
  ///   unless it is a leaf:
  ///      2      4  leftChildBlkno   two halves of 16 bits, the high one first
  ///      6      4  rightChildBlkno
  ///
  /// offset  bytes  field            (data of block 0)
  ///   a page of entries:
  ///      0      2  offset
  ///      2      1  isDelete         the tuple there is replaced
  ///      4         tuple
  ///   an inner data page:
  ///      0      2  offset
  ///      2     10  newitem          a PostingItem:
  ///      2      4  itemChild        two halves of 16 bits
  ///      6      6  itemKey          TID
  ///   a data leaf: GinRecompression
  /// ```
  ///
  /// Counterpart of ginxlogInsert, ginxlogInsertEntry, ginxlogInsertDataInternal.
  record Insert(DecodedXLogRecord record) implements GinRecord {

    private static final int LEAF_LENGTH = 2;
    private static final int INNER_LENGTH = 10;
    private static final int ENTRY_LENGTH = 4;
    private static final int ITEM_LENGTH = 12;

    static @Nullable Insert of(DecodedXLogRecord record) {
      var insert = new Insert(record);
      int length = record.main().length();
      return unless(
          length >= LEAF_LENGTH
              && (insert.isLeaf() || length >= INNER_LENGTH)
              && (record.block(0).hasImage() || insert.changeFits()),
          insert);
    }

    private boolean changeFits() {
      int length = change().length();
      return isRecompression()
          ? recompression().fit()
          : length >= (isData() ? ITEM_LENGTH : ENTRY_LENGTH);
    }

    public int flags() {
      return record.main().u16(0);
    }

    public boolean isData() {
      return (flags() & GIN_INSERT_ISDATA) != 0;
    }

    public boolean isLeaf() {
      return (flags() & GIN_INSERT_ISLEAF) != 0;
    }

    /// Of an inner page only, as the next.
    public int leftChildBlkno() {
      return record.main().blockId(2);
    }

    public int rightChildBlkno() {
      return record.main().blockId(6);
    }

    /// Whether what is put there is in the record: not when block 0 has an image in its place.
    public boolean hasChange() {
      return !record.block(0).hasImage();
    }

    /// Where on the page it is put; not of a data leaf.
    public int offset() {
      return change().u16(0);
    }

    /// Of a page of entries: whether a tuple is replaced.
    public boolean isDelete() {
      return change().u8(2) != 0;
    }

    /// Of a page of entries: where in [#change] the tuple stands, to its end.
    public int tupleAt() {
      return ENTRY_LENGTH;
    }

    public int tupleLength() {
      return change().length() - ENTRY_LENGTH;
    }

    /// Of an inner data page: where in [#change] what is put there stands, as on the page.
    public int newitemAt() {
      return 2;
    }

    /// Of an inner data page, as those that follow: the page that is put there, and up to which
    /// TID.
    public int itemChild() {
      return change().blockId(2);
    }

    /// Where in [#change] the TID stands.
    public int itemKeyAt() {
      return 6;
    }

    public int itemKeyBlock() {
      return Tid.block(change(), itemKeyAt());
    }

    public int itemKeyOffset() {
      return Tid.offset(change(), itemKeyAt());
    }

    public boolean isRecompression() {
      return isData() && isLeaf();
    }

    /// Of a data leaf.
    public GinRecompression recompression() {
      return new GinRecompression(change());
    }

    /// The data of block 0; only if [#hasChange].
    public RecordBytes change() {
      return record.block(0).data();
    }

    @Override
    public void fields(RecordFields out) {
      out.number("flags", flags());
      if (!isLeaf()) {
        out.u32("leftChildBlkno", leftChildBlkno());
        out.u32("rightChildBlkno", rightChildBlkno());
      }
      if (!hasChange()) {
        return;
      }
      if (isRecompression()) {
        recompression().fields(out);
        return;
      }
      out.number("offset", offset());
      if (isData()) {
        out.u32("newitemChild", itemChild());
        Tid.field("newitemKey", change(), itemKeyAt(), out);
      } else {
        out.flag("isDelete", isDelete());
        out.number("tupleLength", tupleLength());
      }
    }
  }

  /// A page is split. Blocks 0 and 1 are the two pages, block 2 the root above them if it was the
  /// root that was split, all as images; block 3 is the left page of the split below that this
  /// completes.
  ///
  /// ```
  /// offset  bytes  field            (main data)
  ///      0     12  locator          RelFileLocator
  ///     12      4  rrlink           the page to the right before the split; the root, if split
  ///     16      4  leftChildBlkno
  ///     20      4  rightChildBlkno
  ///     24      2  flags            0x01 data page, 0x02 leaf, 0x04 root
  /// ```
  ///
  /// Counterpart of ginxlogSplit.
  record Split(DecodedXLogRecord record) implements GinRecord {

    private static final int LENGTH = 26;

    public RelFileLocator locator() {
      return RelFileLocator.read(record.main(), 0);
    }

    public int rrlink() {
      return record.main().i32(12);
    }

    public int leftChildBlkno() {
      return record.main().i32(16);
    }

    public int rightChildBlkno() {
      return record.main().i32(20);
    }

    public int flags() {
      return record.main().u16(24);
    }

    public boolean isData() {
      return (flags() & GIN_INSERT_ISDATA) != 0;
    }

    public boolean isLeaf() {
      return (flags() & GIN_INSERT_ISLEAF) != 0;
    }

    public boolean isRootSplit() {
      return (flags() & GIN_SPLIT_ROOT) != 0;
    }

    @Override
    public void fields(RecordFields out) {
      out.locator("locator", locator());
      out.u32("rrlink", rrlink());
      out.u32("leftChildBlkno", leftChildBlkno());
      out.u32("rightChildBlkno", rightChildBlkno());
      out.number("flags", flags());
    }
  }

  /// VACUUM has removed something from a page of entries: block 0, as an image.
  record VacuumPage(DecodedXLogRecord record) implements GinRecord {

    @Override
    public void fields(RecordFields out) {}
  }

  /// VACUUM has removed TIDs from a data leaf: block 0 has a [GinRecompression], or an image.
  ///
  /// Counterpart of ginxlogVacuumDataLeafPage.
  record VacuumDataLeafPage(DecodedXLogRecord record) implements GinRecord {

    static @Nullable VacuumDataLeafPage of(DecodedXLogRecord record) {
      var vacuum = new VacuumDataLeafPage(record);
      return unless(record.block(0).hasImage() || vacuum.recompression().fit(), vacuum);
    }

    /// Only if block 0 has no image.
    public GinRecompression recompression() {
      return new GinRecompression(record.block(0).data());
    }

    @Override
    public void fields(RecordFields out) {
      BlockReference block = record.block(0);
      if (!block.hasImage()) {
        recompression().fields(out);
      }
    }
  }

  /// A data page, block 0, is taken out of its parent, block 1; block 2 is to the left of it.
  ///
  /// ```
  /// offset  bytes  field         (main data)
  ///      0      2  parentOffset
  ///      4      4  rightLink     what is then to the right of block 2
  ///      8      4  deleteXid     the last transaction that could still come upon the page
  /// ```
  ///
  /// Counterpart of ginxlogDeletePage.
  record DeletePage(DecodedXLogRecord record) implements GinRecord {

    private static final int LENGTH = 12;

    public int parentOffset() {
      return record.main().u16(0);
    }

    public int rightLink() {
      return record.main().i32(4);
    }

    public int deleteXid() {
      return record.main().i32(8);
    }

    @Override
    public void fields(RecordFields out) {
      out.number("parentOffset", parentOffset());
      out.u32("rightLink", rightLink());
      out.u32("deleteXid", deleteXid());
    }
  }

  /// The list gets tuples on its last page, block 1, which has them (see [IndexTuple]), or more
  /// pages behind it. Block 0 is the metapage.
  ///
  /// ```
  /// offset  bytes  field         (main data)
  ///      0     12  locator       RelFileLocator
  ///     16     56  metadata      GinMetadata
  ///     72      4  prevTail      the last page up to now, if pages come behind it
  ///     76      4  newRightlink
  ///     80      4  ntuples       signed; of block 1
  ///
  /// offset  bytes  field         (data of block 1)
  ///      0         tuples
  /// ```
  ///
  /// Counterpart of ginxlogUpdateMeta.
  record UpdateMetaPage(DecodedXLogRecord record) implements GinRecord {

    private static final int LENGTH = 84;

    public RelFileLocator locator() {
      return RelFileLocator.read(record.main(), 0);
    }

    public GinMetadata metadata() {
      return new GinMetadata(record.main(), 16);
    }

    public int prevTail() {
      return record.main().i32(72);
    }

    public int newRightlink() {
      return record.main().i32(76);
    }

    public int ntuples() {
      return record.main().i32(80);
    }

    /// Empty when there are none, or when block 1 has an image in their place.
    public RecordBytes tuples() {
      return record.block(1).data();
    }

    @Override
    public void fields(RecordFields out) {
      out.locator("locator", locator());
      metadata().fields(out);
      out.u32("prevTail", prevTail());
      out.u32("newRightlink", newRightlink());
      out.number("ntuples", ntuples());
      out.number("tuplesLength", tuples().length());
    }
  }

  /// A new page of the list, block 0, which has its tuples (see [IndexTuple]).
  ///
  /// ```
  /// offset  bytes  field      (main data)
  ///      0      4  rightlink
  ///      4      4  ntuples    signed
  ///
  /// offset  bytes  field      (data of block 0)
  ///      0         tuples
  /// ```
  ///
  /// Counterpart of ginxlogInsertListPage.
  record InsertListpage(DecodedXLogRecord record) implements GinRecord {

    private static final int LENGTH = 8;

    public int rightlink() {
      return record.main().i32(0);
    }

    public int ntuples() {
      return record.main().i32(4);
    }

    /// Empty when block 0 has an image in their place.
    public RecordBytes tuples() {
      return record.block(0).data();
    }

    @Override
    public void fields(RecordFields out) {
      out.u32("rightlink", rightlink());
      out.number("ntuples", ntuples());
      out.number("tuplesLength", tuples().length());
    }
  }

  /// Pages of the list, blocks 1 and on, are done with. Block 0 is the metapage.
  ///
  /// ```
  /// offset  bytes  field     (main data)
  ///      0     56  metadata  GinMetadata
  ///     56      4  ndeleted  signed
  /// ```
  ///
  /// Counterpart of ginxlogDeleteListPages.
  record DeleteListpage(DecodedXLogRecord record) implements GinRecord {

    private static final int LENGTH = GinMetadata.LENGTH + 4;

    public GinMetadata metadata() {
      return new GinMetadata(record.main(), 0);
    }

    public int ndeleted() {
      return record.main().i32(GinMetadata.LENGTH);
    }

    @Override
    public void fields(RecordFields out) {
      metadata().fields(out);
      out.number("ndeleted", ndeleted());
    }
  }
}
