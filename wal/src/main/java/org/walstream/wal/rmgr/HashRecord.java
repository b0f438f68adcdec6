package org.walstream.wal.rmgr;

import static org.walstream.wal.rmgr.UnknownRecord.unless;

import org.jspecify.annotations.Nullable;
import org.walstream.wal.WalFormat;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.record.RecordBytes;

/// Records of the resource manager `Hash`.
///
/// Counterpart of src/include/access/hash_xlog.h.
public sealed interface HashRecord extends WalRecord {

  /// XLOG_HASH_INIT_META_PAGE and so on.
  int INIT_META_PAGE = 0x00;

  int INIT_BITMAP_PAGE = 0x10;
  int INSERT = 0x20;
  int ADD_OVFL_PAGE = 0x30;
  int SPLIT_ALLOCATE_PAGE = 0x40;
  int SPLIT_PAGE = 0x50;
  int SPLIT_COMPLETE = 0x60;
  int MOVE_PAGE_CONTENTS = 0x70;
  int SQUEEZE_PAGE = 0x80;
  int DELETE = 0x90;
  int SPLIT_CLEANUP = 0xA0;
  int UPDATE_META_PAGE = 0xB0;
  int VACUUM_ONE_PAGE = 0xC0;

  /// The name of the record type with this `xl_info`, or null when there is none.
  static @Nullable String name(WalFormat format, int info) {
    return switch (info & 0xF0) {
      case INIT_META_PAGE -> "INIT_META_PAGE";
      case INIT_BITMAP_PAGE -> "INIT_BITMAP_PAGE";
      case INSERT -> "INSERT";
      case ADD_OVFL_PAGE -> "ADD_OVFL_PAGE";
      case SPLIT_ALLOCATE_PAGE -> "SPLIT_ALLOCATE_PAGE";
      case SPLIT_PAGE -> "SPLIT_PAGE";
      case SPLIT_COMPLETE -> "SPLIT_COMPLETE";
      case MOVE_PAGE_CONTENTS -> "MOVE_PAGE_CONTENTS";
      case SQUEEZE_PAGE -> "SQUEEZE_PAGE";
      case DELETE -> "DELETE";
      case SPLIT_CLEANUP -> "SPLIT_CLEANUP";
      case UPDATE_META_PAGE -> "UPDATE_META_PAGE";
      case VACUUM_ONE_PAGE -> "VACUUM_ONE_PAGE";
      default -> null;
    };
  }

  static @Nullable HashRecord of(DecodedXLogRecord record) {
    int length = record.main().length();
    return switch (record.opcode()) {
      case INIT_META_PAGE -> unless(length >= InitMetaPage.LENGTH, new InitMetaPage(record));
      case INIT_BITMAP_PAGE -> unless(length >= InitBitmapPage.LENGTH, new InitBitmapPage(record));
      case INSERT -> unless(length >= Insert.LENGTH, new Insert(record));
      case ADD_OVFL_PAGE -> unless(length >= AddOvflPage.LENGTH, new AddOvflPage(record));
      case SPLIT_ALLOCATE_PAGE -> SplitAllocatePage.of(record);
      case SPLIT_PAGE -> new SplitPage(record);
      case SPLIT_COMPLETE -> unless(length >= SplitComplete.LENGTH, new SplitComplete(record));
      case MOVE_PAGE_CONTENTS ->
          unless(
              length >= MovePageContents.LENGTH && offsetsFit(record, record.main().u16(0)),
              new MovePageContents(record));
      case SQUEEZE_PAGE ->
          unless(
              length >= SqueezePage.LENGTH && offsetsFit(record, record.main().u16(8)),
              new SqueezePage(record));
      case DELETE -> unless(length >= Delete.LENGTH, new Delete(record));
      case SPLIT_CLEANUP -> new SplitCleanup(record);
      case UPDATE_META_PAGE -> unless(length >= UpdateMetaPage.LENGTH, new UpdateMetaPage(record));
      case VACUUM_ONE_PAGE -> VacuumOnePage.of(record);
      default -> null;
    };
  }

  /// An index begins. Block 0 is its metapage.
  ///
  /// ```
  /// offset  bytes  field       (main data)
  ///      0      8  num_tuples  float8
  ///      8      4  procid
  ///     12      2  ffactor
  /// ```
  ///
  /// Counterpart of xl_hash_init_meta_page.
  record InitMetaPage(DecodedXLogRecord record) implements HashRecord {

