package org.walstream.wal.rmgr;

import org.jspecify.annotations.Nullable;
import org.walstream.wal.WalFormat;
import org.walstream.wal.record.DecodedXLogRecord;

/// Records of the resource manager `CommitTs`: pages of `pg_commit_ts`, where the time of each
/// commit is kept if `track_commit_timestamp` is on.
///
/// Counterpart of src/include/access/commit_ts.h.
public sealed interface CommitTsRecord extends WalRecord permits ZeroPage, CommitTsRecord.Truncate {

  /// COMMIT_TS_ZEROPAGE
  int ZEROPAGE = 0x00;

  /// COMMIT_TS_TRUNCATE
  int TRUNCATE = 0x10;

  /// The name of the record type with this `xl_info`, or null when there is none. PostgreSQL looks
  /// at all of its bits here.
  static @Nullable String name(WalFormat format, int info) {
    return switch (info) {
      case ZEROPAGE -> "ZEROPAGE";
      case TRUNCATE -> "TRUNCATE";
      default -> null;
    };
  }

  static @Nullable CommitTsRecord of(DecodedXLogRecord record) {
    int length = record.main().length();
    return switch (record.opcode()) {
      case ZEROPAGE -> ZeroPage.of(record);
      case TRUNCATE -> length >= SlruPage.length(record) + 4 ? new Truncate(record) : null;
      default -> null;
    };
  }

  /// The pages before this one are no longer needed.
  ///
  /// ```
  /// offset  bytes  field       (main data)
  ///      0      8  pageno      before PostgreSQL 17: 4, and what follows 4 nearer
  ///      8      4  oldestXid
  /// ```
  ///
  /// Counterpart of xl_commit_ts_truncate.
  record Truncate(DecodedXLogRecord record) implements CommitTsRecord {

    public long pageno() {
      return SlruPage.number(record);
    }

    public int oldestXid() {
      return record.main().i32(SlruPage.length(record));
    }

    @Override
    public void fields(RecordFields out) {
      out.number("pageno", pageno());
      out.number("oldestXid", Integer.toUnsignedLong(oldestXid()));
    }
  }
}
