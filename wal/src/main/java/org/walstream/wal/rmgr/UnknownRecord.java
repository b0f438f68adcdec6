package org.walstream.wal.rmgr;

import org.jspecify.annotations.Nullable;
import org.walstream.wal.record.DecodedXLogRecord;

/// A record that is whole and proven, but not understood: of an extension's resource manager, with
/// an opcode that its manager does not have, or with less in it than its type has fields.
///
/// @param reason why it is not understood
public record UnknownRecord(DecodedXLogRecord record, String reason) implements WalRecord {

  /// What its resource manager, if it has one, made nothing of.
  static UnknownRecord of(@Nullable Rmgr rmgr, DecodedXLogRecord record) {
    if (rmgr == null) {
      return new UnknownRecord(record, "unknown resource manager");
    }
    boolean named = rmgr.recordName(record.format(), record.info()) != null;
    return new UnknownRecord(record, named ? "too short for its type" : "unknown opcode");
  }

  /// `view`, or null if the record is not as long as its type must be.
  static <R extends WalRecord> @Nullable R unless(boolean fits, R view) {
    return fits ? view : null;
  }

  @Override
  public void fields(RecordFields out) {
    out.text("unknown", reason);
  }
}
