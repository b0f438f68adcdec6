package org.walstream.standby;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.walstream.store.ServedTimeline;
import org.walstream.store.ServedWal;
import org.walstream.store.WalCursor;
import org.walstream.store.WalRemovedException;
import org.walstream.store.backfill.BackFill;
import org.walstream.store.backfill.OwnWal;
import org.walstream.store.segment.SegmentDirectory;
import org.walstream.store.segment.SegmentIdentity;
import org.walstream.store.segment.SegmentReader;
import org.walstream.wal.Lsn;
import org.walstream.wal.TimelineHistory;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalSegmentName;

/// The WAL of a standby as standbys below it are sent it, out of `pg_wal`; what has gone from there
/// is fetched from the archive, if there is one.
///
/// ```
///   the timeline that replay is on    up to what is replayed, or flushed of what is received there
///   those before it                   up to where the next one left
/// ```
///
/// What is received of a timeline that replay has not come to yet is kept back, as by a server:
/// nobody below is ahead of where this directory may still be promoted. What is replayed and not
/// flushed yet is kept back too; a server does not replay before it has flushed.
///
/// Counterpart of GetStandbyFlushRecPtr(), src/backend/replication/walsender.c. Any thread.
public final class CascadedWal implements ServedWal, OwnWal {

  private final SegmentDirectory pgWal;
  private final SegmentIdentity identity;
  private final Supplier<TimelineHistory> history;
  private final @Nullable BackFill archive;

  // Guarded by this.
  private long appliedLsn;
  private boolean streaming;
  private long durableLsn;
  private long streamFlushedLsn;

  // Written under the lock.
  private volatile @Nullable TimelineId receivedTimeline;
  private volatile long receivedLsn;
  private volatile @Nullable CascadedTimeline current;
  private volatile long removedBefore;
  private boolean closed;

  /// @param history along which is replayed
  /// @param archive where WAL is fetched that `pg_wal` has no more; null without one
  CascadedWal(
      SegmentDirectory pgWal,
      SegmentIdentity identity,
      Supplier<TimelineHistory> history,
      @Nullable BackFill archive) {
    this.pgWal = pgWal;
    this.identity = identity;
    this.history = history;
    this.archive = archive;
  }

  public SegmentIdentity identity() {
    return identity;
  }

  /// The end of what has been received and flushed, as `pg_last_wal_receive_lsn()` has it; 0 when
  /// nothing has.
  public long receivedLsn() {
    return receivedLsn;
  }

  /// Everything before `lsn` has been replayed.
  synchronized void replayed(long lsn) {
    appliedLsn = lsn;
    update();
  }

  /// WAL is streamed from now on; everything before `lsn` is here, and durable.
  synchronized void streamBegins(long lsn) {
    streaming = true;
    durableLsn = lsn;
    streamFlushedLsn = 0;
  }

  /// So much has been received and flushed.
  synchronized void received(TimelineId timeline, long flushedLsn) {
    streamFlushedLsn = flushedLsn;
    if (!timeline.equals(receivedTimeline) || Lsn.isAfter(flushedLsn, receivedLsn)) {
      receivedLsn = flushedLsn;
      receivedTimeline = timeline;
    }
    update();
  }

  /// Nothing is streamed any more; all that has come is flushed.
  synchronized void streamEnded() {
    streaming = false;
    update();
  }

  private void update() {
    long safe = streaming ? Lsn.min(appliedLsn, Lsn.max(durableLsn, streamFlushedLsn)) : appliedLsn;
    if (safe == 0 || closed) {
      return;
    }
    // At a switch point replay is still on the timeline that ends there.
    TimelineId timeline = history.get().timelineOf(safe - 1);
    CascadedTimeline log = current;
    if (log == null || log.timeline().isBefore(timeline)) {
      var next = new CascadedTimeline(identity, timeline, safe);
      current = next;
      if (log != null) {
        log.followedBy(timeline);
      }
      log = next;
    }
    log.reached(safe);
    if (log.timeline().equals(receivedTimeline)) {
      log.reached(receivedLsn);
    }
  }

  /// What is before `lsn` goes now, and is not read any more.
  void removeBefore(long lsn) throws IOException {
    removedBefore = Lsn.max(removedBefore, lsn);
    if (archive != null) {
      archive.keepFrom(lsn);
    }
  }

  long removedBefore() {
    return removedBefore;
  }

  /// There will be no more: everybody gets what there is.
  synchronized void close() {
    closed = true;
    CascadedTimeline log = current;
    if (log != null) {
      log.close();
    }
    if (archive != null) {
      archive.close();
    }
  }

  // What follows is for those who are served.

  @Override
  public Path path() {
    return pgWal.path();
  }

  @Override
  public Optional<ServedTimeline> currentLog() {
    return Optional.ofNullable(current);
  }

  @Override
  public WalCursor cursor(TimelineId timeline, long lsn) throws IOException {
    CascadedTimeline log = current;
    if (log == null) {
      throw new WalRemovedException(
          WalSegmentName.containing(timeline, lsn, identity.segmentSize()).fileName());
    }
    var segments = new CascadedSegments(SegmentReader.ofFinished(pgWal), this);
    WalCursor cursor =
        WalCursor.over(
            segments, identity.segmentSize(), historyOf(timeline, log.timeline()), this, archive);
    try {
      if (archive == null) {
        cursor.seek(lsn);
      }
      return cursor;
    } catch (IOException | RuntimeException e) {
      cursor.close();
      throw e;
    }
  }

  @Override
  public boolean isOlder(long lsn) {
    CascadedTimeline log = current;
    return log != null
        && Lsn.isBefore(lsn, identity.segmentSize().startOfSegment(log.flushedLsn()));
  }

  @Override
  public boolean has(WalSegmentName segment) {
    return !Lsn.isBefore(segment.startLsn(), removedBefore) && pgWal.findFinished(segment) != null;
  }

  /// Along the newest timeline that is sent, if it has followed the one asked for: the segment of
  /// the fork may only be here as the newer one's.
  private TimelineHistory historyOf(TimelineId timeline, TimelineId newest) throws IOException {
    TimelineHistory followed = history.get();
    if (followed.contains(newest)) {
      TimelineHistory sent = followed.upTo(newest);
      if (sent.contains(timeline)) {
        return sent;
      }
    }
    return history(timeline).orElseGet(() -> TimelineHistory.ofFirst(timeline));
  }

  @Override
  public Optional<TimelineHistory> history(TimelineId timeline) throws IOException {
    return pgWal.history(timeline);
  }

  @Override
  public Optional<byte[]> historyFileOrFetched(TimelineId timeline) throws IOException {
    return pgWal.historyFile(timeline);
  }
}
