package org.walstream.wal.rmgr;

import org.walstream.wal.record.DecodedXLogRecord;

/// A record that is whole and proven, but not understood: of an extension's resource manager, with
/// an opcode that its manager does not have, or with less in it than its type has fields.
///
/// @param reason why it is not understood
public record UnknownRecord(DecodedXLogRecord record, String reason) implements WalRecord {

  /// The opcode is none of its resource manager's.
  static UnknownRecord opcode(DecodedXLogRecord record) {
    return new UnknownRecord(record, "unknown opcode");
  }

  /// The record is too short for what its type must have.
  static UnknownRecord malformed(DecodedXLogRecord record) {
    return new UnknownRecord(record, "too short for its type");
  }

  /// `view`, if the record is as long as its type must be.
  static WalRecord unless(boolean fits, WalRecord view) {
    return fits ? view : malformed(view.record());
  }

  @Override
  public void fields(RecordFields out) {
    out.text("unknown", reason);
  }
}
