package org.walstream.wal.rmgr;

import static org.walstream.wal.rmgr.UnknownRecord.unless;

import org.jspecify.annotations.Nullable;
import org.walstream.wal.WalFormat;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.record.RecordBytes;

/// Records of the resource manager `Heap`: one tuple of a table at a time. Block 0 is the tuple's
/// page; the page of the visibility map, where a record of PostgreSQL 17 or 18 refers to it, is the
/// last block.
///
/// Counterpart of XLOG_HEAP_*, src/include/access/heapam_xlog.h.
public sealed interface HeapRecord extends WalRecord {

  /// XLOG_HEAP_INSERT and so on: what is left of `xl_info` under [#OPCODE_MASK].
  int INSERT = 0x00;

  int DELETE = 0x10;
  int UPDATE = 0x20;
  int TRUNCATE = 0x30;
  int HOT_UPDATE = 0x40;
  int CONFIRM = 0x50;
  int LOCK = 0x60;
  int INPLACE = 0x70;

  /// XLOG_HEAP_OPMASK
  int OPCODE_MASK = 0x70;

  /// The tuple is the first of its page, which redo makes anew.
  int XLOG_HEAP_INIT_PAGE = 0x80;

  /// The bits that a record's `infobits_set` has for those of a tuple's header.
  int XLHL_XMAX_IS_MULTI = 0x01;

  int XLHL_XMAX_LOCK_ONLY = 0x02;
  int XLHL_XMAX_EXCL_LOCK = 0x04;
  int XLHL_XMAX_KEYSHR_LOCK = 0x08;
  int XLHL_KEYS_UPDATED = 0x10;

  /// The name of the record type with this `xl_info`, or null when there is none.
  static @Nullable String name(WalFormat format, int info) {
    return switch (info & 0xF0) {
      case INSERT -> "INSERT";
      case INSERT | XLOG_HEAP_INIT_PAGE -> "INSERT+INIT";
      case DELETE -> "DELETE";
      case UPDATE -> "UPDATE";
      case UPDATE | XLOG_HEAP_INIT_PAGE -> "UPDATE+INIT";
      case HOT_UPDATE -> "HOT_UPDATE";
      case HOT_UPDATE | XLOG_HEAP_INIT_PAGE -> "HOT_UPDATE+INIT";
      case TRUNCATE -> "TRUNCATE";
      case CONFIRM -> "HEAP_CONFIRM";
      case LOCK -> "LOCK";
      case INPLACE -> "INPLACE";
      default -> null;
    };
  }

  /// The `flags` of records that say by them which bits of the visibility map go, read without
  /// interpreting the record; 0 of others and of one that is too short.
  static int visibilityFlags(DecodedXLogRecord record) {
    int at =
        switch (record.opcode() & OPCODE_MASK) {
          case INSERT -> Insert.FLAGS_AT;
          case DELETE -> Delete.FLAGS_AT;
          case UPDATE, HOT_UPDATE -> Update.FLAGS_AT;
          case LOCK -> Lock.FLAGS_AT;
          default -> Integer.MAX_VALUE;
        };
    return at < record.main().length() ? record.main().u8(at) : 0;
  }

  static @Nullable HeapRecord of(DecodedXLogRecord record) {
    int length = record.main().length();
    return switch (record.opcode() & OPCODE_MASK) {
      case INSERT -> Insert.of(record);
      case DELETE -> Delete.of(record);
      case UPDATE, HOT_UPDATE -> Update.of(record);
      case TRUNCATE -> Truncate.of(record);
      case CONFIRM -> unless(length >= Short.BYTES, new Confirm(record));
      case LOCK -> unless(length >= Lock.LENGTH, new Lock(record));
      case INPLACE -> Inplace.of(record);
      default -> null;
    };
  }

  /// A tuple is put at a place on its page.
  ///
  /// ```
  /// offset  bytes  field   (main data)
  ///      0      2  offnum
  ///      2      1  flags   0x01 all-visible cleared, 0x02 last of several, 0x04 speculative,
  ///                        0x08 tuple is there in spite of an image, 0x10 of a TOAST table,
  ///                        0x20 all-frozen set
  /// ```
  ///
  /// Block 0 has the tuple, a [LoggedTuple].
  ///
  /// Counterpart of xl_heap_insert.
  record Insert(DecodedXLogRecord record) implements HeapRecord {

    public static final int XLH_INSERT_ALL_VISIBLE_CLEARED = 0x01;
    public static final int XLH_INSERT_LAST_IN_MULTI = 0x02;
    public static final int XLH_INSERT_IS_SPECULATIVE = 0x04;
    public static final int XLH_INSERT_CONTAINS_NEW_TUPLE = 0x08;
    public static final int XLH_INSERT_ON_TOAST_RELATION = 0x10;
    public static final int XLH_INSERT_ALL_FROZEN_SET = 0x20;

