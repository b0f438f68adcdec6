package org.walstream.store.backfill;

import org.walstream.wal.WalSegmentName;

/// What WAL is here without being fetched. Any thread.
public interface OwnWal {

  /// True when the segment with `lsn` ends before the one that is growing begins: if it is not
  /// here, it will not come by itself.
  boolean isOlder(long lsn);

  boolean has(WalSegmentName segment);
}
