package org.walstream.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalSegmentSize;

/// The WAL of one timeline: a writer appends to it, everyone else waits on its positions.
///
/// ```
///   restartLsn ─────── flushedLsn ─────── writtenLsn
///   start of the       survives a crash   handed to the kernel: readers
///   current segment    of the machine     may have it, a kill -9 keeps it
/// ```
///
/// Neither position ever moves back, in this process or across a kill -9. A log comes to life when
/// the directory is opened, if there is WAL in it; the writer joins later, so that readers are
/// served while nothing is connected upstream.
///
/// Threads: one writer calls [#append], [#finish]; everything else is for any thread.
public interface WalLog {

  long systemIdentifier();

  WalSegmentSize segmentSize();

  TimelineId timeline();

  /// Appends the WAL that starts at `lsn`, consuming `bytes`; may cross segment boundaries. Returns
  /// when the kernel has the bytes and [#writtenLsn] says so.
  ///
  /// A stream that was begun anew at [#restartLsn] is welcome: what is here already is compared
  /// with it, not written again.
  ///
  /// Waits while the disk is full or too far behind.
  ///
  /// @throws WalGapException if `lsn` is past [#writtenLsn] or before [#restartLsn]
  /// @throws WalDivergedException if WAL that is here already differs; nothing is overwritten
  /// @throws WalLogFailedException if this or an earlier write or fsync failed: fatal for the log
  /// @throws WalLogClosedException if the timeline has been finished or the store closed
  void append(long lsn, ByteBuffer bytes) throws IOException;

  /// Asks for everything written so far to be made durable soon; returns at once.
  void requestFlush();

  /// Ends this timeline at `switchLsn`, where timeline `next` forked off: flushes all that was
  /// written, leaves the last segment `.partial`, as pg_receivewal does, and lets all waiters go.
  ///
  /// @throws WalGapException if not everything up to `switchLsn` is here
  void finish(long switchLsn, TimelineId next) throws IOException;

  /// Where a writer must begin streaming, at the earliest: the start of the segment that is not
  /// complete yet.
  long restartLsn();

  long writtenLsn();

  long flushedLsn();

  /// Waits until [#writtenLsn] is beyond `beyondLsn`.
  ///
  /// @param unless once it holds, the wait is over too; whoever makes it hold unparks the waiting
  ///   thread
  /// @return false when the time is up, `unless` holds, or no more WAL will be written on this
  ///   timeline
  boolean awaitWritten(long beyondLsn, long timeoutNanos, BooleanSupplier unless)
      throws WalLogFailedException;

  /// Waits until [#flushedLsn] is beyond `beyondLsn`; otherwise like [#awaitWritten].
  boolean awaitFlushed(long beyondLsn, long timeoutNanos, BooleanSupplier unless)
      throws WalLogFailedException;

  default boolean awaitWritten(long beyondLsn, long timeoutNanos) throws WalLogFailedException {
    return awaitWritten(beyondLsn, timeoutNanos, () -> false);
  }

  default boolean awaitFlushed(long beyondLsn, long timeoutNanos) throws WalLogFailedException {
    return awaitFlushed(beyondLsn, timeoutNanos, () -> false);
  }

  /// The timeline that followed this one, once it has been finished.
  Optional<TimelineId> nextTimeline();

  /// Why the log can promise nothing any more, if it failed.
  Optional<WalLogFailedException> failure();
}