    private static final int LENGTH = 14;

    public double numTuples() {
      return record.main().f64(0);
    }

    public int procid() {
      return record.main().i32(8);
    }

    public int ffactor() {
      return record.main().u16(12);
    }

    @Override
    public void fields(RecordFields out) {
      out.real("numTuples", numTuples());
      out.u32("procid", procid());
      out.number("ffactor", ffactor());
    }
  }

  /// Its first bitmap of overflow pages, block 0, noted in the metapage, block 1.
  ///
  /// ```
  /// offset  bytes  field   (main data)
  ///      0      2  bmsize
  /// ```
  ///
  /// Counterpart of xl_hash_init_bitmap_page.
  record InitBitmapPage(DecodedXLogRecord record) implements HashRecord {

    private static final int LENGTH = 2;

    public int bmsize() {
      return record.main().u16(0);
    }

    @Override
    public void fields(RecordFields out) {
      out.number("bmsize", bmsize());
    }
  }

  /// A tuple is put at a place on a page, block 0, which has it; and counted in block 1.
  ///
  /// ```
  /// offset  bytes  field   (main data)
  ///      0      2  offnum
  /// ```
  ///
  /// Counterpart of xl_hash_insert.
  record Insert(DecodedXLogRecord record) implements HashRecord {

    private static final int LENGTH = 2;

    public int offnum() {
      return record.main().u16(0);
    }

    /// Empty when block 0 has an image in its place.
    public RecordBytes tuple() {
      return record.block(0).data();
    }

    @Override
    public void fields(RecordFields out) {
      out.number("offnum", offnum());
      out.number("tupleLength", tuple().length());
    }
  }

  /// A bucket gets an overflow page, block 0, behind block 1. Block 2 is the bitmap it was free in;
  /// block 3 a new bitmap; block 4 the metapage.
  ///
  /// ```
  /// offset  bytes  field         (main data)
  ///      0      2  bmsize
  ///      2      1  bmpage_found
  ///
  /// offset  bytes  field         (data of block 0, of block 2, of block 4)
  ///      0      4  bucket        of block 0
  ///      0      4  bitmapBit     of block 2: the page's bit
  ///      0      4  firstfree     of block 4: the first free bit
  /// ```
  ///
  /// Counterpart of xl_hash_add_ovfl_page.
  record AddOvflPage(DecodedXLogRecord record) implements HashRecord {

    private static final int LENGTH = 3;

    public int bmsize() {
      return record.main().u16(0);
    }

    public boolean bmpageFound() {
      return record.main().u8(2) != 0;
    }

    /// The bucket that the page belongs to; only if [#hasBucket].
    public int bucket() {
      return record.block(0).data().i32(0);
    }

    public boolean hasBucket() {
      return hasNumber(record, 0);
    }

    /// Only if [#hasBitmapBit].
    public int bitmapBit() {
      return record.block(2).data().i32(0);
    }

    /// False when a page was appended, or block 2 has an image.
    public boolean hasBitmapBit() {
      return hasNumber(record, 2);
    }

    /// Only if [#hasFirstfree].
    public int firstfree() {
      return record.block(4).data().i32(0);
    }

    /// False when block 4 has an image.
    public boolean hasFirstfree() {
      return hasNumber(record, 4);
    }

    @Override
    public void fields(RecordFields out) {
      out.number("bmsize", bmsize());
      out.flag("bmpageFound", bmpageFound());
      if (hasBucket()) {
        out.u32("bucket", bucket());
      }
      if (hasBitmapBit()) {
        out.u32("bitmapBit", bitmapBit());
      }
      if (hasFirstfree()) {
        out.u32("firstfree", firstfree());
      }
    }
  }

  /// A bucket is to be split: block 0 is its first page, block 1 the new bucket's, block 2 the
  /// metapage.
  ///
  /// ```
  /// offset  bytes  field            (main data)
  ///      0      4  new_bucket
  ///      4      2  old_bucket_flag
  ///      6      2  new_bucket_flag
  ///      8      1  flags            0x01 masks change, 0x02 split point changes
  ///
  /// bytes  field      (data of block 2)
  ///     4  lowmask    if flags has 0x01
  ///     4  highmask
  ///     4  ovflpoint  if flags has 0x02
  ///     4  spares     of that split point
  /// ```
  ///
  /// Counterpart of xl_hash_split_allocate_page.
  record SplitAllocatePage(DecodedXLogRecord record) implements HashRecord {

