package org.walstream.cli.waldump;

import org.walstream.wal.record.ReadResult.EndOfRecords;
import org.walstream.wal.record.WalDefect;

/// Why reading ended.
sealed interface ScanEnd {

  /// All that was asked for has been read.
  record Complete() implements ScanEnd {}

  /// The user has had enough (SIGINT).
  record Interrupted() implements ScanEnd {}

  /// WAL ends here, or what stands here is none.
  ///
  /// @param lastRecordLsn where the last record read starts
  record Invalid(long lastRecordLsn, WalDefect reason) implements ScanEnd {}

  /// No file has the bytes that come next.
  record OutOfBytes(WalDefect reason) implements ScanEnd {}

  static ScanEnd of(EndOfRecords end, long lastRecordLsn) {
    return end.outOfBytes()
        ? new OutOfBytes(end.reason())
        : new Invalid(lastRecordLsn, end.reason());
  }
}
