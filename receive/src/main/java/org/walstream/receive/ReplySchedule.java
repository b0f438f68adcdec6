package org.walstream.receive;

import org.walstream.wal.Check;
import org.walstream.wal.Lsn;

/// Decides when a receiver reports its positions to the sender. Pure logic: no clock, no socket, no
/// thread; the thread that writes replies tells it what happened and does what it answers.
///
/// A report is due
/// - at once, when the stream begins: a slot that has reserved nothing yet keeps WAL only from then
///   on;
/// - at once, when the sender asks;
/// - at once after an fsync, when synchronous: a COMMIT upstream is waiting for exactly this;
/// - after an fsync that completed a segment, when asynchronous: that frees WAL upstream, and is
///   seldom enough;
/// - after an fsync that was made because the sender asked or the stream stood still: a sender that
///   shuts down waits for it;
/// - once, when the stream has stood still for a moment: a walsender of PostgreSQL 16 to 18 now and
///   then sleeps through the flush that comes just as it falls asleep (of 60,000 commits, one after
///   the other, ten), and sends that WAL only when something else wakes it, up to ten seconds
///   later. Whatever we say does;
/// - at the latest `statusIntervalNanos` after the last one, so that the sender knows us alive.
///
/// Reports never wait for an answer, and nothing here makes the stream wait for a report.
///
/// Invariants: a reported position never goes back; `flushed <= written`.
///
/// Counterpart of XLogWalRcvSendReply(), src/backend/replication/walreceiver.c. Not thread-safe.
final class ReplySchedule {

  /// Long enough that a busy stream is seldom held to stand still; short enough that a commit that
  /// has been slept through is not missed by people.
  static final long STILL_NANOS = 20_000_000;

  private final boolean synchronous;
  private final long statusIntervalNanos; // 0: only when asked or after an fsync, as in PostgreSQL

  private long writtenLsn;
  private long flushedLsn;
  private long reportedFlushLsn;
  private long lastReportNanos;
  private boolean due = true;

  /// WAL has come, when, and nothing has been said since the stream has stood still.
  private boolean unsettled;

  private long movedNanos;

  /// A flush has been asked for, and whatever it makes durable shall be told.
  private boolean flushAwaited;

  ReplySchedule(boolean synchronous, long statusIntervalNanos, long startLsn, long nowNanos) {
    this.synchronous = synchronous;
    this.statusIntervalNanos = statusIntervalNanos;
    this.writtenLsn = startLsn;
    this.flushedLsn = startLsn;
    this.reportedFlushLsn = startLsn;
    this.lastReportNanos = nowNanos;
  }

  void written(long lsn, long nowNanos) {
    Check.state(
        !Lsn.isBefore(lsn, writtenLsn),
        "written went back from %s to %s",
        Lsn.format(writtenLsn),
        Lsn.format(lsn));
    if (lsn != writtenLsn) {
      unsettled = true;
      movedNanos = nowNanos;
    }
    writtenLsn = lsn;
  }

  void flushed(long lsn, boolean segmentComplete) {
    Check.state(
        !Lsn.isAfter(lsn, writtenLsn), "flushed %s is past what is written", Lsn.format(lsn));
    Check.state(
        !Lsn.isBefore(lsn, flushedLsn),
        "flushed went back from %s to %s",
        Lsn.format(flushedLsn),
        Lsn.format(lsn));
    flushedLsn = lsn;
    boolean news = flushedLsn != reportedFlushLsn;
    due |= segmentComplete || (news && (synchronous || flushAwaited));
    if (flushedLsn == writtenLsn) {
      flushAwaited = false;
    }
  }

  /// A flush has been asked for on the sender's behalf: report what comes of it.
  void flushRequested() {
    flushAwaited = flushedLsn != writtenLsn;
  }

  void replyRequested() {
    due = true;
  }

  /// True when a report must go out now. Call [#reported] once it is on its way.
  boolean due(long nowNanos) {
    return nanosUntilDue(nowNanos) <= 0;
  }

  /// How long until a report is due if nothing happens before; [Long#MAX_VALUE] for never.
  long nanosUntilDue(long nowNanos) {
    if (due) {
      return 0;
    }
    long untilStill = unsettled ? STILL_NANOS - (nowNanos - movedNanos) : Long.MAX_VALUE;
    long untilStatus =
        statusIntervalNanos == 0
            ? Long.MAX_VALUE
            : statusIntervalNanos - (nowNanos - lastReportNanos);
    return Math.min(untilStill, untilStatus);
  }

  /// True when the next WAL that comes changes nothing: a look at the stream is due anyway.
  boolean looksAgain() {
    return unsettled;
  }

  /// True when the next flush, of whatever, has to be reported.
  boolean reportsEveryFlush() {
    return synchronous || flushAwaited;
  }

  long writtenLsn() {
    return writtenLsn;
  }

  long flushedLsn() {
    return flushedLsn;
  }

  void reported(long nowNanos) {
    reportedFlushLsn = flushedLsn;
    lastReportNanos = nowNanos;
    due = false;
    unsettled &= nowNanos - movedNanos < STILL_NANOS;
  }
}
