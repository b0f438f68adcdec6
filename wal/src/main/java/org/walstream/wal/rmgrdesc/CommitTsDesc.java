package org.walstream.wal.rmgrdesc;

import org.walstream.wal.rmgr.CommitTsRecord;
import org.walstream.wal.rmgr.ZeroPage;

/// Counterpart of src/backend/access/rmgrdesc/committsdesc.c.
final class CommitTsDesc {

  private CommitTsDesc() {}

  static void describe(CommitTsRecord record, RecordText out) {
    switch (record) {
      case ZeroPage zero -> out.signed(zero.pageno());
      case CommitTsRecord.Truncate truncate ->
          out.add("pageno ")
              .signed(truncate.pageno())
              .add(", oldestXid ")
              .u32(truncate.oldestXid());
    }
  }
}
