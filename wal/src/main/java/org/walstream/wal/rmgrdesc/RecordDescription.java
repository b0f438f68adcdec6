package org.walstream.wal.rmgrdesc;

import org.walstream.wal.rmgr.BrinRecord;
import org.walstream.wal.rmgr.BtreeRecord;
import org.walstream.wal.rmgr.ClogRecord;
import org.walstream.wal.rmgr.CommitTsRecord;
import org.walstream.wal.rmgr.DatabaseRecord;
import org.walstream.wal.rmgr.GinRecord;
import org.walstream.wal.rmgr.GistRecord;
import org.walstream.wal.rmgr.HashRecord;
import org.walstream.wal.rmgr.Heap2Record;
import org.walstream.wal.rmgr.HeapRecord;
import org.walstream.wal.rmgr.LogicalMessageRecord;
import org.walstream.wal.rmgr.MultiXactRecord;
import org.walstream.wal.rmgr.RelMapRecord;
import org.walstream.wal.rmgr.ReplicationOriginRecord;
import org.walstream.wal.rmgr.Rmgr;
import org.walstream.wal.rmgr.SequenceRecord;
import org.walstream.wal.rmgr.SpgistRecord;
import org.walstream.wal.rmgr.StandbyRecord;
import org.walstream.wal.rmgr.StorageRecord;
import org.walstream.wal.rmgr.TablespaceRecord;
import org.walstream.wal.rmgr.TransactionRecord;
import org.walstream.wal.rmgr.UnknownRecord;
import org.walstream.wal.rmgr.WalRecord;
import org.walstream.wal.rmgr.XLogRmgrRecord;

/// The text of any record's own data: what stands after the record type's name in a line of
/// pg_waldump, and in column `description` of pg_walinspect.
///
/// Counterpart of the rm_desc routines.
public final class RecordDescription {

  private RecordDescription() {}

  /// Adds the text of `record` to `out`; nothing for one that is not understood.
  public static void describe(WalRecord record, RecordText out) {
    if (record instanceof UnknownRecord) {
      return;
    }
    // By number, not by type: a pattern for each of the types would be tried one after the other.
    switch (Rmgr.ofId(record.record().rmgrId())) {
      case XLOG -> XLogDesc.describe((XLogRmgrRecord) record, out);
      case TRANSACTION -> TransactionDesc.describe((TransactionRecord) record, out);
      case STORAGE -> StorageDesc.describe((StorageRecord) record, out);
      case CLOG -> ClogDesc.describe((ClogRecord) record, out);
      case DATABASE -> DatabaseDesc.describe((DatabaseRecord) record, out);
      case TABLESPACE -> TablespaceDesc.describe((TablespaceRecord) record, out);
      case MULTIXACT -> MultiXactDesc.describe((MultiXactRecord) record, out);
      case RELMAP -> RelMapDesc.describe((RelMapRecord) record, out);
      case STANDBY -> StandbyDesc.describe((StandbyRecord) record, out);
      case HEAP2 -> Heap2Desc.describe((Heap2Record) record, out);
      case HEAP -> HeapDesc.describe((HeapRecord) record, out);
      case BTREE -> BtreeDesc.describe((BtreeRecord) record, out);
      case HASH -> HashDesc.describe((HashRecord) record, out);
      case GIN -> GinDesc.describe((GinRecord) record, out);
      case GIST -> GistDesc.describe((GistRecord) record, out);
      case SEQUENCE -> SequenceDesc.describe((SequenceRecord) record, out);
      case SPGIST -> SpgistDesc.describe((SpgistRecord) record, out);
      case BRIN -> BrinDesc.describe((BrinRecord) record, out);
      case COMMIT_TS -> CommitTsDesc.describe((CommitTsRecord) record, out);
      case REPLICATION_ORIGIN ->
          ReplicationOriginDesc.describe((ReplicationOriginRecord) record, out);
      case LOGICAL_MESSAGE -> LogicalMessageDesc.describe((LogicalMessageRecord) record, out);
      // PostgreSQL looks for the changes in the main data, where there are none.
      case GENERIC -> {}
      case null -> throw new IllegalArgumentException("understood, but nobody's: " + record);
    }
  }
}