    private static final int FLAGS_AT = 2;
    private static final int LENGTH = 3;

    static @Nullable Insert of(DecodedXLogRecord record) {
      RecordBytes data = record.block(0).data();
      return unless(
          record.main().length() >= LENGTH
              && (data.length() == 0 || data.length() >= LoggedTuple.HEADER_LENGTH),
          new Insert(record));
    }

    public int offnum() {
      return record.main().u16(0);
    }

    public int flags() {
      return record.main().u8(FLAGS_AT);
    }

    /// The tuple, or null when block 0 has an image in its place.
    public @Nullable LoggedTuple tuple() {
      RecordBytes data = record.block(0).data();
      return data.length() == 0 ? null : LoggedTuple.toEndOf(data, 0);
    }

    @Override
    public void fields(RecordFields out) {
      out.number("offnum", offnum());
      out.number("flags", flags());
      tupleFields("tuples", tuple(), out);
    }
  }

  /// A tuple gets an xmax.
  ///
  /// ```
  /// offset  bytes  field          (main data)
  ///      0      4  xmax
  ///      4      2  offnum
  ///      6      1  infobits_set
  ///      7      1  flags          0x01 all-visible cleared, 0x02 has the old tuple,
  ///                               0x04 has the old tuple's key, 0x08 of a speculative insertion,
  ///                               0x10 moved to another partition
  ///      8         old tuple      if flags has 0x02 or 0x04: a LoggedTuple
  /// ```
  ///
  /// Counterpart of xl_heap_delete.
  record Delete(DecodedXLogRecord record) implements HeapRecord {

    public static final int XLH_DELETE_ALL_VISIBLE_CLEARED = 0x01;
    public static final int XLH_DELETE_CONTAINS_OLD_TUPLE = 0x02;
    public static final int XLH_DELETE_CONTAINS_OLD_KEY = 0x04;
    public static final int XLH_DELETE_IS_SUPER = 0x08;
    public static final int XLH_DELETE_IS_PARTITION_MOVE = 0x10;
    public static final int XLH_DELETE_CONTAINS_OLD =
        XLH_DELETE_CONTAINS_OLD_TUPLE | XLH_DELETE_CONTAINS_OLD_KEY;

    private static final int FLAGS_AT = 7;
    private static final int LENGTH = 8;

    static @Nullable Delete of(DecodedXLogRecord record) {
      var delete = new Delete(record);
      return unless(record.main().length() >= LENGTH && delete.oldFits(), delete);
    }

    private boolean oldFits() {
      return !containsOld() || record.main().length() >= LENGTH + LoggedTuple.HEADER_LENGTH;
    }

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

    /// The deleted tuple or its key, or null when only redo needs the record.
    public @Nullable LoggedTuple oldTuple() {
      return containsOld() ? LoggedTuple.toEndOf(record.main(), LENGTH) : null;
    }

    private boolean containsOld() {
      return (flags() & XLH_DELETE_CONTAINS_OLD) != 0;
    }

    @Override
    public void fields(RecordFields out) {
      out.u32("xmax", xmax());
      out.number("offnum", offnum());
      out.number("infobitsSet", infobitsSet());
      out.number("flags", flags());
      tupleFields("oldTuple", oldTuple(), out);
    }
  }

  /// A tuple gets an xmax, and its successor a place on the same page or on another one; when
  /// [#isHot], on the same page and without index entries of its own.
  ///
  /// ```
  /// offset  bytes  field             (main data)
  ///      0      4  old_xmax
  ///      4      2  old_offnum
  ///      6      1  old_infobits_set
  ///      7      1  flags             0x01, 0x02 all-visible cleared on the old, on the new page,
  ///                                  0x04 has the old tuple, 0x08 has the old tuple's key,
  ///                                  0x10 new tuple is there in spite of an image,
  ///                                  0x20, 0x40 new tuple starts, ends as the old one does
  ///      8      4  new_xmax
  ///     12      2  new_offnum
  ///     14         old tuple         if flags has 0x04 or 0x08: a LoggedTuple
  ///
  /// offset  bytes  field             (data of block 0, the new page)
  ///      0      2  prefix length     if flags has 0x20: bytes to be taken from the old tuple
  ///      +      2  suffix length     if flags has 0x40
  ///      +         new tuple         a LoggedTuple without these
  /// ```
  ///
  /// Block 1 is the old page, if it is another one.
  ///
  /// Counterpart of xl_heap_update.
  record Update(DecodedXLogRecord record) implements HeapRecord {