    public static final int XLH_SPLIT_META_UPDATE_MASKS = 0x01;
    public static final int XLH_SPLIT_META_UPDATE_SPLITPOINT = 0x02;

    private static final int LENGTH = 9;
    private static final int UPDATE_LENGTH = 8;

    static @Nullable SplitAllocatePage of(DecodedXLogRecord record) {
      var split = new SplitAllocatePage(record);
      return unless(record.main().length() >= LENGTH && split.metaFits(), split);
    }

    private boolean metaFits() {
      return !hasMeta()
          || meta().length() >= splitpointAt() + (updatesSplitpoint() ? UPDATE_LENGTH : 0);
    }

    private RecordBytes meta() {
      return record.block(2).data();
    }

    public int newBucket() {
      return record.main().i32(0);
    }

    public int oldBucketFlag() {
      return record.main().u16(4);
    }

    public int newBucketFlag() {
      return record.main().u16(6);
    }

    public int flags() {
      return record.main().u8(8);
    }

    public boolean updatesMasks() {
      return (flags() & XLH_SPLIT_META_UPDATE_MASKS) != 0;
    }

    public boolean updatesSplitpoint() {
      return (flags() & XLH_SPLIT_META_UPDATE_SPLITPOINT) != 0;
    }

    /// Whether what changes in the metapage is there: not when block 2 has an image in its place.
    public boolean hasMeta() {
      return meta().length() > 0;
    }

    /// Only if [#hasMeta] and [#updatesMasks], as the next.
    public int lowmask() {
      return meta().i32(0);
    }

    public int highmask() {
      return meta().i32(4);
    }

    /// Only if [#hasMeta] and [#updatesSplitpoint], as the next.
    public int ovflpoint() {
      return meta().i32(splitpointAt());
    }

    public int spares() {
      return meta().i32(splitpointAt() + 4);
    }

    private int splitpointAt() {
      return updatesMasks() ? UPDATE_LENGTH : 0;
    }

    @Override
    public void fields(RecordFields out) {
      out.u32("newBucket", newBucket());
      out.number("oldBucketFlag", oldBucketFlag());
      out.number("newBucketFlag", newBucketFlag());
      out.number("flags", flags());
      if (hasMeta() && updatesMasks()) {
        out.u32("lowmask", lowmask());
        out.u32("highmask", highmask());
      }
      if (hasMeta() && updatesSplitpoint()) {
        out.u32("ovflpoint", ovflpoint());
        out.u32("spares", spares());
      }
    }
  }

  /// A page of the new bucket is full: block 0, as an image.
  record SplitPage(DecodedXLogRecord record) implements HashRecord {

    @Override
    public void fields(RecordFields out) {}
  }

  /// A split is done. Blocks 0 and 1 are the two buckets' first pages.
  ///
  /// ```
  /// offset  bytes  field            (main data)
  ///      0      2  old_bucket_flag
  ///      2      2  new_bucket_flag
  /// ```
  ///
  /// Counterpart of xl_hash_split_complete.
  record SplitComplete(DecodedXLogRecord record) implements HashRecord {

    private static final int LENGTH = 4;

    public int oldBucketFlag() {
      return record.main().u16(0);
    }

    public int newBucketFlag() {
      return record.main().u16(2);
    }

    @Override
    public void fields(RecordFields out) {
      out.number("oldBucketFlag", oldBucketFlag());
      out.number("newBucketFlag", newBucketFlag());
    }
  }

  /// Tuples move from a page, block 2, to one before it, block 1. Block 0 is the bucket's first
  /// page, if that is another one.
  ///
  /// ```
  /// offset  bytes  field                    (main data)
  ///      0      2  ntups
  ///      2      1  is_prim_bucket_same_wrt  block 1 is the bucket's first page
  ///
  /// bytes  field    (data of block 1)
  ///   2 n  offsets  where each goes; n: ntups
  ///        tuples   each takes up a multiple of 8 bytes, see IndexTuple
  ///
  /// bytes  field    (data of block 2)
  ///   2 n  deleted  line pointers, to the data's end
  /// ```
  ///
  /// Counterpart of xl_hash_move_page_contents.
  record MovePageContents(DecodedXLogRecord record) implements HashRecord {

