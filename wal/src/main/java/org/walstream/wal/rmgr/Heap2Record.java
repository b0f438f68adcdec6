package org.walstream.wal.rmgr;

import static org.walstream.wal.rmgr.UnknownRecord.unless;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.walstream.wal.WalFormat;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.record.RecordBytes;
import org.walstream.wal.record.RelFileLocator;

/// Records of the resource manager `Heap2`: tables, a page or many tuples at a time. Of three
/// opcodes the meaning changed with PostgreSQL 17.
///
/// Counterpart of XLOG_HEAP2_*, src/include/access/heapam_xlog.h.
public sealed interface Heap2Record extends WalRecord
    permits Heap2Record.Rewrite,
        Heap2Record.Prune,
        Heap2Record.Vacuum,
        Heap2Record.FreezeTuples,
        Heap2Record.FreezePage,
        PruneFreeze,
        Heap2Record.Visible,
        Heap2Record.MultiInsert,
        Heap2Record.LockUpdated,
        Heap2Record.NewCid {

  /// XLOG_HEAP2_REWRITE and so on: what is left of `xl_info` under [HeapRecord#OPCODE_MASK].
  int REWRITE = 0x00;

  /// Up to PostgreSQL 16.
  int PRUNE = 0x10;

  int VACUUM = 0x20;
  int FREEZE_PAGE = 0x30;

  /// Since PostgreSQL 17.
  int PRUNE_ON_ACCESS = 0x10;

  int PRUNE_VACUUM_SCAN = 0x20;
  int PRUNE_VACUUM_CLEANUP = 0x30;

  int VISIBLE = 0x40;
  int MULTI_INSERT = 0x50;
  int LOCK_UPDATED = 0x60;
  int NEW_CID = 0x70;

  /// The name of the record type with this `xl_info`, or null when there is none.
  static @Nullable String name(WalFormat format, int info) {
    boolean atOnce = format.prunesAndFreezesAtOnce();
    return switch (info & 0xF0) {
      case REWRITE -> "REWRITE";
      case PRUNE -> atOnce ? "PRUNE_ON_ACCESS" : "PRUNE";
      case VACUUM -> atOnce ? "PRUNE_VACUUM_SCAN" : "VACUUM";
      case FREEZE_PAGE -> atOnce ? "PRUNE_VACUUM_CLEANUP" : "FREEZE_PAGE";
      case VISIBLE -> "VISIBLE";
      case MULTI_INSERT -> "MULTI_INSERT";
      case MULTI_INSERT | HeapRecord.XLOG_HEAP_INIT_PAGE -> "MULTI_INSERT+INIT";
      case LOCK_UPDATED -> "LOCK_UPDATED";
      case NEW_CID -> "NEW_CID";
      default -> null;
    };
  }

  /// As [HeapRecord#visibilityFlags].
  static int visibilityFlags(DecodedXLogRecord record) {
    int at =
        switch (record.opcode() & HeapRecord.OPCODE_MASK) {
          case MULTI_INSERT -> MultiInsert.FLAGS_AT;
          case LOCK_UPDATED -> LockUpdated.FLAGS_AT;
          default -> Integer.MAX_VALUE;
        };
    return at < record.main().length() ? record.main().u8(at) : 0;
  }

  static @Nullable Heap2Record of(DecodedXLogRecord record) {
    int length = record.main().length();
    WalFormat format = record.format();
    boolean atOnce = format.prunesAndFreezesAtOnce();
    return switch (record.opcode() & HeapRecord.OPCODE_MASK) {
      case REWRITE -> Rewrite.of(record);
      case PRUNE -> atOnce ? PruneFreeze.of(record) : Prune.of(record);
      case VACUUM -> atOnce ? PruneFreeze.of(record) : Vacuum.of(record);
      case FREEZE_PAGE ->
          atOnce
              ? PruneFreeze.of(record)
              : format.freezesByPlan() ? FreezePage.of(record) : FreezeTuples.of(record);
      case VISIBLE -> unless(length >= Visible.LENGTH, new Visible(record));
      case MULTI_INSERT -> MultiInsert.of(record);
      case LOCK_UPDATED -> unless(length >= LockUpdated.LENGTH, new LockUpdated(record));
      case NEW_CID -> unless(length >= NewCid.LENGTH, new NewCid(record));
      default -> null;
    };
  }

  /// Where tuples of a catalog went when it was rewritten, for those who decode.
  ///
  /// ```
  /// offset  bytes  field         (main data)
  ///      0      4  mapped_xid    who might still need it
  ///      4      4  mapped_db
  ///      8      4  mapped_rel
  ///     16      8  offset        where in the mapping's file this belongs
  ///     24      4  num_mappings
  ///     32      8  start_lsn     when the rewrite began
  ///     40    36 n  mappings      of each:
  ///      0     12  oldLocator    RelFileLocator
  ///     12     12  newLocator    RelFileLocator
  ///     24      6  oldTid
  ///     30      6  newTid
  /// ```
  ///
  /// Counterpart of xl_heap_rewrite_mapping and LogicalRewriteMappingData
  /// (src/include/access/rewriteheap.h).
  record Rewrite(DecodedXLogRecord record) implements Heap2Record {

    /// Bytes of a mapping, in the record as in its file.
    public static final int MAPPING_LENGTH = 36;

    private static final int LENGTH = 40;

    static @Nullable Rewrite of(DecodedXLogRecord record) {
      RecordBytes main = record.main();
      return unless(
          main.length() >= LENGTH && main.holds(LENGTH, main.i32(24), MAPPING_LENGTH),
          new Rewrite(record));
    }

    public int mappedXid() {
      return record.main().i32(0);
    }

    public int mappedDb() {
      return record.main().i32(4);
    }

    public int mappedRel() {
      return record.main().i32(8);
    }

    public long offset() {
      return record.main().i64(16);
    }

    public int numMappings() {
      return record.main().i32(24);
    }

    public long startLsn() {
      return record.main().i64(32);
    }

    /// Where in the main data the mappings stand, to its end as the file takes them.
    public int mappingsAt() {
      return LENGTH;
    }

    public RelFileLocator oldLocator(int mapping) {
      return RelFileLocator.read(record.main(), at(mapping));
    }

    public RelFileLocator newLocator(int mapping) {
      return RelFileLocator.read(record.main(), at(mapping) + 12);
    }

    /// Where in the main data the TID stands that a tuple had.
    public int oldTidAt(int mapping) {
      return at(mapping) + 24;
    }

    /// Where in the main data the TID stands that it has now.
    public int newTidAt(int mapping) {
      return at(mapping) + 30;
    }

    private int at(int mapping) {
      return LENGTH + MAPPING_LENGTH * Objects.checkIndex(mapping, numMappings());
    }

    @Override
    public void fields(RecordFields out) {
      out.u32("mappedXid", mappedXid());
      out.u32("mappedDb", mappedDb());
      out.u32("mappedRel", mappedRel());
      out.number("offset", offset());
      out.lsn("startLsn", startLsn());
      out.list("mappings", numMappings(), this::mapping);
    }

    private void mapping(int index, RecordFields out) {
      out.locator("oldLocator", oldLocator(index));
      out.locator("newLocator", newLocator(index));
      Tid.field("oldTid", record.main(), oldTidAt(index), out);
      Tid.field("newTid", record.main(), newTidAt(index), out);
    }
  }

  /// A page is pruned of dead tuples; up to PostgreSQL 16.
  ///
  /// ```
  /// offset  bytes  field                    (main data)
  ///      0      4  snapshotConflictHorizon  PostgreSQL 15: latestRemovedXid
  ///      4      2  nredirected
  ///      6      2  ndead
  ///      8      1  isCatalogRel             since PostgreSQL 16
  ///
  /// bytes  field       (data of block 0, the page)
  ///   4 n  redirected  line pointers, each followed by the one it is redirected to
  ///   2 n  dead        line pointers
  ///   2 n  unused      line pointers, to the data's end
  /// ```
  ///
  /// Counterpart of xl_heap_prune of these versions.
  record Prune(DecodedXLogRecord record) implements Heap2Record {

    static @Nullable Prune of(DecodedXLogRecord record) {
      int length = record.format().conflictsTellCatalog() ? 9 : 8;
      var prune = new Prune(record);
      return unless(record.main().length() >= length && prune.itemsFit(), prune);
    }

    private boolean itemsFit() {
      return items().length() == 0 || items().length() >= unusedAt();
    }

    public int snapshotConflictHorizon() {
      return record.main().i32(0);
    }

    public int nredirected() {
      return record.main().u16(4);
    }

    public int ndead() {
      return record.main().u16(6);
    }

    /// False, too, when the record does not say.
    public boolean isCatalogRel() {
      return record.format().conflictsTellCatalog() && record.main().u8(8) != 0;
    }

    /// The data of block 0, in which the line pointers stand; empty when there is an image in its
    /// place.
    public RecordBytes items() {
      return record.block(0).data();
    }

    public int redirectedFrom(int index) {
      return items().u16(2 * Short.BYTES * index);
    }

    public int redirectedTo(int index) {
      return items().u16(2 * Short.BYTES * index + Short.BYTES);
    }

    /// Where in [#items] the line pointers stand that become dead; redirections are at 0.
    public int deadAt() {
      return 2 * Short.BYTES * nredirected();
    }

    public int dead(int index) {
      return items().u16(deadAt() + Short.BYTES * index);
    }

    /// Where in [#items] the line pointers stand that become unused.
    public int unusedAt() {
      return deadAt() + Short.BYTES * ndead();
    }

    public int unused(int index) {
      return items().u16(unusedAt() + Short.BYTES * index);
    }

    /// 0, too, when there is an image in place of the line pointers.
    public int nunused() {
      return items().length() == 0 ? 0 : (items().length() - unusedAt()) / Short.BYTES;
    }

    @Override
    public void fields(RecordFields out) {
      boolean listed = items().length() > 0;
      out.u32("snapshotConflictHorizon", snapshotConflictHorizon());
      out.number("nredirected", nredirected());
      out.number("ndead", ndead());
      out.flag("isCatalogRel", isCatalogRel());
      out.list(
          "redirected",
          listed ? nredirected() : 0,
          (index, item) -> {
            item.number("from", redirectedFrom(index));
            item.number("to", redirectedTo(index));
          });
      out.numbers("dead", listed ? ndead() : 0, this::dead);
      out.numbers("unused", nunused(), this::unused);
    }
  }

  /// Dead line pointers of a page become unused; up to PostgreSQL 16.
  ///
  /// ```
  /// offset  bytes  field    (main data)
  ///      0      2  nunused
  ///
  /// bytes  field   (data of block 0, the page)
  ///   2 n  unused  line pointers
  /// ```
  ///
  /// Counterpart of xl_heap_vacuum.
  record Vacuum(DecodedXLogRecord record) implements Heap2Record {

    static @Nullable Vacuum of(DecodedXLogRecord record) {
      RecordBytes items = record.block(0).data();
      return unless(
          record.main().length() >= Short.BYTES
              && (items.length() == 0 || items.holds(0, record.main().u16(0), Short.BYTES)),
          new Vacuum(record));
    }

    public int nunused() {
      return record.main().u16(0);
    }

    /// The data of block 0: the line pointers; empty when there is an image in its place.
    public RecordBytes items() {
      return record.block(0).data();
    }

    public int unused(int index) {
      return items().u16(Short.BYTES * index);
    }

    @Override
    public void fields(RecordFields out) {
      out.number("nunused", nunused());
      out.numbers("unused", items().length() == 0 ? 0 : nunused(), this::unused);
    }
  }

  /// Tuples of a page are frozen, each in its own way: XLOG_HEAP2_FREEZE_PAGE of PostgreSQL 15.
  ///
  /// ```
  /// offset  bytes  field                    (main data)
  ///      0      4  snapshotConflictHorizon  cutoff_xid
  ///      4      2  ntuples
  ///
  /// offset  bytes  field        (data of block 0, the page: 12 bytes for each tuple)
  ///      0      4  xmax
  ///      4      2  offset       of the tuple on its page
  ///      6      2  t_infomask2
  ///      8      2  t_infomask
  ///     10      1  frzflags     0x02 xvac becomes frozen, 0x04 xvac becomes invalid
  /// ```
  ///
  /// Counterpart of xl_heap_freeze_page and xl_heap_freeze_tuple of PostgreSQL 15.
  record FreezeTuples(DecodedXLogRecord record) implements Heap2Record {

    private static final int LENGTH = 6;
    private static final int TUPLE_LENGTH = 12;

    static @Nullable FreezeTuples of(DecodedXLogRecord record) {
      RecordBytes tuples = record.block(0).data();
      return unless(
          record.main().length() >= LENGTH
              && (tuples.length() == 0 || tuples.holds(0, record.main().u16(4), TUPLE_LENGTH)),
          new FreezeTuples(record));
    }

    public int snapshotConflictHorizon() {
      return record.main().i32(0);
    }

    public int ntuples() {
      return record.main().u16(4);
    }

    /// The data of block 0, in which what becomes of the tuples stands; empty when there is an
    /// image in its place.
    public RecordBytes tuples() {
      return record.block(0).data();
    }

    public int xmax(int tuple) {
      return tuples().i32(TUPLE_LENGTH * tuple);
    }

    public int offset(int tuple) {
      return tuples().u16(TUPLE_LENGTH * tuple + 4);
    }

    public int tInfomask2(int tuple) {
      return tuples().u16(TUPLE_LENGTH * tuple + 6);
    }

    public int tInfomask(int tuple) {
      return tuples().u16(TUPLE_LENGTH * tuple + 8);
    }

    /// [FreezePlans#XLH_FREEZE_XVAC], [FreezePlans#XLH_INVALID_XVAC].
    public int frzflags(int tuple) {
      return tuples().u8(TUPLE_LENGTH * tuple + 10);
    }

    @Override
    public void fields(RecordFields out) {
      out.u32("snapshotConflictHorizon", snapshotConflictHorizon());
      out.number("ntuples", ntuples());
      out.list(
          "tuples",
          tuples().length() == 0 ? 0 : ntuples(),
          (tuple, item) -> {
            item.u32("xmax", xmax(tuple));
            item.number("offset", offset(tuple));
            item.number("tInfomask2", tInfomask2(tuple));
            item.number("tInfomask", tInfomask(tuple));
            item.number("frzflags", frzflags(tuple));
          });
    }
  }

  /// Tuples of a page are frozen, by plans; of PostgreSQL 16.
  ///
  /// ```
  /// offset  bytes  field                    (main data)
  ///      0      4  snapshotConflictHorizon
  ///      4      2  nplans
  ///      6      1  isCatalogRel
  ///
  /// bytes  field    (data of block 0, the page)
  ///  12 n  plans    FreezePlans
  ///   2 n  plan offsets
  /// ```
  ///
  /// Counterpart of xl_heap_freeze_page of PostgreSQL 16.
  record FreezePage(DecodedXLogRecord record) implements Heap2Record {

    private static final int LENGTH = 7;

    static @Nullable FreezePage of(DecodedXLogRecord record) {
      var freeze = new FreezePage(record);
      return unless(record.main().length() >= LENGTH && freeze.plans().fit(), freeze);
    }

    public int snapshotConflictHorizon() {
      return record.main().i32(0);
    }

    public int nplans() {
      return record.main().u16(4);
    }

    public boolean isCatalogRel() {
      return record.main().u8(6) != 0;
    }

    /// None when block 0 has an image in their place.
    public FreezePlans plans() {
      RecordBytes data = record.block(0).data();
      int count = data.length() == 0 ? 0 : nplans();
      return new FreezePlans(data, 0, count, FreezePlans.LENGTH * count);
    }

    @Override
    public void fields(RecordFields out) {
      out.u32("snapshotConflictHorizon", snapshotConflictHorizon());
      out.number("nplans", nplans());
      out.flag("isCatalogRel", isCatalogRel());
      plans().fields(out);
    }
  }

  /// All tuples of a page are seen by all, or all are frozen. Block 0 is the visibility map's page,
  /// block 1 the table's.
  ///
  /// ```
  /// offset  bytes  field                    (main data)
  ///      0      4  snapshotConflictHorizon  PostgreSQL 15: cutoff_xid
  ///      4      1  flags                    0x01 all-visible, 0x02 all-frozen,
  ///                                         0x04 of a catalog, since PostgreSQL 16
  /// ```
  ///
  /// Counterpart of xl_heap_visible.
  record Visible(DecodedXLogRecord record) implements Heap2Record {

    public static final int VISIBILITYMAP_ALL_VISIBLE = 0x01;
    public static final int VISIBILITYMAP_ALL_FROZEN = 0x02;
    public static final int VISIBILITYMAP_VALID_BITS =
        VISIBILITYMAP_ALL_VISIBLE | VISIBILITYMAP_ALL_FROZEN;
    public static final int VISIBILITYMAP_XLOG_CATALOG_REL = 0x04;

    private static final int LENGTH = 5;

    public int snapshotConflictHorizon() {
      return record.main().i32(0);
    }

    public int flags() {
      return record.main().u8(4);
    }

    @Override
    public void fields(RecordFields out) {
      out.u32("snapshotConflictHorizon", snapshotConflictHorizon());
      out.number("flags", flags());
    }
  }

  /// Several tuples are put onto a page.
  ///
  /// ```
  /// offset  bytes  field    (main data)
  ///      0      1  flags    as of INSERT
  ///      2      2  ntuples
  ///      4    2 n  offsets  not there with +INIT: 1, 2, 3, …
  ///
  /// offset  bytes  field    (data of block 0, the page: each tuple, at an even offset)
  ///      0      2  datalen
  ///      2         tuple    LoggedTuple, with datalen bytes of data
  /// ```
  ///
  /// Counterpart of xl_heap_multi_insert and xl_multi_insert_tuple.
  record MultiInsert(DecodedXLogRecord record) implements Heap2Record {

    private static final int FLAGS_AT = 0;

    private static final int LENGTH = 4;

    static @Nullable MultiInsert of(DecodedXLogRecord record) {
      var insert = new MultiInsert(record);
      return unless(
          record.main().length() >= LENGTH && insert.offsetsFit() && insert.tuplesFit(), insert);
    }

    private boolean offsetsFit() {
      return isInit() || record.main().holds(LENGTH, ntuples(), Short.BYTES);
    }

    private boolean tuplesFit() {
      RecordBytes data = record.block(0).data();
      int at = 0;
      for (int tuple = 0; data.length() > 0 && tuple < ntuples(); tuple++) {
        if (!data.holds(at, 1, Short.BYTES)
            || !data.holds(at + Short.BYTES, 1, LoggedTuple.HEADER_LENGTH + data.u16(at))) {
          return false;
        }
        at = after(at);
      }
      return true;
    }

    /// True when redo makes the page anew.
    public boolean isInit() {
      return (record.opcode() & HeapRecord.XLOG_HEAP_INIT_PAGE) != 0;
    }

    public int flags() {
      return record.main().u8(FLAGS_AT);
    }

    public int ntuples() {
      return record.main().u16(2);
    }

    /// Where on the page the tuple of this index, from 0, goes.
    public int offset(int index) {
      return isInit() ? index + 1 : record.main().u16(LENGTH + Short.BYTES * index);
    }

    /// Bytes of data that the tuple at `at` of block 0's data has.
    public int datalen(int at) {
      return record.block(0).data().u16(at);
    }

    /// The tuple at `at` of block 0's data, the first one at 0; there are none when the block has
    /// an image in their place.
    public LoggedTuple tuple(int at) {
      RecordBytes data = record.block(0).data();
      return new LoggedTuple(data, at + Short.BYTES, datalen(at));
    }

    /// Where the tuple after the one at `at` stands.
    public int after(int at) {
      int length = Short.BYTES + LoggedTuple.HEADER_LENGTH + datalen(at);
      return at + length + (length & 1);
    }

    @Override
    public void fields(RecordFields out) {
      out.number("flags", flags());
      out.number("ntuples", ntuples());
      out.numbers("offsets", ntuples(), this::offset);
      int[] at = new int[record.block(0).data().length() == 0 ? 0 : ntuples()];
      for (int tuple = 1; tuple < at.length; tuple++) {
        at[tuple] = after(at[tuple - 1]);
      }
      out.list("tuples", at.length, (index, item) -> tuple(at[index]).fields(item));
    }
  }

  /// A later version of a tuple, made by an update, is locked as well.
  ///
  /// ```
  /// offset  bytes  field         (main data)
  ///      0      4  xmax
  ///      4      2  offnum
  ///      6      1  infobits_set
  ///      7      1  flags         0x01 all-frozen cleared
  /// ```
  ///
  /// Counterpart of xl_heap_lock_updated.
  record LockUpdated(DecodedXLogRecord record) implements Heap2Record {

    private static final int FLAGS_AT = 7;

    private static final int LENGTH = 8;

    public int xmax() {
      return record.main().i32(0);
    }

    public int offnum() {
      return record.main().u16(4);
    }

    public int infobitsSet() {
      return record.main().u8(6);
    }

    public int flags() {
      return record.main().u8(FLAGS_AT);
    }

    @Override
    public void fields(RecordFields out) {
      out.u32("xmax", xmax());
      out.number("offnum", offnum());
      out.number("infobitsSet", infobitsSet());
      out.number("flags", flags());
    }
  }

  /// Which commands made and deleted a tuple of a catalog, for those who decode.
  ///
  /// ```
  /// offset  bytes  field           (main data)
  ///      0      4  top_xid
  ///      4      4  cmin
  ///      8      4  cmax
  ///     12      4  combocid
  ///     16     12  target_locator
  ///     28      6  target_tid
  /// ```
  ///
  /// Counterpart of xl_heap_new_cid.
  record NewCid(DecodedXLogRecord record) implements Heap2Record {

    private static final int LENGTH = 34;
    private static final int TID_AT = 28;

    public int topXid() {
      return record.main().i32(0);
    }

    public int cmin() {
      return record.main().i32(4);
    }

    public int cmax() {
      return record.main().i32(8);
    }

    public int combocid() {
      return record.main().i32(12);
    }

    public RelFileLocator targetLocator() {
      return RelFileLocator.read(record.main(), 16);
    }

    /// Where in the main data the TID stands.
    public int targetTidAt() {
      return TID_AT;
    }

    public int targetBlock() {
      return record.main().blockId(TID_AT);
    }

    public int targetOffnum() {
      return record.main().u16(TID_AT + 4);
    }

    @Override
    public void fields(RecordFields out) {
      out.u32("topXid", topXid());
      out.u32("cmin", cmin());
      out.u32("cmax", cmax());
      out.u32("combocid", combocid());
      out.locator("targetLocator", targetLocator());
      Tid.field("targetTid", record.main(), targetTidAt(), out);
    }
  }
}
