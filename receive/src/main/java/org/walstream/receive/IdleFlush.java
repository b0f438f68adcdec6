package org.walstream.receive;

/// Decides when a tail that is written but not durable shall be flushed although nobody has asked:
/// as soon as the stream has stood still for a moment. So a receiver that is not synchronous has
/// everything on disk, and has said so, before a primary is shut down or switched over.
///
/// Pure logic, fed with the positions at each look. Not thread-safe.
final class IdleFlush {

  /// Long enough that a busy stream, which is flushed segment by segment, is never held to be idle;
  /// short enough that nobody waits for it. Doubtful only in so far as any number between would do.
  static final long IDLE_NANOS = 200_000_000;

  private long seenWrittenLsn;
  private long seenNanos;
  private long askedForLsn;

  IdleFlush(long startLsn, long nowNanos) {
    seenWrittenLsn = startLsn;
    seenNanos = nowNanos;
    askedForLsn = startLsn;
  }

  /// @return true when a flush shall be asked for now; it is asked for once per position
  boolean due(long writtenLsn, long flushedLsn, long nowNanos) {
    if (writtenLsn != seenWrittenLsn) {
      seenWrittenLsn = writtenLsn;
      seenNanos = nowNanos;
    }
    boolean due = isPending(flushedLsn) && nowNanos - seenNanos >= IDLE_NANOS;
    if (due) {
      askedForLsn = seenWrittenLsn;
    }
    return due;
  }

  /// How long until it is worth looking again; [Long#MAX_VALUE] when there is nothing to flush.
  long nanosUntilLook(long flushedLsn, long nowNanos) {
    return isPending(flushedLsn)
        ? Math.max(1, IDLE_NANOS - (nowNanos - seenNanos))
        : Long.MAX_VALUE;
  }

  private boolean isPending(long flushedLsn) {
    return seenWrittenLsn != flushedLsn && seenWrittenLsn != askedForLsn;
  }
}
