package org.walstream.wal.rmgrdesc;

import org.walstream.wal.rmgr.RelMapRecord;

/// Counterpart of src/backend/access/rmgrdesc/relmapdesc.c.
final class RelMapDesc {

  private RelMapDesc() {}

  static void describe(RelMapRecord record, RecordText out) {
    switch (record) {
      case RelMapRecord.Update update -> {
        out.add("database ").u32(update.dbid());
        out.add(" tablespace ").u32(update.tsid());
        out.add(" size ").signed(update.nbytes());
      }
    }
  }
}
