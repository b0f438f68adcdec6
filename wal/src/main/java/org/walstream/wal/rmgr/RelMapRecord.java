package org.walstream.wal.rmgr;

import org.jspecify.annotations.Nullable;
import org.walstream.wal.WalFormat;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.record.RecordBytes;

/// Records of the resource manager `RelMap`.
///
/// Counterpart of src/include/utils/relmapper.h.
public sealed interface RelMapRecord extends WalRecord {

  /// XLOG_RELMAP_UPDATE
  int UPDATE = 0x00;

  /// The name of the record type with this `xl_info`, or null when there is none.
  static @Nullable String name(WalFormat format, int info) {
    return (info & 0xF0) == UPDATE ? "UPDATE" : null;
  }

  static @Nullable RelMapRecord of(DecodedXLogRecord record) {
    if (record.opcode() != UPDATE) {
      return null;
    }
    return Update.isWhole(record.main()) ? new Update(record) : null;
  }

  /// A new `pg_filenode.map`: which files the catalogs are in that cannot be looked up in a
  /// catalog.
  ///
  /// ```
  /// offset  bytes  field    (main data)
  ///      0      4  dbid     0 for the map of what all databases share
  ///      4      4  tsid
  ///      8      4  nbytes
  ///     12      n  data     the file
  /// ```
  ///
  /// Counterpart of xl_relmap_update.
  record Update(DecodedXLogRecord record) implements RelMapRecord {

    private static final int DATA_AT = 12;

    private static boolean isWhole(RecordBytes main) {
      return main.holds(0, 1, DATA_AT) && main.holds(DATA_AT, main.i32(8), 1);
    }

    public int dbid() {
      return record.main().i32(0);
    }

    public int tsid() {
      return record.main().i32(4);
    }

    public int nbytes() {
      return record.main().i32(8);
    }

    /// Where in the main data the file stands.
    public int dataAt() {
      return DATA_AT;
    }

    @Override
    public void fields(RecordFields out) {
      out.number("dbid", Integer.toUnsignedLong(dbid()));
      out.number("tsid", Integer.toUnsignedLong(tsid()));
      out.number("nbytes", nbytes());
    }
  }
}
