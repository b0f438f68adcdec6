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

  static WalRecord of(DecodedXLogRecord record) {
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
          unless(length >= MovePageContents.LENGTH, new MovePageContents(record));
      case SQUEEZE_PAGE -> unless(length >= SqueezePage.LENGTH, new SqueezePage(record));
      case DELETE -> unless(length >= Delete.LENGTH, new Delete(record));
      case SPLIT_CLEANUP -> new SplitCleanup(record);
      case UPDATE_META_PAGE -> unless(length >= UpdateMetaPage.LENGTH, new UpdateMetaPage(record));
      case VACUUM_ONE_PAGE -> VacuumOnePage.of(record);
      default -> UnknownRecord.opcode(record);
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

    @Override
    public void fields(RecordFields out) {
      out.number("offnum", offnum());
      out.number("tupleLength", record.block(0).data().length());
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
  /// data of block 0: the bucket, of block 2: the page's bit, of block 4: the first free bit
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

    @Override
    public void fields(RecordFields out) {
      out.number("bmsize", bmsize());
      out.flag("bmpageFound", bmpageFound());
      ofBlock("bucket", record, 0, out);
      ofBlock("bitmapBit", record, 2, out);
      ofBlock("firstfree", record, 4, out);
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

    private static final int LENGTH = 9;
    private static final int META_UPDATE_MASKS = 0x01;
    private static final int META_UPDATE_SPLITPOINT = 0x02;
    private static final int UPDATE_LENGTH = 8;

    static WalRecord of(DecodedXLogRecord record) {
      var split = new SplitAllocatePage(record);
      return unless(record.main().length() >= LENGTH && split.metaFits(), split);
    }

    private boolean metaFits() {
      int length = record.block(2).data().length();
      return length == 0 || length >= splitpointAt() + (updatesSplitpoint() ? UPDATE_LENGTH : 0);
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
      return (flags() & META_UPDATE_MASKS) != 0;
    }

    public boolean updatesSplitpoint() {
      return (flags() & META_UPDATE_SPLITPOINT) != 0;
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
      RecordBytes meta = record.block(2).data();
      if (meta.length() > 0 && updatesMasks()) {
        out.u32("lowmask", meta.i32(0));
        out.u32("highmask", meta.i32(4));
      }
      if (meta.length() > 0 && updatesSplitpoint()) {
        out.u32("ovflpoint", meta.i32(splitpointAt()));
        out.u32("spares", meta.i32(splitpointAt() + 4));
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
  /// data of block 1: line pointers, then the tuples; of block 2: line pointers
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

    @Override
    public void fields(RecordFields out) {
      out.number("ntups", ntups());
      out.flag("isPrimBucketSameWrt", isPrimBucketSameWrt());
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

    @Override
    public void fields(RecordFields out) {
      out.u32("prevblkno", prevblkno());
      out.u32("nextblkno", nextblkno());
      out.number("ntups", ntups());
      out.flag("isPrimBucketSameWrt", isPrimBucketSameWrt());
      out.flag("isPrevBucketSameWrt", isPrevBucketSameWrt());
      ofBlock("bitmapBit", record, 5, out);
      ofBlock("firstfree", record, 6, out);
    }
  }

  /// Tuples of a page, block 1, are removed; its data are their line pointers. Block 0 is the
  /// bucket's first page, if that is another one.
  ///
  /// ```
  /// offset  bytes  field                   (main data)
  ///      0      1  clear_dead_marking
  ///      1      1  is_primary_bucket_page
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

    @Override
    public void fields(RecordFields out) {
      RecordBytes data = record.block(1).data();
      out.flag("clearDeadMarking", clearDeadMarking());
      out.flag("isPrimaryBucketPage", isPrimaryBucketPage());
      Offsets.list("offsets", data, 0, data.length() / Short.BYTES, out);
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

    private static final int LENGTH = 8;

    static WalRecord of(DecodedXLogRecord record) {
      var vacuum = new VacuumOnePage(record);
      return unless(
          record.main().length() >= LENGTH
              && record.main().holds(LENGTH, vacuum.ntuples(), Short.BYTES),
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

    @Override
    public void fields(RecordFields out) {
      out.u32("snapshotConflictHorizon", snapshotConflictHorizon());
      out.number("ntuples", ntuples());
      out.flag("isCatalogRel", isCatalogRel());
      Offsets.list("offsets", record.main(), LENGTH, ntuples(), out);
    }
  }

  /// The number that is all of a block's data, if it is there.
  private static void ofBlock(String name, DecodedXLogRecord record, int id, RecordFields out) {
    RecordBytes data = record.block(id).data();
    if (data.length() >= Integer.BYTES) {
      out.u32(name, data.i32(0));
    }
  }
}
