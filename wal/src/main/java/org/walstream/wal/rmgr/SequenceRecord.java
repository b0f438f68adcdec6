package org.walstream.wal.rmgr;

import org.jspecify.annotations.Nullable;
import org.walstream.wal.WalFormat;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.record.RelFileLocator;

/// Records of the resource manager `Sequence`.
///
/// Counterpart of src/include/commands/sequence.h.
public sealed interface SequenceRecord extends WalRecord {

  /// XLOG_SEQ_LOG
  int LOG = 0x00;

  /// The name of the record type with this `xl_info`, or null when there is none.
  static @Nullable String name(WalFormat format, int info) {
    return (info & 0xF0) == LOG ? "LOG" : null;
  }

  static @Nullable SequenceRecord of(DecodedXLogRecord record) {
    if (record.opcode() != LOG) {
      return null;
    }
    return record.main().length() >= RelFileLocator.LENGTH ? new Log(record) : null;
  }

  /// The page of a sequence, made anew with this tuple.
  ///
  /// ```
  /// offset  bytes  field      (main data)
  ///      0     12  locator    RelFileLocator
  ///     12         tuple      the whole tuple, header included
  /// ```
  ///
  /// Counterpart of xl_seq_rec.
  record Log(DecodedXLogRecord record) implements SequenceRecord {

    public RelFileLocator locator() {
      return RelFileLocator.read(record.main(), 0);
    }

    /// Where in the main data the tuple stands, to its end.
    public int tupleAt() {
      return RelFileLocator.LENGTH;
    }

    public int tupleLength() {
      return record.main().length() - RelFileLocator.LENGTH;
    }

    @Override
    public void fields(RecordFields out) {
      out.locator("locator", locator());
      out.number("tupleLength", tupleLength());
    }
  }
}
