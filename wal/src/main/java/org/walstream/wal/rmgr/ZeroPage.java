package org.walstream.wal.rmgr;

import org.jspecify.annotations.Nullable;
import org.walstream.wal.record.DecodedXLogRecord;

/// A page of `pg_xact`, `pg_commit_ts` or `pg_multixact` made anew, of zeros: one record under four
/// names.
///
/// ```
/// offset  bytes  field    (main data)
///      0      8  pageno   before PostgreSQL 17: 4
/// ```
///
/// Counterpart of CLOG_ZEROPAGE, COMMIT_TS_ZEROPAGE, XLOG_MULTIXACT_ZERO_OFF_PAGE and
/// XLOG_MULTIXACT_ZERO_MEM_PAGE.
public record ZeroPage(DecodedXLogRecord record)
    implements ClogRecord, CommitTsRecord, MultiXactRecord {

  static @Nullable ZeroPage of(DecodedXLogRecord record) {
    return record.main().length() >= SlruPage.length(record) ? new ZeroPage(record) : null;
  }

  /// Signed.
  public long pageno() {
    return SlruPage.number(record);
  }

  /// Whose page it is.
  public Slru slru() {
    return switch (Rmgr.ofId(record.rmgrId())) {
      case CLOG -> Slru.XACT;
      case COMMIT_TS -> Slru.COMMIT_TS;
      case null, default ->
          record.opcode() == MultiXactRecord.ZERO_OFF_PAGE
              ? Slru.MULTIXACT_OFFSET
              : Slru.MULTIXACT_MEMBER;
    };
  }

  @Override
  public void fields(RecordFields out) {
    out.number("pageno", pageno());
  }
}
