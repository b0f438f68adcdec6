package org.walstream.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.walstream.store.backfill.BackFillStatistics;
import org.walstream.wal.Lsn;
import org.walstream.wal.TimelineHistory;
import org.walstream.wal.TimelineId;

/// WAL that others are sent while more of it comes: all that senders, and whoever shows status,
/// need to know of where it is kept.
///
/// ```
///   WalStore       a directory of ours, into which a receiver writes
///   a standby's    pg_wal of the data directory that it replays
/// ```
///
/// Any thread.
public interface ServedWal {

  /// The directory of the segments.
  Path path();

  /// The newest timeline here; empty while there is no WAL at all. It may have ended, or failed.
  Optional<? extends ServedTimeline> currentLog();

  /// Opens a reader that stands at `lsn` on the history of `timeline`: before that timeline forked
  /// off, it reads its ancestors' WAL.
  ///
  /// @throws WalRemovedException if that segment is not here, and there is nobody to fetch it from
  WalCursor cursor(TimelineId timeline, long lsn) throws IOException;

  /// A timeline's history, if its file is here; of the first timeline, which has none, always.
  Optional<TimelineHistory> history(TimelineId timeline) throws IOException;

  /// The content of a timeline's history file, fetched if that can help.
  Optional<byte[]> historyFileOrFetched(TimelineId timeline) throws IOException;

  /// Where WAL begins here; empty when nobody knows.
  default Optional<Lsn> oldestLsn() throws IOException {
    return Optional.empty();
  }

  /// What has been fetched on demand; empty where there is nobody to fetch from.
  default Optional<BackFillStatistics> backFillStatistics() {
    return Optional.empty();
  }
}
