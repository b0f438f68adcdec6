package org.walstream.cli.waldump;

import java.io.IOException;
import org.walstream.wal.record.DecodedXLogRecord;

/// What becomes of the records that are wanted. A sink keeps what it makes of them until it is told
/// to give it out, because a reader ahead of others does not yet know whether its records count.
///
/// One thread; [#emit] is called by one sink at a time, in the order of the WAL.
interface RecordSink {

  void accept(DecodedXLogRecord record) throws IOException;

  /// True when so much is kept that it should be given out before more comes.
  default boolean isFull() {
    return false;
  }

  /// Gives out what was kept.
  void emit() throws IOException;

  /// Forgets what was kept.
  void discard();
}
