package org.walstream.redo.rmgr;

import org.walstream.wal.record.DecodedXLogRecord;

/// The pages that a record refers to, as links between them have them.
final class RecordBlocks {

  private RecordBlocks() {}

  /// The number of one of the record's blocks.
  ///
  /// @throws IndexOutOfBoundsException if there is no such block
  static int number(DecodedXLogRecord record, int id) {
    if (!record.hasBlock(id)) {
      throw new IndexOutOfBoundsException(
          "could not locate backup block with ID %d in WAL record".formatted(id));
    }
    return record.block(id).blockNumber();
  }
}
