package org.walstream.wal.rmgrdesc;

import org.walstream.wal.rmgr.BrinRecord;
import org.walstream.wal.rmgr.BtreeRecord;
import org.walstream.wal.rmgr.ClogRecord;
import org.walstream.wal.rmgr.CommitTsRecord;
import org.walstream.wal.rmgr.DatabaseRecord;
import org.walstream.wal.rmgr.GenericRecord;
import org.walstream.wal.rmgr.GinRecord;
import org.walstream.wal.rmgr.GistRecord;
import org.walstream.wal.rmgr.HashRecord;
import org.walstream.wal.rmgr.Heap2Record;
import org.walstream.wal.rmgr.HeapRecord;
import org.walstream.wal.rmgr.LogicalMessageRecord;
import org.walstream.wal.rmgr.MultiXactRecord;
import org.walstream.wal.rmgr.RelMapRecord;
import org.walstream.wal.rmgr.ReplicationOriginRecord;
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
    switch (record) {
      case XLogRmgrRecord xlog -> XLogDesc.describe(xlog, out);
      case TransactionRecord transaction -> TransactionDesc.describe(transaction, out);
      case StorageRecord storage -> StorageDesc.describe(storage, out);
      case ClogRecord clog -> ClogDesc.describe(clog, out);
      case DatabaseRecord database -> DatabaseDesc.describe(database, out);
      case TablespaceRecord tablespace -> TablespaceDesc.describe(tablespace, out);
      case MultiXactRecord multi -> MultiXactDesc.describe(multi, out);
      case RelMapRecord map -> RelMapDesc.describe(map, out);
      case StandbyRecord standby -> StandbyDesc.describe(standby, out);
      case Heap2Record heap2 -> Heap2Desc.describe(heap2, out);
      case HeapRecord heap -> HeapDesc.describe(heap, out);
      case BtreeRecord btree -> BtreeDesc.describe(btree, out);
      case HashRecord hash -> HashDesc.describe(hash, out);
      case GinRecord gin -> GinDesc.describe(gin, out);
      case GistRecord gist -> GistDesc.describe(gist, out);
      case SequenceRecord sequence -> SequenceDesc.describe(sequence, out);
      case SpgistRecord spgist -> SpgistDesc.describe(spgist, out);
      case BrinRecord brin -> BrinDesc.describe(brin, out);
      case CommitTsRecord commitTs -> CommitTsDesc.describe(commitTs, out);
      case ReplicationOriginRecord origin -> ReplicationOriginDesc.describe(origin, out);
      // PostgreSQL looks for the changes in the main data, where there are none.
      case GenericRecord _ -> {}
      case LogicalMessageRecord message -> LogicalMessageDesc.describe(message, out);
      case UnknownRecord _ -> {}
    }
  }
}
