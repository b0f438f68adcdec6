package org.walstream.wal.rmgr;

import org.walstream.wal.record.DecodedXLogRecord;

/// A record as its resource manager understands it. Made by [Rmgr#interpret].
public sealed interface WalRecord
    permits XLogRmgrRecord,
        TransactionRecord,
        StorageRecord,
        ClogRecord,
        DatabaseRecord,
        TablespaceRecord,
        MultiXactRecord,
        RelMapRecord,
        StandbyRecord,
        Heap2Record,
        HeapRecord,
        BtreeRecord,
        HashRecord,
        GinRecord,
        GistRecord,
        SequenceRecord,
        SpgistRecord,
        BrinRecord,
        CommitTsRecord,
        ReplicationOriginRecord,
        GenericRecord,
        LogicalMessageRecord,
        UnknownRecord {

  /// The bytes that this is a view of.
  DecodedXLogRecord record();

  /// Tells every field by name: what `waldump --json` prints.
  void fields(RecordFields out);
}
