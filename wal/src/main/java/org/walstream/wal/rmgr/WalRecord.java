package org.walstream.wal.rmgr;

import org.walstream.wal.record.DecodedXLogRecord;

/// A record as its resource manager understands it. Made by [Rmgr#interpret].
public sealed interface WalRecord
    permits XLogRmgrRecord,
        TransactionRecord,
        StorageRecord,
        StandbyRecord,
        Heap2Record,
        HeapRecord,
        BtreeRecord,
        SequenceRecord,
        UnknownRecord {

  /// The bytes that this is a view of.
  DecodedXLogRecord record();

  /// Tells every field by name: what `waldump --json` prints.
  void fields(RecordFields out);
}
