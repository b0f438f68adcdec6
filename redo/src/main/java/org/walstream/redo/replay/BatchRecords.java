package org.walstream.redo.replay;

import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.record.RecordBatch;
import org.walstream.wal.record.RecordDecoder;
import org.walstream.wal.rmgr.Rmgr;
import org.walstream.wal.rmgr.WalRecord;

/// The records of a batch for one thread: taken apart when they are asked for, and once if they are
/// asked for again and again.
final class BatchRecords {

  private final RecordDecoder decoder = new RecordDecoder();
  private final DecodedXLogRecord decoded = new DecodedXLogRecord();
  private WalRecord record = Rmgr.interpret(decoded);
  private int current = -1;

  /// To be called when the batch is another one, or has been filled anew.
  void begin() {
    current = -1;
  }

  WalRecord get(RecordBatch batch, int index) {
    if (index != current) {
      batch.decode(index, decoder, decoded);
      record = Rmgr.interpret(decoded);
      current = index;
    }
    return record;
  }
}
