package org.walstream.wal.rmgr;

import org.jspecify.annotations.Nullable;
import org.walstream.wal.WalFormat;
import org.walstream.wal.record.DecodedXLogRecord;

/// Records of the resource manager `ReplicationOrigin`: how far this server has replayed another's
/// changes by logical replication.
///
/// Counterpart of src/include/replication/origin.h.
public sealed interface ReplicationOriginRecord extends WalRecord {

  /// XLOG_REPLORIGIN_SET
  int SET = 0x00;

  /// XLOG_REPLORIGIN_DROP
  int DROP = 0x10;

  /// The name of the record type with this `xl_info`, or null when there is none. PostgreSQL looks
  /// at all of its bits here.
  static @Nullable String name(WalFormat format, int info) {
    return switch (info) {
      case SET -> "SET";
      case DROP -> "DROP";
      default -> null;
    };
  }

  static @Nullable ReplicationOriginRecord of(DecodedXLogRecord record) {
    int length = record.main().length();
    return switch (record.opcode()) {
      case SET -> length >= Set.LENGTH ? new Set(record) : null;
      case DROP -> length >= Drop.LENGTH ? new Drop(record) : null;
      default -> null;
    };
  }

  /// Everything up to there has been replayed.
  ///
  /// ```
  /// offset  bytes  field        (main data)
  ///      0      8  remote_lsn   a position of the other server
  ///      8      2  node_id
  ///     10      1  force        also if it is a step back
  ///     11      5  (padding)
  /// ```
  ///
  /// Counterpart of xl_replorigin_set.
  record Set(DecodedXLogRecord record) implements ReplicationOriginRecord {

    private static final int LENGTH = 11;

    public long remoteLsn() {
      return record.main().i64(0);
    }

    public int nodeId() {
      return record.main().u16(8);
    }

    public boolean force() {
      return record.main().u8(10) != 0;
    }

    @Override
    public void fields(RecordFields out) {
      out.lsn("remote_lsn", remoteLsn());
      out.number("node_id", nodeId());
      out.flag("force", force());
    }
  }

  /// The origin is forgotten.
  ///
  /// ```
  /// offset  bytes  field     (main data)
  ///      0      2  node_id
  /// ```
  ///
  /// Counterpart of xl_replorigin_drop.
  record Drop(DecodedXLogRecord record) implements ReplicationOriginRecord {

    private static final int LENGTH = 2;

    public int nodeId() {
      return record.main().u16(0);
    }

    @Override
    public void fields(RecordFields out) {
      out.number("node_id", nodeId());
    }
  }
}
