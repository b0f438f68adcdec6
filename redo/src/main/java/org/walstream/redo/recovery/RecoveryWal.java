package org.walstream.redo.recovery;

import java.io.IOException;
import org.walstream.wal.TimelineHistory;
import org.walstream.wal.record.WalSegmentSource;

/// The WAL that recovery reads. What it gives is durable in the data directory's `pg_wal` before it
/// is given: whoever goes on there finds what he needs, and no page can be newer than WAL on disk.
///
/// One thread's.
public interface RecoveryWal {

  /// All there is, from wherever it comes.
  WalSegmentSource all();

  /// What a crashed server left in its `pg_wal`.
  WalSegmentSource own();

  /// What leads to the newest timeline that is to be replayed.
  TimelineHistory history();

  /// Recovery begins no earlier than here from now on: what is before it may go.
  void restartsAt(long redoLsn, int timeline) throws IOException;
}
