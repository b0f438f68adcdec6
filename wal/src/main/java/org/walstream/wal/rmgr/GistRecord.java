package org.walstream.wal.rmgr;

import static org.walstream.wal.rmgr.UnknownRecord.unless;

import org.jspecify.annotations.Nullable;
import org.walstream.wal.WalFormat;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.record.RecordBytes;
import org.walstream.wal.record.RelFileLocator;

/// Records of the resource manager `Gist`.
///
/// Counterpart of src/include/access/gistxlog.h.
public sealed interface GistRecord extends WalRecord {

  /// XLOG_GIST_PAGE_UPDATE and so on.
  int PAGE_UPDATE = 0x00;

  int DELETE = 0x10;
  int PAGE_REUSE = 0x20;
  int PAGE_SPLIT = 0x30;
  int PAGE_DELETE = 0x60;
  int ASSIGN_LSN = 0x70;

  /// The name of the record type with this `xl_info`, or null when there is none.
  static @Nullable String name(WalFormat format, int info) {
    return switch (info & 0xF0) {
      case PAGE_UPDATE -> "PAGE_UPDATE";
      case DELETE -> "DELETE";
      case PAGE_REUSE -> "PAGE_REUSE";
      case PAGE_SPLIT -> "PAGE_SPLIT";
      case PAGE_DELETE -> "PAGE_DELETE";
      case ASSIGN_LSN -> "ASSIGN_LSN";
      default -> null;
    };
  }

  static @Nullable GistRecord of(DecodedXLogRecord record) {
    int length = record.main().length();
    return switch (record.opcode()) {
      case PAGE_UPDATE -> PageUpdate.of(record);
      case DELETE -> Delete.of(record);
      case PAGE_REUSE ->
          unless(
              length >= (record.format().conflictsTellCatalog() ? 25 : 24), new PageReuse(record));
      case PAGE_SPLIT -> PageSplit.of(record);
      case PAGE_DELETE -> unless(length >= PageDelete.LENGTH, new PageDelete(record));
      case ASSIGN_LSN -> new AssignLsn(record);
      default -> null;
    };
  }

  /// Tuples of a page are removed, and others put behind what is left. Block 1 is the left page of
  /// the split that this completes.
  ///
  /// ```
  /// offset  bytes  field      (main data)
  ///      0      2  ntodelete
  ///      2      2  ntoinsert
  ///
  /// bytes  field     (data of block 0, the page)
  ///   2 n  todelete  line pointers
  ///        tuples
  /// ```
  ///
  /// Counterpart of gistxlogPageUpdate.
  record PageUpdate(DecodedXLogRecord record) implements GistRecord {

    private static final int LENGTH = 4;

    static @Nullable PageUpdate of(DecodedXLogRecord record) {
      var update = new PageUpdate(record);
      RecordBytes data = record.block(0).data();
      return unless(
          record.main().length() >= LENGTH
              && (data.length() == 0 || data.holds(0, update.ntodelete(), Short.BYTES)),
          update);
    }

    public int ntodelete() {
      return record.main().u16(0);
    }

    public int ntoinsert() {
      return record.main().u16(2);
    }

    /// The data of block 0; empty when there is an image in its place.
    public RecordBytes change() {
      return record.block(0).data();
    }

    public int todelete(int index) {
      return change().u16(Short.BYTES * index);
    }

    /// Where in [#change] the tuples stand, see [IndexTuple].
    public int tuplesAt() {
      return Short.BYTES * ntodelete();
    }

    @Override
    public void fields(RecordFields out) {
      out.number("ntodelete", ntodelete());
      out.number("ntoinsert", ntoinsert());
      out.numbers("todelete", change().length() == 0 ? 0 : ntodelete(), this::todelete);
      out.number("tuplesLength", Math.max(change().length() - tuplesAt(), 0));
    }
  }

  /// Tuples of a leaf, block 0, known to be dead, make room.
  ///
  /// ```
  /// offset  bytes  field                    (main data)
  ///      0      4  snapshotConflictHorizon  PostgreSQL 15: latestRemovedXid
  ///      4      2  ntodelete
  ///   PostgreSQL 15:
  ///      6    2 n  offsets
  ///   since PostgreSQL 16:
  ///      6      1  isCatalogRel
  ///      8    2 n  offsets
  /// ```
  ///
  /// Counterpart of gistxlogDelete.
  record Delete(DecodedXLogRecord record) implements GistRecord {

    static @Nullable Delete of(DecodedXLogRecord record) {
      var delete = new Delete(record);
      return unless(
          record.main().length() >= delete.offsetsAt()
              && record.main().holds(delete.offsetsAt(), delete.ntodelete(), Short.BYTES),
          delete);
    }