    public static final int XLH_UPDATE_OLD_ALL_VISIBLE_CLEARED = 0x01;
    public static final int XLH_UPDATE_NEW_ALL_VISIBLE_CLEARED = 0x02;
    public static final int XLH_UPDATE_CONTAINS_OLD_TUPLE = 0x04;
    public static final int XLH_UPDATE_CONTAINS_OLD_KEY = 0x08;
    public static final int XLH_UPDATE_CONTAINS_NEW_TUPLE = 0x10;
    public static final int XLH_UPDATE_PREFIX_FROM_OLD = 0x20;
    public static final int XLH_UPDATE_SUFFIX_FROM_OLD = 0x40;
    public static final int XLH_UPDATE_CONTAINS_OLD =
        XLH_UPDATE_CONTAINS_OLD_TUPLE | XLH_UPDATE_CONTAINS_OLD_KEY;

    private static final int FLAGS_AT = 7;
    private static final int LENGTH = 14;

    static @Nullable Update of(DecodedXLogRecord record) {
      var update = new Update(record);
      return unless(
          record.main().length() >= LENGTH && update.oldFits() && update.newFits(), update);
    }

    private boolean oldFits() {
      return !containsOld() || record.main().length() >= LENGTH + LoggedTuple.HEADER_LENGTH;
    }

    private boolean newFits() {
      int length = record.block(0).data().length();
      return length == 0 || length >= newTupleAt() + LoggedTuple.HEADER_LENGTH;
    }

    public boolean isHot() {
      return (record.opcode() & OPCODE_MASK) == HOT_UPDATE;
    }

    public int oldXmax() {
      return record.main().i32(0);
    }

    public int oldOffnum() {
      return record.main().u16(4);
    }

    public int oldInfobitsSet() {
      return record.main().u8(6);
    }

    public int flags() {
      return record.main().u8(FLAGS_AT);
    }

    public int newXmax() {
      return record.main().i32(8);
    }

    public int newOffnum() {
      return record.main().u16(12);
    }

    /// Bytes that the new tuple has in common with the old one at its start, and that are not in
    /// the record.
    public int prefixLength() {
      return hasNewTuple() && hasPrefix() ? record.block(0).data().u16(0) : 0;
    }

    /// The same at its end.
    public int suffixLength() {
      return hasNewTuple() && hasSuffix() ? record.block(0).data().u16(hasPrefix() ? 2 : 0) : 0;
    }

    /// The new tuple, or null when block 0 has an image in its place.
    public @Nullable LoggedTuple newTuple() {
      return hasNewTuple() ? LoggedTuple.toEndOf(record.block(0).data(), newTupleAt()) : null;
    }

    /// The old tuple or its key, or null when only redo needs the record.
    public @Nullable LoggedTuple oldTuple() {
      return containsOld() ? LoggedTuple.toEndOf(record.main(), LENGTH) : null;
    }

    private boolean containsOld() {
      return (flags() & XLH_UPDATE_CONTAINS_OLD) != 0;
    }

    private boolean hasNewTuple() {
      return record.block(0).data().length() > 0;
    }

    private boolean hasPrefix() {
      return (flags() & XLH_UPDATE_PREFIX_FROM_OLD) != 0;
    }

    private boolean hasSuffix() {
      return (flags() & XLH_UPDATE_SUFFIX_FROM_OLD) != 0;
    }

    private int newTupleAt() {
      return (hasPrefix() ? 2 : 0) + (hasSuffix() ? 2 : 0);
    }

    @Override
    public void fields(RecordFields out) {
      out.u32("oldXmax", oldXmax());
      out.number("oldOffnum", oldOffnum());
      out.number("oldInfobitsSet", oldInfobitsSet());
      out.number("flags", flags());
      out.u32("newXmax", newXmax());
      out.number("newOffnum", newOffnum());
      out.number("prefixLength", prefixLength());
      out.number("suffixLength", suffixLength());
      tupleFields("oldTuple", oldTuple(), out);
      tupleFields("newTuple", newTuple(), out);
    }
  }

  /// Tables are emptied, for those who decode: redo does nothing.
  ///
  /// ```
  /// offset  bytes  field    (main data)
  ///      0      4  dbId
  ///      4      4  nrelids
  ///      8      1  flags    0x01 CASCADE, 0x02 RESTART IDENTITY
  ///     12   4 each relids  tables, then sequences to be restarted
  /// ```
  ///
  /// Counterpart of xl_heap_truncate.
  record Truncate(DecodedXLogRecord record) implements HeapRecord {

