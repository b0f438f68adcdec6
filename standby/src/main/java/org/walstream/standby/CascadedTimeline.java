package org.walstream.standby;

import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.walstream.store.Position;
import org.walstream.store.ServedTimeline;
import org.walstream.store.WalLogFailedException;
import org.walstream.store.segment.SegmentIdentity;
import org.walstream.wal.Lsn;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalSegmentSize;

/// One timeline of a standby as those below it are sent it: all of it that may be sent is durable.
final class CascadedTimeline implements ServedTimeline {

  private final SegmentIdentity identity;
  private final TimelineId timeline;
  private final Position end;
  private volatile @Nullable TimelineId next;

  /// @param endLsn how far it may be sent so far
  CascadedTimeline(SegmentIdentity identity, TimelineId timeline, long endLsn) {
    this.identity = identity;
    this.timeline = timeline;
    this.end = new Position(endLsn);
  }

  /// It may be sent up to here, if it is not already. One thread at a time.
  void reached(long lsn) {
    if (Lsn.isAfter(lsn, end.lsn())) {
      end.advance(lsn);
    }
  }

  /// Replay has gone on to another timeline.
  void followedBy(TimelineId other) {
    next = other;
    end.close();
  }

  /// There will be no more.
  void close() {
    end.close();
  }

  @Override
  public long systemIdentifier() {
    return identity.systemIdentifier();
  }

  @Override
  public WalSegmentSize segmentSize() {
    return identity.segmentSize();
  }

  @Override
  public TimelineId timeline() {
    return timeline;
  }

  @Override
  public long writtenLsn() {
    return end.lsn();
  }

  @Override
  public long flushedLsn() {
    return end.lsn();
  }

  @Override
  public Optional<TimelineId> nextTimeline() {
    return Optional.ofNullable(next);
  }

  @Override
  public boolean hasEnded() {
    return end.isClosed();
  }

  @Override
  public boolean awaitWritten(long beyondLsn, long timeoutNanos, BooleanSupplier unless)
      throws WalLogFailedException {
    return end.await(beyondLsn, timeoutNanos, unless);
  }

  @Override
  public boolean awaitFlushed(long beyondLsn, long timeoutNanos, BooleanSupplier unless)
      throws WalLogFailedException {
    return end.await(beyondLsn, timeoutNanos, unless);
  }
}