    private static final int LENGTH = 3;

    public int ntups() {
      return record.main().u16(0);
    }

    public boolean isPrimBucketSameWrt() {
      return record.main().u8(2) != 0;
    }

    /// The data of block 1; empty when there is nothing to move, or an image in its place.
    public RecordBytes moved() {
      return record.block(1).data();
    }

    public int offset(int tuple) {
      return moved().u16(Short.BYTES * tuple);
    }

    /// Where in [#moved] the tuples stand.
    public int tuplesAt() {
      return Short.BYTES * ntups();
    }

    /// How many tuples are removed from block 2; 0 when it has an image in place of the data.
    public int ndeleted() {
      return record.block(2).data().length() / Short.BYTES;
    }

    public int deleted(int index) {
      return record.block(2).data().u16(Short.BYTES * index);
    }

    @Override
    public void fields(RecordFields out) {
      out.number("ntups", ntups());
      out.flag("isPrimBucketSameWrt", isPrimBucketSameWrt());
      out.numbers("offsets", moved().length() == 0 ? 0 : ntups(), this::offset);
      out.numbers("deleted", ndeleted(), this::deleted);
    }
  }

  /// Tuples of an overflow page, block 2, move to one before it, block 1, and the page is free.
  /// Block 0 is the bucket's first page; blocks 3 and 4 stood before and behind the free one; block
  /// 5 is the bitmap, with the page's bit; block 6 the metapage, with the first free bit.
  ///
  /// ```
  /// offset  bytes  field                    (main data)
  ///      0      4  prevblkno
  ///      4      4  nextblkno
  ///      8      2  ntups
  ///     10      1  is_prim_bucket_same_wrt  block 1 is the bucket's first page
  ///     11      1  is_prev_bucket_same_wrt  block 1 is the page before the free one
  ///
  /// bytes  field      (data of block 1)
  ///   2 n  offsets    where each goes; n: ntups
  ///        tuples     each takes up a multiple of 8 bytes, see IndexTuple
  ///
  /// bytes  field      (data of block 5, of block 6)
  ///     4  bitmapBit  of block 5: the freed page's bit
  ///     4  firstfree  of block 6: the first free bit
  /// ```
  ///
  /// Counterpart of xl_hash_squeeze_page.
  record SqueezePage(DecodedXLogRecord record) implements HashRecord {

    private static final int LENGTH = 12;

    public int prevblkno() {
      return record.main().i32(0);
    }

    public int nextblkno() {
      return record.main().i32(4);
    }

    public int ntups() {
      return record.main().u16(8);
    }

    public boolean isPrimBucketSameWrt() {
      return record.main().u8(10) != 0;
    }

    public boolean isPrevBucketSameWrt() {
      return record.main().u8(11) != 0;
    }

    /// The data of block 1; empty when there is nothing to move, or an image in its place.
    public RecordBytes moved() {
      return record.block(1).data();
    }

    public int offset(int tuple) {
      return moved().u16(Short.BYTES * tuple);
    }

    /// Where in [#moved] the tuples stand.
    public int tuplesAt() {
      return Short.BYTES * ntups();
    }

    /// Only if [#hasBitmapBit].
    public int bitmapBit() {
      return record.block(5).data().i32(0);
    }

    /// False when block 5 has an image.
    public boolean hasBitmapBit() {
      return hasNumber(record, 5);
    }

    /// Only if [#hasFirstfree].
    public int firstfree() {
      return record.block(6).data().i32(0);
    }

    /// False when the metapage stays as it is, or block 6 has an image.
    public boolean hasFirstfree() {
      return hasNumber(record, 6);
    }

    @Override
    public void fields(RecordFields out) {
      out.u32("prevblkno", prevblkno());
      out.u32("nextblkno", nextblkno());
      out.number("ntups", ntups());
      out.flag("isPrimBucketSameWrt", isPrimBucketSameWrt());
      out.flag("isPrevBucketSameWrt", isPrevBucketSameWrt());
      out.numbers("offsets", moved().length() == 0 ? 0 : ntups(), this::offset);
      if (hasBitmapBit()) {
        out.u32("bitmapBit", bitmapBit());
      }
      if (hasFirstfree()) {
        out.u32("firstfree", firstfree());
      }
    }
  }

