package org.walstream.wal.rmgrdesc;

import org.walstream.wal.record.RecordBytes;
import org.walstream.wal.rmgr.LogicalMessageRecord;

/// Counterpart of src/backend/access/rmgrdesc/logicalmsgdesc.c.
final class LogicalMessageDesc {

  private LogicalMessageDesc() {}

  static void describe(LogicalMessageRecord record, RecordText out) {
    switch (record) {
      case LogicalMessageRecord.Message message -> message(message, out);
    }
  }

  private static void message(LogicalMessageRecord.Message message, RecordText out) {
    RecordBytes main = message.record().main();
    out.add(message.transactional() ? "transactional" : "non-transactional");
    out.add(", prefix \"").cString(main, message.prefixAt());
    out.add("\"; payload (").signed(message.messageSize()).add(" bytes): ");
    int start = message.messageAt();
    for (int at = start; at < start + message.messageSize(); at++) {
      if (at > start) {
        out.add(' ');
      }
      out.upperHex(main.u8(at), 2);
    }
  }
}
