package org.walstream.wal.rmgr;

import static org.walstream.wal.rmgr.UnknownRecord.unless;

import org.jspecify.annotations.Nullable;
import org.walstream.wal.WalFormat;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.record.RecordBytes;

/// Records of the resource manager `MultiXact`: groups of transactions that hold the same row.
///
/// Counterpart of src/include/access/multixact.h.
public sealed interface MultiXactRecord extends WalRecord
    permits ZeroPage, MultiXactRecord.CreateId, MultiXactRecord.TruncateId {

  /// XLOG_MULTIXACT_ZERO_OFF_PAGE
  int ZERO_OFF_PAGE = 0x00;

  /// XLOG_MULTIXACT_ZERO_MEM_PAGE
  int ZERO_MEM_PAGE = 0x10;

  /// XLOG_MULTIXACT_CREATE_ID
  int CREATE_ID = 0x20;

  /// XLOG_MULTIXACT_TRUNCATE_ID
  int TRUNCATE_ID = 0x30;

  /// The name of the record type with this `xl_info`, or null when there is none.
  static @Nullable String name(WalFormat format, int info) {
    return switch (info & 0xF0) {
      case ZERO_OFF_PAGE -> "ZERO_OFF_PAGE";
      case ZERO_MEM_PAGE -> "ZERO_MEM_PAGE";
      case CREATE_ID -> "CREATE_ID";
      case TRUNCATE_ID -> "TRUNCATE_ID";
      default -> null;
    };
  }

  static @Nullable MultiXactRecord of(DecodedXLogRecord record) {
    RecordBytes main = record.main();
    return switch (record.opcode()) {
      case ZERO_OFF_PAGE, ZERO_MEM_PAGE -> ZeroPage.of(record);
      case CREATE_ID -> unless(CreateId.isWhole(main), new CreateId(record));
      case TRUNCATE_ID -> unless(main.length() >= TruncateId.LENGTH, new TruncateId(record));
      default -> null;
    };
  }

  /// A new group and its members.
  ///
  /// ```
  /// offset  bytes  field      (main data)
  ///      0      4  mid        the group's number
  ///      4      4  moff       where its members stand in `pg_multixact/members`
  ///      8      4  nmembers
  ///     12    8 n  members    of each:
  ///      0      4  xid
  ///      4      4  status
  /// ```
  ///
  /// Counterpart of xl_multixact_create.
  record CreateId(DecodedXLogRecord record) implements MultiXactRecord {

    private static final int MEMBERS_AT = 12;
    private static final int MEMBER_LENGTH = 8;

    private static boolean isWhole(RecordBytes main) {
      return main.holds(0, 1, MEMBERS_AT) && main.holds(MEMBERS_AT, main.i32(8), MEMBER_LENGTH);
    }

    public int mid() {
      return record.main().i32(0);
    }

    public int moff() {
      return record.main().i32(4);
    }

    public int nmembers() {
      return record.main().i32(8);
    }

    /// @param index below [#nmembers]
    public int xid(int index) {
      return record.main().i32(MEMBERS_AT + MEMBER_LENGTH * index);
    }

    /// What the member does with the row: 0 locks it FOR KEY SHARE, 1 FOR SHARE, 2 FOR NO KEY
    /// UPDATE, 3 FOR UPDATE; 4 updates it, 5 updates its key or deletes it (MultiXactStatus).
    ///
    /// @param index below [#nmembers]
    public int status(int index) {
      return record.main().i32(MEMBERS_AT + MEMBER_LENGTH * index + 4);
    }

    @Override
    public void fields(RecordFields out) {
      out.number("mid", Integer.toUnsignedLong(mid()));
      out.number("moff", Integer.toUnsignedLong(moff()));
      out.list("members", nmembers(), this::member);
    }

    private void member(int index, RecordFields out) {
      out.number("xid", Integer.toUnsignedLong(xid(index)));
      out.number("status", status(index));
    }
  }

  /// Groups and members that are no longer needed: of each the first that goes, and the first that
  /// stays.
  ///
  /// ```
  /// offset  bytes  field            (main data)
  ///      0      4  oldestMultiDB
  ///      4      4  startTruncOff
  ///      8      4  endTruncOff
  ///     12      4  startTruncMemb
  ///     16      4  endTruncMemb
  /// ```
  ///
  /// Counterpart of xl_multixact_truncate.
  record TruncateId(DecodedXLogRecord record) implements MultiXactRecord {

    private static final int LENGTH = 20;

    public int oldestMultiDb() {
      return record.main().i32(0);
    }

    public int startTruncOff() {
      return record.main().i32(4);
    }

    public int endTruncOff() {
      return record.main().i32(8);
    }

    public int startTruncMemb() {
      return record.main().i32(12);
    }

    public int endTruncMemb() {
      return record.main().i32(16);
    }

    @Override
    public void fields(RecordFields out) {
      out.number("oldestMultiDB", Integer.toUnsignedLong(oldestMultiDb()));
      out.number("startTruncOff", Integer.toUnsignedLong(startTruncOff()));
      out.number("endTruncOff", Integer.toUnsignedLong(endTruncOff()));
      out.number("startTruncMemb", Integer.toUnsignedLong(startTruncMemb()));
      out.number("endTruncMemb", Integer.toUnsignedLong(endTruncMemb()));
    }
  }
}
