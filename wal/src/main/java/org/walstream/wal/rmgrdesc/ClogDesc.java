package org.walstream.wal.rmgrdesc;

import org.walstream.wal.rmgr.ClogRecord;
import org.walstream.wal.rmgr.ZeroPage;

/// Counterpart of src/backend/access/rmgrdesc/clogdesc.c.
final class ClogDesc {

  private ClogDesc() {}

  static void describe(ClogRecord record, RecordText out) {
    switch (record) {
      case ZeroPage zero -> out.add("page ").signed(zero.pageno());
      case ClogRecord.Truncate truncate ->
          out.add("page ")
              .signed(truncate.pageno())
              .add("; oldestXact ")
              .u32(truncate.oldestXact());
    }
  }
}
