package org.walstream.send.walsender;

import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import org.walstream.send.SendSettings;
import org.walstream.store.ServedTimeline;
import org.walstream.store.ServedWal;
import org.walstream.store.WalLogFailedException;
import org.walstream.store.WalStoreException;
import org.walstream.wal.Lsn;
import org.walstream.wal.TimelineHistory;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalSegmentSize;
import org.walstream.wire.SqlState;
import org.walstream.wire.server.ServerError;

/// How far a standby may be sent WAL of the timeline it asked for.
///
/// ```
/// Growing   the timeline the node is on: to what is written (or flushed), then wait for more
/// Historic  an ancestor of it: to where the next timeline forked off, and no further
/// ```
///
/// A growing range becomes historic when the node follows a timeline switch.
sealed interface WalRange {

  /// Where the timeline ended, and which came next.
  record End(TimelineId next, long switchLsn) {}

  TimelineId timeline();

  WalSegmentSize segmentSize();

  /// WAL before this position may be sent now.
  long limit(SendSettings settings);

  /// Empty while the timeline may still grow, and when the store was closed before it ended.
  ///
  /// @throws WalStoreException if the timeline that follows here is of another branch
  Optional<End> end() throws IOException;

  /// True when nothing comes any more, and what [#end] says is the last word.
  boolean isOver();

  /// Waits until there is WAL beyond `lsn`, or `unless` holds.
  ///
  /// @return false when there will never be more, or `unless` holds, or after a while
  boolean await(long lsn, SendSettings settings, BooleanSupplier unless)
      throws WalLogFailedException;

  /// The range of `timeline` in this store.
  ///
  /// @throws ServerError in PostgreSQL's words, if `startLsn` on `timeline` is not in its history
  static WalRange of(ServedWal store, ServedTimeline current, TimelineId timeline, long startLsn)
      throws IOException, ServerError {
    if (timeline.equals(current.timeline())) {
      return new Growing(store, current);
    }
    Optional<TimelineHistory> history = store.history(current.timeline());
    Optional<End> end = history.flatMap(h -> endOf(timeline, h));
    if (end.isEmpty()) {
      throw ServerError.error(
          SqlState.INTERNAL_ERROR,
          "requested timeline " + timeline + " is not in this server's history");
    }
    if (Lsn.isAfter(startLsn, end.get().switchLsn)) {
      throw ServerError.error(
              SqlState.INTERNAL_ERROR,
              "requested starting point %s on timeline %s is not in this server's history"
                  .formatted(Lsn.format(startLsn), timeline))
          .withDetail(
              "This server's history forked from timeline %s at %s."
                  .formatted(timeline, Lsn.format(end.get().switchLsn)));
    }
    return new Historic(timeline, current.segmentSize(), end.get());
  }

  private static Optional<End> endOf(TimelineId timeline, TimelineHistory history) {
    if (!history.contains(timeline)) {
      return Optional.empty();
    }
    OptionalLong switchLsn = history.switchPoint(timeline);
    Optional<TimelineId> next = history.next(timeline);
    return switchLsn.isPresent() && next.isPresent()
        ? Optional.of(new End(next.get(), switchLsn.getAsLong()))
        : Optional.empty();
  }

  /// The timeline the node is on, or was on when the stream began.
  record Growing(ServedWal store, ServedTimeline log) implements WalRange {

    /// Long, since whoever has news wakes us; finite, so that a mistake there heals.
    private static final long WAIT_NANOS = 60_000_000_000L;

    @Override
    public TimelineId timeline() {
      return log.timeline();
    }

    @Override
    public WalSegmentSize segmentSize() {
      return log.segmentSize();
    }

    @Override
    public long limit(SendSettings settings) {
      return settings.forwardFlushed() ? log.flushedLsn() : log.writtenLsn();
    }

    @Override
    public Optional<End> end() throws IOException {
      Optional<TimelineId> next = log.nextTimeline();
      if (next.isEmpty()) {
        return Optional.empty();
      }
      // The timeline that follows here may itself be history by now; the end of this one is the
      // same in every later history.
      Optional<End> end = store.history(next.get()).flatMap(h -> endOf(timeline(), h));
      if (end.isEmpty()) {
        throw new WalStoreException(
            "requested timeline " + timeline() + " is not in this server's history");
      }
      return end;
    }

    @Override
    public boolean isOver() {
      return log.hasEnded();
    }

    @Override
    public boolean await(long lsn, SendSettings settings, BooleanSupplier unless)
        throws WalLogFailedException {
      return settings.forwardFlushed()
          ? log.awaitFlushed(lsn, WAIT_NANOS, unless)
          : log.awaitWritten(lsn, WAIT_NANOS, unless);
    }
  }

  /// An ancestor timeline: all of it is here.
  record Historic(TimelineId timeline, WalSegmentSize segmentSize, End theEnd) implements WalRange {

    @Override
    public long limit(SendSettings settings) {
      return theEnd.switchLsn;
    }

    @Override
    public Optional<End> end() {
      return Optional.of(theEnd);
    }

    @Override
    public boolean isOver() {
      return true;
    }

    @Override
    public boolean await(long lsn, SendSettings settings, BooleanSupplier unless) {
      return false;
    }
  }
}
