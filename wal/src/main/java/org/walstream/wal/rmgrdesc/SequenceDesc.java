package org.walstream.wal.rmgrdesc;

import org.walstream.wal.rmgr.SequenceRecord;

/// Counterpart of src/backend/access/rmgrdesc/seqdesc.c.
final class SequenceDesc {

  private SequenceDesc() {}

  static void describe(SequenceRecord record, RecordText out) {
    switch (record) {
      case SequenceRecord.Log log -> out.add("rel ").locator(log.locator());
    }
  }
}
