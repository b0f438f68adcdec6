package org.walstream.wal.rmgr;

import org.jspecify.annotations.Nullable;
import org.walstream.wal.WalFormat;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.record.RecordBytes;

/// Records of the resource manager `Database`.
///
/// Counterpart of src/include/commands/dbcommands_xlog.h.
public sealed interface DatabaseRecord extends WalRecord {

  /// XLOG_DBASE_CREATE_FILE_COPY
  int CREATE_FILE_COPY = 0x00;

  /// XLOG_DBASE_CREATE_WAL_LOG
  int CREATE_WAL_LOG = 0x10;

  /// XLOG_DBASE_DROP
  int DROP = 0x20;

  /// The name of the record type with this `xl_info`, or null when there is none.
  static @Nullable String name(WalFormat format, int info) {
    return switch (info & 0xF0) {
      case CREATE_FILE_COPY -> "CREATE_FILE_COPY";
      case CREATE_WAL_LOG -> "CREATE_WAL_LOG";
      case DROP -> "DROP";
      default -> null;
    };
  }

  static @Nullable DatabaseRecord of(DecodedXLogRecord record) {
    RecordBytes main = record.main();
    return switch (record.opcode()) {
      case CREATE_FILE_COPY ->
          main.length() >= CreateFileCopy.LENGTH ? new CreateFileCopy(record) : null;
      case CREATE_WAL_LOG -> main.length() >= CreateWalLog.LENGTH ? new CreateWalLog(record) : null;
      case DROP -> Drop.isWhole(main) ? new Drop(record) : null;
      default -> null;
    };
  }

  /// The directory of a new database, copied from another's, of whose pages nothing is told.
  ///
  /// ```
  /// offset  bytes  field                (main data)
  ///      0      4  db_id
  ///      4      4  tablespace_id
  ///      8      4  src_db_id
  ///     12      4  src_tablespace_id
  /// ```
  ///
  /// Counterpart of xl_dbase_create_file_copy_rec.
  record CreateFileCopy(DecodedXLogRecord record) implements DatabaseRecord {

    private static final int LENGTH = 16;

    public int dbId() {
      return record.main().i32(0);
    }

    public int tablespaceId() {
      return record.main().i32(4);
    }

    public int srcDbId() {
      return record.main().i32(8);
    }

    public int srcTablespaceId() {
      return record.main().i32(12);
    }

    @Override
    public void fields(RecordFields out) {
      out.number("db_id", Integer.toUnsignedLong(dbId()));
      out.number("tablespace_id", Integer.toUnsignedLong(tablespaceId()));
      out.number("src_db_id", Integer.toUnsignedLong(srcDbId()));
      out.number("src_tablespace_id", Integer.toUnsignedLong(srcTablespaceId()));
    }
  }

  /// The directory of a new database, empty; its pages follow in records of their own.
  ///
  /// ```
  /// offset  bytes  field            (main data)
  ///      0      4  db_id
  ///      4      4  tablespace_id
  /// ```
  ///
  /// Counterpart of xl_dbase_create_wal_log_rec.
  record CreateWalLog(DecodedXLogRecord record) implements DatabaseRecord {

    private static final int LENGTH = 8;

    public int dbId() {
      return record.main().i32(0);
    }

    public int tablespaceId() {
      return record.main().i32(4);
    }

    @Override
    public void fields(RecordFields out) {
      out.number("db_id", Integer.toUnsignedLong(dbId()));
      out.number("tablespace_id", Integer.toUnsignedLong(tablespaceId()));
    }
  }

  /// The directories of a database go.
  ///
  /// ```
  /// offset  bytes  field            (main data)
  ///      0      4  db_id
  ///      4      4  ntablespaces
  ///      8    4 n  tablespace_ids
  /// ```
  ///
  /// Counterpart of xl_dbase_drop_rec.
  record Drop(DecodedXLogRecord record) implements DatabaseRecord {

    private static final int TABLESPACES_AT = 8;

    private static boolean isWhole(RecordBytes main) {
      return main.holds(0, 1, TABLESPACES_AT) && main.holds(TABLESPACES_AT, main.i32(4), 4);
    }

    public int dbId() {
      return record.main().i32(0);
    }

    public int ntablespaces() {
      return record.main().i32(4);
    }

    /// @param index below [#ntablespaces]
    public int tablespaceId(int index) {
      return record.main().i32(TABLESPACES_AT + 4 * index);
    }

    @Override
    public void fields(RecordFields out) {
      out.number("db_id", Integer.toUnsignedLong(dbId()));
      out.numbers(
          "tablespace_ids", ntablespaces(), index -> Integer.toUnsignedLong(tablespaceId(index)));
    }
  }
}
