package org.walstream.store;

import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.walstream.wal.TimelineHistory;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalSegmentSize;

/// One directory of WAL: all timelines, one lock.
public interface WalStore extends Closeable {

  /// The log of the newest timeline in the directory, or empty while there is no WAL at all.
  Optional<WalLog> currentLog();

  /// Waits until there is a log other than `than`: the first one, or the next timeline's.
  Optional<WalLog> awaitLogOtherThan(@Nullable WalLog than, long timeoutNanos);

  /// The log to append to when streaming on `timeline` begins at `startLsn`: the one that is here
  /// already, or a new one if the directory is empty or the timeline new.
  ///
  /// `startLsn` must be the start of a segment, or lie between [WalLog#restartLsn] and
  /// [WalLog#writtenLsn] of the log that is here.
  ///
  /// @throws WalStoreException if the WAL here is another cluster's, has another segment size, is
  ///   on a newer timeline, or ends before `startLsn`
  WalLog openLog(
      long systemIdentifier, WalSegmentSize segmentSize, TimelineId timeline, long startLsn)
      throws IOException;

  /// Opens a reader that stands at `lsn` on the history of `timeline`: before that timeline forked
  /// off, it reads its ancestors' WAL.
  ///
  /// @throws WalRemovedException if that segment is not in the directory
  WalCursor cursor(TimelineId timeline, long lsn) throws IOException;

  /// A timeline's history, if its file is here; of the first timeline, which has none, always.
  Optional<TimelineHistory> history(TimelineId timeline) throws IOException;

  /// The content of a timeline's history file as it came, if it is here.
  Optional<byte[]> historyFile(TimelineId timeline) throws IOException;

  /// Keeps a timeline's history file, durably, before any WAL of that timeline.
  ///
  /// @throws WalDivergedException if another one is here for the same timeline
  void storeHistory(TimelineId timeline, byte[] content) throws IOException;

  /// The oldest position from which WAL is here without a gap up to the current log's end; empty
  /// while there is no WAL.
  Optional<Long> oldestLsn() throws IOException;

  /// Lets go of all segments that end at or before `lsn`, on every timeline; never of the one being
  /// written, nor of history files. Some become spare files.
  void removeBefore(long lsn) throws IOException;

  /// Flushes what was written, ends all logs and gives the directory free.
  @Override
  void close() throws IOException;
}
