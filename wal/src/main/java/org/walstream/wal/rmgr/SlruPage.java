package org.walstream.wal.rmgr;

import org.walstream.wal.record.DecodedXLogRecord;

/// The page number that records of `pg_xact`, `pg_commit_ts` and `pg_multixact` open with.
///
/// Counterpart of the `pageno` of src/include/access/slru.h: 32 bits, since PostgreSQL 17 64.
final class SlruPage {

  private SlruPage() {}

  /// Bytes of the number in the record.
  static int length(DecodedXLogRecord record) {
    return record.format().slruPageNumbersAreWide() ? Long.BYTES : Integer.BYTES;
  }

  /// Signed.
  static long number(DecodedXLogRecord record) {
    return record.format().slruPageNumbersAreWide() ? record.main().i64(0) : record.main().i32(0);
  }
}
