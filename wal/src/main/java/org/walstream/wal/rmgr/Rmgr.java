package org.walstream.wal.rmgr;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.walstream.wal.WalFormat;
import org.walstream.wal.record.DecodedXLogRecord;

/// PostgreSQL's resource managers: who wrote a record, and who alone knows what it means.
///
/// Counterpart of src/include/access/rmgrlist.h; the numbers are those of PostgreSQL 15 to 18.
public enum Rmgr {
  XLOG(0, "XLOG"),
  TRANSACTION(1, "Transaction"),
  STORAGE(2, "Storage"),
  CLOG(3, "CLOG"),
  DATABASE(4, "Database"),
  TABLESPACE(5, "Tablespace"),
  MULTIXACT(6, "MultiXact"),
  RELMAP(7, "RelMap"),
  STANDBY(8, "Standby"),
  HEAP2(9, "Heap2"),
  HEAP(10, "Heap"),
  BTREE(11, "Btree"),
  HASH(12, "Hash"),
  GIN(13, "Gin"),
  GIST(14, "Gist"),
  SEQUENCE(15, "Sequence"),
  SPGIST(16, "SPGist"),
  BRIN(17, "BRIN"),
  COMMIT_TS(18, "CommitTs"),
  REPLICATION_ORIGIN(19, "ReplicationOrigin"),
  GENERIC(20, "Generic"),
  LOGICAL_MESSAGE(21, "LogicalMessage");

  /// RM_MIN_CUSTOM_ID: from here to 255 the numbers belong to extensions.
  public static final int MIN_CUSTOM_ID = 128;

  private static final @Nullable Rmgr[] BY_ID = new Rmgr[256];

  static {
    for (Rmgr rmgr : values()) {
      BY_ID[rmgr.id] = rmgr;
    }
  }

  private final int id;
  private final String rmgrName;

  Rmgr(int id, String rmgrName) {
    this.id = id;
    this.rmgrName = rmgrName;
  }

  /// The resource manager of this number, or null when it is an extension's or nobody's.
  ///
  /// @param id 0 to 255
  public static @Nullable Rmgr ofId(int id) {
    return BY_ID[id];
  }

  /// The resource manager of this name, whatever its case.
  public static Optional<Rmgr> named(String name) {
    return Arrays.stream(values()).filter(rmgr -> rmgr.rmgrName.equalsIgnoreCase(name)).findFirst();
  }

  /// The record as its resource manager understands it. Who knows the manager asks for its own type
  /// instead: `HeapRecord.of(record)`, which is null where this gives an [UnknownRecord].
  public static WalRecord interpret(DecodedXLogRecord record) {
    Rmgr rmgr = ofId(record.rmgrId());
    WalRecord known = rmgr == null ? null : rmgr.understand(record);
    return known == null ? UnknownRecord.of(rmgr, record) : known;
  }

  private @Nullable WalRecord understand(DecodedXLogRecord record) {
    return switch (this) {
      case XLOG -> XLogRmgrRecord.of(record);
      case TRANSACTION -> TransactionRecord.of(record);
      case STORAGE -> StorageRecord.of(record);
      case CLOG -> ClogRecord.of(record);
      case DATABASE -> DatabaseRecord.of(record);
      case TABLESPACE -> TablespaceRecord.of(record);
      case MULTIXACT -> MultiXactRecord.of(record);
      case RELMAP -> RelMapRecord.of(record);
      case STANDBY -> StandbyRecord.of(record);
      case HEAP2 -> Heap2Record.of(record);
      case HEAP -> HeapRecord.of(record);
      case BTREE -> BtreeRecord.of(record);
      case HASH -> HashRecord.of(record);
      case GIN -> GinRecord.of(record);
      case GIST -> GistRecord.of(record);
      case SEQUENCE -> SequenceRecord.of(record);
      case SPGIST -> SpgistRecord.of(record);
      case BRIN -> BrinRecord.of(record);
      case COMMIT_TS -> CommitTsRecord.of(record);
      case REPLICATION_ORIGIN -> ReplicationOriginRecord.of(record);
      case GENERIC -> GenericRecord.of(record);
      case LOGICAL_MESSAGE -> LogicalMessageRecord.of(record);
    };
  }

  public int id() {
    return id;
  }

  /// The name that PostgreSQL's tools print, such as `Heap2`.
  public String rmgrName() {
    return rmgrName;
  }

  /// The name of a record type, such as `INSERT+INIT`, or null when there is none (rm_identify).
  ///
  /// @param info all of `xl_info`
  public @Nullable String recordName(WalFormat format, int info) {
    return switch (this) {
      case XLOG -> XLogRmgrRecord.name(format, info);
      case TRANSACTION -> TransactionRecord.name(format, info);
      case STORAGE -> StorageRecord.name(format, info);
      case CLOG -> ClogRecord.name(format, info);
      case DATABASE -> DatabaseRecord.name(format, info);
      case TABLESPACE -> TablespaceRecord.name(format, info);
      case MULTIXACT -> MultiXactRecord.name(format, info);
      case RELMAP -> RelMapRecord.name(format, info);
      case STANDBY -> StandbyRecord.name(format, info);
      case HEAP2 -> Heap2Record.name(format, info);
      case HEAP -> HeapRecord.name(format, info);
      case BTREE -> BtreeRecord.name(format, info);
      case HASH -> HashRecord.name(format, info);
      case GIN -> GinRecord.name(format, info);
      case GIST -> GistRecord.name(format, info);
      case SEQUENCE -> SequenceRecord.name(format, info);
      case SPGIST -> SpgistRecord.name(format, info);
      case BRIN -> BrinRecord.name(format, info);
      case COMMIT_TS -> CommitTsRecord.name(format, info);
      case REPLICATION_ORIGIN -> ReplicationOriginRecord.name(format, info);
      case GENERIC -> GenericRecord.name(format, info);
      case LOGICAL_MESSAGE -> LogicalMessageRecord.name(format, info);
    };
  }
}
