package org.walstream.wal.rmgrdesc;

import org.walstream.wal.rmgr.ReplicationOriginRecord;

/// Counterpart of src/backend/access/rmgrdesc/replorigindesc.c.
final class ReplicationOriginDesc {

  private ReplicationOriginDesc() {}

  static void describe(ReplicationOriginRecord record, RecordText out) {
    switch (record) {
      case ReplicationOriginRecord.Set set -> {
        out.add("set ").u32(set.nodeId());
        out.add("; lsn ").lsn(set.remoteLsn());
        out.add("; force: ").add(set.force() ? '1' : '0');
      }
      case ReplicationOriginRecord.Drop drop -> out.add("drop ").u32(drop.nodeId());
    }
  }
}
