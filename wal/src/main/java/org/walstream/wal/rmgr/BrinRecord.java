package org.walstream.wal.rmgr;

import static org.walstream.wal.rmgr.UnknownRecord.unless;

import org.jspecify.annotations.Nullable;
import org.walstream.wal.WalFormat;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.record.RecordBytes;

/// Records of the resource manager `BRIN`.
///
/// Counterpart of src/include/access/brin_xlog.h.
public sealed interface BrinRecord extends WalRecord {

  /// XLOG_BRIN_CREATE_INDEX and so on: what is left of `xl_info` under [#OPCODE_MASK].
  int CREATE_INDEX = 0x00;

  int INSERT = 0x10;
  int UPDATE = 0x20;
  int SAMEPAGE_UPDATE = 0x30;
  int REVMAP_EXTEND = 0x40;
  int DESUMMARIZE = 0x50;

  /// XLOG_BRIN_OPMASK
  int OPCODE_MASK = 0x70;

  /// The tuple is the first of its page, which redo makes anew.
  int XLOG_BRIN_INIT_PAGE = 0x80;

  /// The name of the record type with this `xl_info`, or null when there is none.
  static @Nullable String name(WalFormat format, int info) {
    return switch (info & 0xF0) {
      case CREATE_INDEX -> "CREATE_INDEX";
      case INSERT -> "INSERT";
      case INSERT | XLOG_BRIN_INIT_PAGE -> "INSERT+INIT";
      case UPDATE -> "UPDATE";
      case UPDATE | XLOG_BRIN_INIT_PAGE -> "UPDATE+INIT";
      case SAMEPAGE_UPDATE -> "SAMEPAGE_UPDATE";
      case REVMAP_EXTEND -> "REVMAP_EXTEND";
      case DESUMMARIZE -> "DESUMMARIZE";
      default -> null;
    };
  }

  static @Nullable BrinRecord of(DecodedXLogRecord record) {
    int length = record.main().length();
    return switch (record.opcode() & OPCODE_MASK) {
      case CREATE_INDEX -> unless(length >= CreateIndex.LENGTH, new CreateIndex(record));
      case INSERT -> unless(length >= Insert.LENGTH, new Insert(record));
      case UPDATE -> unless(length >= Update.LENGTH, new Update(record));
      case SAMEPAGE_UPDATE -> unless(length >= SamepageUpdate.LENGTH, new SamepageUpdate(record));
      case REVMAP_EXTEND -> unless(length >= RevmapExtend.LENGTH, new RevmapExtend(record));
      case DESUMMARIZE -> unless(length >= Desummarize.LENGTH, new Desummarize(record));
      default -> null;
    };
  }

  /// An index begins. Block 0 is its metapage.
  ///
  /// ```
  /// offset  bytes  field          (main data)
  ///      0      4  pagesPerRange
  ///      4      2  version
  /// ```
  ///
  /// Counterpart of xl_brin_createidx.
  record CreateIndex(DecodedXLogRecord record) implements BrinRecord {

    private static final int LENGTH = 6;

    public int pagesPerRange() {
      return record.main().i32(0);
    }

    public int version() {
      return record.main().u16(4);
    }

    @Override
    public void fields(RecordFields out) {
      out.u32("pagesPerRange", pagesPerRange());
      out.number("version", version());
    }
  }

  /// A range of pages gets a summary: on block 0, which has the tuple; found by way of block 1.
  ///
  /// ```
  /// offset  bytes  field          (main data)
  ///      0      4  heapBlk        the range's first page
  ///      4      4  pagesPerRange
  ///      8      2  offnum
  /// ```
  ///
  /// Counterpart of xl_brin_insert.
  record Insert(DecodedXLogRecord record) implements BrinRecord {

    private static final int LENGTH = 10;

    public int heapBlk() {
      return record.main().i32(0);
    }

    public int pagesPerRange() {
      return record.main().i32(4);
    }

    public int offnum() {
      return record.main().u16(8);
    }

    /// Empty when block 0 has an image in its place.
    public RecordBytes tuple() {
      return record.block(0).data();
    }

    @Override
    public void fields(RecordFields out) {
      out.u32("heapBlk", heapBlk());
      out.u32("pagesPerRange", pagesPerRange());
      out.number("offnum", offnum());
      out.number("tupleLength", tuple().length());
    }
  }

  /// A summary moves from block 2 to block 0, which has the new tuple; found by way of block 1.
  ///
  /// ```
  /// offset  bytes  field          (main data)
  ///      0      2  oldOffnum
  ///      4      4  heapBlk        the range's first page
  ///      8      4  pagesPerRange
  ///     12      2  offnum
  /// ```
  ///
  /// Counterpart of xl_brin_update.
  record Update(DecodedXLogRecord record) implements BrinRecord {

    private static final int LENGTH = 14;

    public int oldOffnum() {
      return record.main().u16(0);
    }

    public int heapBlk() {
      return record.main().i32(4);
    }

    public int pagesPerRange() {
      return record.main().i32(8);
    }

    public int offnum() {
      return record.main().u16(12);
    }

    /// Empty when block 0 has an image in its place.
    public RecordBytes tuple() {
      return record.block(0).data();
    }

    @Override
    public void fields(RecordFields out) {
      out.number("oldOffnum", oldOffnum());
      out.u32("heapBlk", heapBlk());
      out.u32("pagesPerRange", pagesPerRange());
      out.number("offnum", offnum());
      out.number("tupleLength", tuple().length());
    }
  }

  /// A summary is overwritten on its page, block 0, which has the new tuple.
  ///
  /// ```
  /// offset  bytes  field   (main data)
  ///      0      2  offnum
  /// ```
  ///
  /// Counterpart of xl_brin_samepage_update.
  record SamepageUpdate(DecodedXLogRecord record) implements BrinRecord {

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

  /// The map of ranges gets another page, block 1, noted in the metapage, block 0.
  ///
  /// ```
  /// offset  bytes  field      (main data)
  ///      0      4  targetBlk
  /// ```
  ///
  /// Counterpart of xl_brin_revmap_extend.
  record RevmapExtend(DecodedXLogRecord record) implements BrinRecord {

    private static final int LENGTH = 4;

    public int targetBlk() {
      return record.main().i32(0);
    }

    @Override
    public void fields(RecordFields out) {
      out.u32("targetBlk", targetBlk());
    }
  }

  /// A range's summary is removed: from the map, block 0, and from its page, block 1.
  ///
  /// ```
  /// offset  bytes  field          (main data)
  ///      0      4  pagesPerRange
  ///      4      4  heapBlk        the range's first page
  ///      8      2  regOffset      the tuple on block 1
  /// ```
  ///
  /// Counterpart of xl_brin_desummarize.
  record Desummarize(DecodedXLogRecord record) implements BrinRecord {

    private static final int LENGTH = 10;

    public int pagesPerRange() {
      return record.main().i32(0);
    }

    public int heapBlk() {
      return record.main().i32(4);
    }

    public int regOffset() {
      return record.main().u16(8);
    }

    @Override
    public void fields(RecordFields out) {
      out.u32("pagesPerRange", pagesPerRange());
      out.u32("heapBlk", heapBlk());
      out.number("regOffset", regOffset());
    }
  }
}