    public static final int XLH_TRUNCATE_CASCADE = 0x01;
    public static final int XLH_TRUNCATE_RESTART_SEQS = 0x02;

    private static final int LENGTH = 12;

    static @Nullable Truncate of(DecodedXLogRecord record) {
      RecordBytes main = record.main();
      return unless(
          main.length() >= LENGTH && main.holds(LENGTH, main.i32(4), Integer.BYTES),
          new Truncate(record));
    }

    public int dbId() {
      return record.main().i32(0);
    }

    public int nrelids() {
      return record.main().i32(4);
    }

    public int flags() {
      return record.main().u8(8);
    }

    public int relid(int index) {
      return record.main().i32(LENGTH + Integer.BYTES * index);
    }

    @Override
    public void fields(RecordFields out) {
      out.u32("dbId", dbId());
      out.number("flags", flags());
      out.numbers("relids", nrelids(), index -> Integer.toUnsignedLong(relid(index)));
    }
  }

  /// A speculative insertion stays.
  ///
  /// ```
  /// offset  bytes  field   (main data)
  ///      0      2  offnum
  /// ```
  ///
  /// Counterpart of xl_heap_confirm.
  record Confirm(DecodedXLogRecord record) implements HeapRecord {

    public int offnum() {
      return record.main().u16(0);
    }

    @Override
    public void fields(RecordFields out) {
      out.number("offnum", offnum());
    }
  }

  /// A tuple is locked: its xmax is the locker, or a multixact.
  ///
  /// ```
  /// offset  bytes  field          (main data)
  ///      0      4  xmax
  ///      4      2  offnum
  ///      6      1  infobits_set
  ///      7      1  flags          0x01 all-frozen cleared
  /// ```
  ///
  /// Counterpart of xl_heap_lock; PostgreSQL 15 calls the first field locking_xid.
  record Lock(DecodedXLogRecord record) implements HeapRecord {

    /// As of the records of LOCK_UPDATED, too.
    public static final int XLH_LOCK_ALL_FROZEN_CLEARED = 0x01;

    private static final int FLAGS_AT = 7;
    static final int LENGTH = 8;

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

  /// A tuple's columns are overwritten where they stand, whatever transactions see. Block 0 has the
  /// new bytes.
  ///
  /// ```
  /// offset  bytes  field                  (main data)
  ///      0      2  offnum
  ///   since PostgreSQL 18:
  ///      4      4  dbId
  ///      8      4  tsId
  ///     12      1  relcacheInitFileInval
  ///     16      4  nmsgs
  ///     20  16 each msgs                  InvalidationMessages
  /// ```
  ///
  /// Counterpart of xl_heap_inplace.
  record Inplace(DecodedXLogRecord record) implements HeapRecord {

    private static final int LENGTH = 20;

    static @Nullable Inplace of(DecodedXLogRecord record) {
      RecordBytes main = record.main();
      boolean fits =
          record.format().inplaceUpdatesInvalidate()
              ? main.length() >= LENGTH
                  && main.holds(LENGTH, main.i32(16), InvalidationMessages.LENGTH)
              : main.length() >= Short.BYTES;
      return unless(fits, new Inplace(record));
    }

    public int offnum() {
      return record.main().u16(0);
    }

    /// False up to PostgreSQL 17; then [#dbId], [#tsId] and the rest are not there either.
    public boolean hasInvalidations() {
      return record.format().inplaceUpdatesInvalidate();
    }

    public int dbId() {
      return hasInvalidations() ? record.main().i32(4) : 0;
    }

    public int tsId() {
      return hasInvalidations() ? record.main().i32(8) : 0;
    }

    public boolean relcacheInitFileInval() {
      return hasInvalidations() && record.main().u8(12) != 0;
    }

    /// The columns' new bytes; empty when block 0 has an image in their place.
    public RecordBytes data() {
      return record.block(0).data();
    }

    public InvalidationMessages messages() {
      int count = hasInvalidations() ? record.main().i32(16) : 0;
      return new InvalidationMessages(record.main(), LENGTH, count);
    }

    @Override
    public void fields(RecordFields out) {
      out.number("offnum", offnum());
      if (hasInvalidations()) {
        out.u32("dbId", dbId());
        out.u32("tsId", tsId());
        out.flag("relcacheInitFileInval", relcacheInitFileInval());
        messages().fields(out);
      }
      out.number("dataLength", data().length());
    }
  }

  /// One tuple, or none, as a list.
  private static void tupleFields(String name, @Nullable LoggedTuple tuple, RecordFields out) {
    if (tuple == null) {
      out.list(name, 0, (_, _) -> {});
    } else {
      out.list(name, 1, (_, item) -> tuple.fields(item));
    }
  }
}
