package org.walstream.wal.record;

/// What comes of reading on: a record, or why there is none.
public sealed interface ReadResult
    permits DecodedXLogRecord, ReadResult.NeedMoreData, ReadResult.EndOfRecords {

  /// The bytes at hand end within the next record, or just before it. Nothing is wrong with them.
  ///
  /// @param lsn where the next byte is wanted
  record NeedMoreData(long lsn) implements ReadResult {}

  /// There is no further record, and no more bytes can change that.
  ///
  /// @param lsn the end of the last record
  /// @param reason what stands there instead of the next one, in PostgreSQL's words
  /// @param outOfBytes true when nothing stands there: no file has the bytes that come next
  record EndOfRecords(long lsn, WalDefect reason, boolean outOfBytes) implements ReadResult {}
}