  /// Tuples of a page, block 1, are removed. Block 0 is the bucket's first page, if that is another
  /// one.
  ///
  /// ```
  /// offset  bytes  field                   (main data)
  ///      0      1  clear_dead_marking
  ///      1      1  is_primary_bucket_page
  ///
  /// bytes  field    (data of block 1)
  ///   2 n  offsets  to the data's end
  /// ```
  ///
  /// Counterpart of xl_hash_delete.
  record Delete(DecodedXLogRecord record) implements HashRecord {

    private static final int LENGTH = 2;

    public boolean clearDeadMarking() {
      return record.main().u8(0) != 0;
    }

    public boolean isPrimaryBucketPage() {
      return record.main().u8(1) != 0;
    }

    /// How many tuples are removed; 0 when block 1 has an image in place of the data.
    public int noffsets() {
      return record.block(1).data().length() / Short.BYTES;
    }

    public int offset(int index) {
      return record.block(1).data().u16(Short.BYTES * index);
    }

    @Override
    public void fields(RecordFields out) {
      out.flag("clearDeadMarking", clearDeadMarking());
      out.flag("isPrimaryBucketPage", isPrimaryBucketPage());
      out.numbers("offsets", noffsets(), this::offset);
    }
  }

  /// What a split left behind in the old bucket, block 0, has been removed.
  record SplitCleanup(DecodedXLogRecord record) implements HashRecord {

    @Override
    public void fields(RecordFields out) {}
  }

  /// VACUUM has counted: block 0 is the metapage.
  ///
  /// ```
  /// offset  bytes  field    (main data)
  ///      0      8  ntuples  float8
  /// ```
  ///
  /// Counterpart of xl_hash_update_meta_page.
  record UpdateMetaPage(DecodedXLogRecord record) implements HashRecord {

    private static final int LENGTH = 8;

    public double ntuples() {
      return record.main().f64(0);
    }

    @Override
    public void fields(RecordFields out) {
      out.real("ntuples", ntuples());
    }
  }

  /// Tuples of a page, block 0, known to be dead, make room; block 1 is the metapage.
  ///
  /// ```
  /// offset  bytes  field                    (main data)
  ///      0      4  snapshotConflictHorizon  PostgreSQL 15: latestRemovedXid
  ///      4      2  ntuples                  PostgreSQL 15: 4 bytes
  ///      6      1  isCatalogRel             since PostgreSQL 16
  ///      8    2 n  offsets
  /// ```
  ///
  /// Counterpart of xl_hash_vacuum_one_page.
  record VacuumOnePage(DecodedXLogRecord record) implements HashRecord {

    /// Where in the main data the offsets stand.
    public static final int OFFSETS_AT = 8;

    static @Nullable VacuumOnePage of(DecodedXLogRecord record) {
      var vacuum = new VacuumOnePage(record);
      return unless(
          record.main().length() >= OFFSETS_AT
              && record.main().holds(OFFSETS_AT, vacuum.ntuples(), Short.BYTES),
          vacuum);
    }

    public int snapshotConflictHorizon() {
      return record.main().i32(0);
    }

    public int ntuples() {
      return record.format().conflictsTellCatalog() ? record.main().u16(4) : record.main().i32(4);
    }

    /// False, too, when the record does not say.
    public boolean isCatalogRel() {
      return record.format().conflictsTellCatalog() && record.main().u8(6) != 0;
    }

    /// @param index below [#ntuples]
    public int offset(int index) {
      return record.main().u16(OFFSETS_AT + Short.BYTES * index);
    }

    @Override
    public void fields(RecordFields out) {
      out.u32("snapshotConflictHorizon", snapshotConflictHorizon());
      out.number("ntuples", ntuples());
      out.flag("isCatalogRel", isCatalogRel());
      out.numbers("offsets", ntuples(), this::offset);
    }
  }

  /// Whether a block has the number that is all of its data.
  private static boolean hasNumber(DecodedXLogRecord record, int block) {
    return record.block(block).data().length() >= Integer.BYTES;
  }

  /// Whether block 1 has the places of all tuples that move there, or no data.
  private static boolean offsetsFit(DecodedXLogRecord record, int ntups) {
    RecordBytes moved = record.block(1).data();
    return moved.length() == 0 || moved.holds(0, ntups, Short.BYTES);
  }
}