    public int snapshotConflictHorizon() {
      return record.main().i32(0);
    }

    public int ntodelete() {
      return record.main().u16(4);
    }

    /// False, too, when the record does not say.
    public boolean isCatalogRel() {
      return record.format().conflictsTellCatalog() && record.main().u8(6) != 0;
    }

    /// Where in the main data the line pointers stand.
    public int offsetsAt() {
      return record.format().conflictsTellCatalog() ? 8 : 6;
    }

    public int offset(int index) {
      return record.main().u16(offsetsAt() + Short.BYTES * index);
    }

    @Override
    public void fields(RecordFields out) {
      out.u32("snapshotConflictHorizon", snapshotConflictHorizon());
      out.number("ntodelete", ntodelete());
      out.flag("isCatalogRel", isCatalogRel());
      out.numbers("offsets", ntodelete(), this::offset);
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
  /// Counterpart of gistxlogPageReuse.
  record PageReuse(DecodedXLogRecord record) implements GistRecord {

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

  /// A page is split into several. Blocks 1 to `npage` are what it is split into; block 0 is the
  /// left page of the split below that this completes.
  ///
  /// ```
  /// offset  bytes  field            (main data)
  ///      0      4  origrlink        the page to the right before the split
  ///      8      8  orignsn          the page's node sequence number before the split
  ///     16      1  origleaf
  ///     18      2  npage
  ///     20      1  markfollowright
  ///
  /// offset  bytes  field            (data of each of blocks 1 to npage)
  ///      0      4  ntuples          signed
  ///      4         tuples           see IndexTuple
  /// ```
  ///
  /// Counterpart of gistxlogPageSplit.
  record PageSplit(DecodedXLogRecord record) implements GistRecord {

    private static final int LENGTH = 21;
    private static final int TUPLES_AT = 4;

    static @Nullable PageSplit of(DecodedXLogRecord record) {
      var split = new PageSplit(record);
      return unless(record.main().length() >= LENGTH && split.pagesFit(), split);
    }

    private boolean pagesFit() {
      for (int block = 1; block <= Math.min(npage(), record.maxBlockId()); block++) {
        if (hasTuples(block) && page(block).length() < TUPLES_AT) {
          return false;
        }
      }
      return true;
    }

    public int origrlink() {
      return record.main().i32(0);
    }

    /// A position in WAL.
    public long orignsn() {
      return record.main().i64(8);
    }

    public boolean origleaf() {
      return record.main().u8(16) != 0;
    }

    public int npage() {
      return record.main().u16(18);
    }

    public boolean markfollowright() {
      return record.main().u8(20) != 0;
    }

    /// The data of a block; empty when there is an image in its place.
    ///
    /// @param block 1 to [#npage]
    public RecordBytes page(int block) {
      return record.block(block).data();
    }

    public boolean hasTuples(int block) {
      return record.hasBlock(block) && page(block).length() > 0;
    }

    /// Only if [#hasTuples].
    public int ntuples(int block) {
      return page(block).i32(0);
    }

    /// Where in [#page] the tuples stand.
    public int tuplesAt() {
      return TUPLES_AT;
    }

    @Override
    public void fields(RecordFields out) {
      out.u32("origrlink", origrlink());
      out.lsn("orignsn", orignsn());
      out.flag("origleaf", origleaf());
      out.number("npage", npage());
      out.flag("markfollowright", markfollowright());
      out.list("pages", npage(), this::page);
    }

    private void page(int index, RecordFields out) {
      int block = index + 1;
      if (hasTuples(block)) {
        out.number("ntuples", ntuples(block));
        out.number("tuplesLength", page(block).length() - tuplesAt());
      }
    }
  }

  /// An empty leaf, block 0, is taken out of its parent, block 1.
  ///
  /// ```
  /// offset  bytes  field           (main data)
  ///      0      8  deleteXid       epoch and transaction: when the page may be used again
  ///      8      2  downlinkOffset
  /// ```
  ///
  /// Counterpart of gistxlogPageDelete.
  record PageDelete(DecodedXLogRecord record) implements GistRecord {

    private static final int LENGTH = 10;

    public long deleteXid() {
      return record.main().i64(0);
    }

    public int downlinkOffset() {
      return record.main().u16(8);
    }

    @Override
    public void fields(RecordFields out) {
      out.unsigned("deleteXid", deleteXid());
      out.number("downlinkOffset", downlinkOffset());
    }
  }

  /// Does nothing but take up a position in WAL, for a node sequence number.
  record AssignLsn(DecodedXLogRecord record) implements GistRecord {

    @Override
    public void fields(RecordFields out) {}
  }
}
