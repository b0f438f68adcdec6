package org.walstream.store;

import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalSegmentSize;

/// The WAL of one timeline as it is seen by those who are sent it: how far it is here, whether more
/// will come, and what came next.
///
/// Any thread.
public interface ServedTimeline {

  long systemIdentifier();

  WalSegmentSize segmentSize();

  TimelineId timeline();

  /// The end of what the kernel has.
  long writtenLsn();

  /// The end of what survives a crash of the machine.
  long flushedLsn();

  /// The timeline that followed this one, once it has ended.
  Optional<TimelineId> nextTimeline();

  /// True when nothing will come any more, though nothing failed; by then [#nextTimeline] says what
  /// followed, if anything did.
  boolean hasEnded();

  /// Waits until [#writtenLsn] is beyond `beyondLsn`.
  ///
  /// @param unless once it holds, the wait is over too; whoever makes it hold unparks the waiting
  ///   thread
  /// @return false when the time is up, `unless` holds, or no more WAL will come on this timeline
  boolean awaitWritten(long beyondLsn, long timeoutNanos, BooleanSupplier unless)
      throws WalLogFailedException;

  /// Waits until [#flushedLsn] is beyond `beyondLsn`; otherwise like [#awaitWritten].
  boolean awaitFlushed(long beyondLsn, long timeoutNanos, BooleanSupplier unless)
      throws WalLogFailedException;
}
