package org.walstream.wal.rmgr;

import org.jspecify.annotations.Nullable;
import org.walstream.wal.WalFormat;
import org.walstream.wal.record.DecodedXLogRecord;

/// Records of the resource manager `Tablespace`.
///
/// Counterpart of src/include/commands/tablespace.h.
public sealed interface TablespaceRecord extends WalRecord {

  /// XLOG_TBLSPC_CREATE
  int CREATE = 0x00;

  /// XLOG_TBLSPC_DROP
  int DROP = 0x10;

  /// The name of the record type with this `xl_info`, or null when there is none.
  static @Nullable String name(WalFormat format, int info) {
    return switch (info & 0xF0) {
      case CREATE -> "CREATE";
      case DROP -> "DROP";
      default -> null;
    };
  }

  static @Nullable TablespaceRecord of(DecodedXLogRecord record) {
    int opcode = record.opcode();
    if (name(record.format(), opcode) == null) {
      return null;
    }
    if (record.main().length() < Integer.BYTES) {
      return null;
    }
    return opcode == CREATE ? new Create(record) : new Drop(record);
  }

  /// A tablespace in this directory.
  ///
  /// ```
  /// offset  bytes  field     (main data)
  ///      0      4  ts_id
  ///      4         ts_path   C string; empty for one within the data directory
  /// ```
  ///
  /// Counterpart of xl_tblspc_create_rec.
  record Create(DecodedXLogRecord record) implements TablespaceRecord {

    public int tsId() {
      return record.main().i32(0);
    }

    /// Where in the main data the path stands.
    public int tsPathAt() {
      return 4;
    }

    public String tsPath() {
      return record.main().cString(tsPathAt());
    }

    @Override
    public void fields(RecordFields out) {
      out.number("ts_id", Integer.toUnsignedLong(tsId()));
      out.text("ts_path", tsPath());
    }
  }

  /// A tablespace, empty by now, goes.
  ///
  /// ```
  /// offset  bytes  field   (main data)
  ///      0      4  ts_id
  /// ```
  ///
  /// Counterpart of xl_tblspc_drop_rec.
  record Drop(DecodedXLogRecord record) implements TablespaceRecord {

    public int tsId() {
      return record.main().i32(0);
    }

    @Override
    public void fields(RecordFields out) {
      out.number("ts_id", Integer.toUnsignedLong(tsId()));
    }
  }
}
