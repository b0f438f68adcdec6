package org.walstream.wal.rmgr;

import org.jspecify.annotations.Nullable;
import org.walstream.wal.WalFormat;
import org.walstream.wal.record.DecodedXLogRecord;

/// Records of the resource manager `CLOG`: pages of `pg_xact`, where the outcome of each
/// transaction is kept.
///
/// Counterpart of src/include/access/clog.h.
public sealed interface ClogRecord extends WalRecord permits ZeroPage, ClogRecord.Truncate {

  /// CLOG_ZEROPAGE
  int ZEROPAGE = 0x00;

  /// CLOG_TRUNCATE
  int TRUNCATE = 0x10;

  /// The name of the record type with this `xl_info`, or null when there is none.
  static @Nullable String name(WalFormat format, int info) {
    return switch (info & 0xF0) {
      case ZEROPAGE -> "ZEROPAGE";
      case TRUNCATE -> "TRUNCATE";
      default -> null;
    };
  }

  static @Nullable ClogRecord of(DecodedXLogRecord record) {
    int length = record.main().length();
    return switch (record.opcode()) {
      case ZEROPAGE -> ZeroPage.of(record);
      case TRUNCATE -> length >= SlruPage.length(record) + 8 ? new Truncate(record) : null;
      default -> null;
    };
  }

  /// The pages before this one are no longer needed.
  ///
  /// ```
  /// offset  bytes  field          (main data)
  ///      0      8  pageno         before PostgreSQL 17: 4, and what follows 4 nearer
  ///      8      4  oldestXact
  ///     12      4  oldestXactDb
  /// ```
  ///
  /// Counterpart of xl_clog_truncate.
  record Truncate(DecodedXLogRecord record) implements ClogRecord {

    public long pageno() {
      return SlruPage.number(record);
    }

    public int oldestXact() {
      return record.main().i32(SlruPage.length(record));
    }

    public int oldestXactDb() {
      return record.main().i32(SlruPage.length(record) + 4);
    }

    @Override
    public void fields(RecordFields out) {
      out.number("pageno", pageno());
      out.number("oldestXact", Integer.toUnsignedLong(oldestXact()));
      out.number("oldestXactDb", Integer.toUnsignedLong(oldestXactDb()));
    }
  }
}
