package org.walstream.store.backfill;

import java.time.Instant;
import java.util.Optional;

/// What has been fetched on demand since the store was opened.
///
/// @param running how many segments are on their way, or wait for their turn
/// @param failed how many could not be had
/// @param keptSegments how many are here now
/// @param lastSegment the one that has come last
public record BackFillStatistics(
    int running,
    long fetchedSegments,
    long fetchedBytes,
    long failed,
    int keptSegments,
    Optional<String> lastSegment,
    Optional<Instant> lastFetched,
    Optional<String> lastError,
    Optional<Instant> lastErrorAt) {

  /// Of a store that has not been asked for older WAL yet.
  public static final BackFillStatistics NONE =
      new BackFillStatistics(
          0, 0, 0, 0, 0, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
}
