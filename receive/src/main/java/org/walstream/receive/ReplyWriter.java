package org.walstream.receive;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.walstream.file.ThreadEnd;
import org.walstream.wal.Lsn;
import org.walstream.wal.PgTimestamp;
import org.walstream.wal.WalSegmentSize;
import org.walstream.wal.machine.Machine;
import org.walstream.wire.message.CopyData;
import org.walstream.wire.message.CopyDone;
import org.walstream.wire.message.Frame;
import org.walstream.wire.replication.HotStandbyFeedback;
import org.walstream.wire.replication.StandbyMessage;
import org.walstream.wire.replication.StandbyStatusUpdate;
import org.walstream.wire.transport.Transport;

/// The thread that answers the sender: positions when [ReplySchedule] says so, feedback, and the
/// end of the stream. It also keeps the receiver's two clocks: the tail that stands still is
/// flushed ([IdleFlush]), and a sender that has gone silent is given up.
///
/// It has a thread of its own so that a full socket towards the sender never keeps the stream from
/// being read, nor a slow fsync a question from being answered.
///
/// What is reported flushed is what the sink has made durable *and* the verifier has found good, or
/// less if the sink may not promise so much.
final class ReplyWriter {

  /// What PostgreSQL's receiver says of a sender that has gone silent.
  static final String TIMED_OUT = "terminating walreceiver due to timeout";

  private static final String NOT_ENDED = "the sender has not ended the stream";

  private static final int BUFFER_BYTES = 2 * (Frame.HEADER_LENGTH + StandbyStatusUpdate.LENGTH);

  /// How long a stream that is being ended waits for its last fsync.
  private static final long LAST_FLUSH_NANOS = 30_000_000_000L;

  /// How long the sender may take to end its side once we have ended ours. It may have much under
  /// way.
  private static final long END_NANOS = 10_000_000_000L;

  /// How long nothing may come from it then, and how long it may take nothing: a sender that has
  /// frozen must not hold up somebody's stop. All that is lost by leaving it is its good opinion.
  private static final long END_SILENCE_NANOS = 500_000_000L;

  /// For ever, in numbers that can be added to.
  private static final long REST_NANOS_MAX = 3_600_000_000_000L;

  private enum Phase {
    STREAMING,
    /// Say the last word and CopyDone, and see that the sender ends its side too.
    FINISHING,
    /// Say nothing more: the connection is lost.
    ABORTED
  }

  private final Transport transport;
  private final WalSink sink;
  private final StreamProgress progress;
  private final ReplyOptions options;
  private final WalSegmentSize segmentSize;
  private final Machine machine;
  private final ReplySchedule schedule;
  private final IdleFlush idleFlush;
  private final ByteBuffer out = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private final Thread thread;

  private volatile Phase phase = Phase.STREAMING;
  private volatile boolean attention;
  private volatile boolean replyRequested;
  private volatile boolean resting;
  private volatile @Nullable HotStandbyFeedback feedback;
  private volatile @Nullable IOException failure;
  private volatile @Nullable Thread endWatcher;

  /// Since when a message has been waiting to be taken by the socket; 0 when none is.
  private volatile long writingSinceNanos;

  /// What the sink called flushed at the last look, whether or not it was found good.
  private long sinkFlushedLsn;

  private @Nullable HotStandbyFeedback sentFeedback;
  private boolean pinged;

  ReplyWriter(
      Transport transport,
      WalSink sink,
      StreamProgress progress,
      ReplyOptions options,
      WalSegmentSize segmentSize,
      Machine machine) {
    this.transport = transport;
    this.sink = sink;
    this.progress = progress;
    this.options = options;
    this.segmentSize = segmentSize;
    this.machine = machine;
    long now = machine.nanoTime();
    sinkFlushedLsn = sink.flushedLsn();
    long provenFlushedLsn = Lsn.min(sinkFlushedLsn, progress.provenLsn());
    schedule =
        new ReplySchedule(
            options.synchronous(), options.statusIntervalNanos(), provenFlushedLsn, now);
    idleFlush = new IdleFlush(sink.writtenLsn(), now);
    thread = machine.platformThread("walstream-reply", this::run);
  }

  void start() {
    thread.start();
  }

  /// The reading thread has appended something.
  void appended() {
    if (resting) {
      wake();
    }
  }

  /// The sender has asked for a reply.
  void replyRequested() {
    replyRequested = true;
    wake();
  }

  /// Positions of the sink have changed without a flush: tell them now.
  void positionsChanged() {
    replyRequested = true;
    wake();
  }

  /// What the sender shall know of our queries from now on.
  void feedback(HotStandbyFeedback newFeedback) {
    feedback = newFeedback;
    wake();
  }

  /// Flushes, reports, and ends our side of the stream; returns at once.
  void finish() {
    if (beginToFinish()) {
      machine.platformThread("walstream-reply-end", this::watchEnd).start();
      wake();
    }
  }

  private synchronized boolean beginToFinish() {
    boolean first = phase == Phase.STREAMING;
    if (first) {
      phase = Phase.FINISHING;
    }
    return first;
  }

  /// Stops without a word.
  void abort() {
    synchronized (this) {
      phase = Phase.ABORTED;
    }
    wake();
  }

  /// Waits until the thread has ended. The caller has called [#finish] or [#abort].
  void join() {
    ThreadEnd.await(thread);
  }

  /// Why replies, or the connection as a whole, came to an end; null if they did not.
  @Nullable IOException failure() {
    return failure;
  }

  private void wake() {
    attention = true;
    LockSupport.unpark(thread);
  }

  private void run() {
    try {
      while (phase == Phase.STREAMING) {
        step();
      }
      if (phase == Phase.FINISHING) {
        lastWord();
        awaitEnd();
      }
    } catch (IOException e) {
      giveUp(e);
    } catch (RuntimeException | Error e) {
      giveUp(new IOException("replying failed: " + e, e));
      throw e;
    } finally {
      LockSupport.unpark(endWatcher); // which sees the end at its next look
    }
  }

  private void step() throws IOException {
    long now = machine.nanoTime();
    observe(now);
    checkSilence(now);
    HotStandbyFeedback news = feedback;
    if (schedule.due(now)) {
      report(false, now);
    } else if (news != null && !news.equals(sentFeedback)) {
      sendFeedback(news);
    } else {
      rest(now);
    }
  }

  /// Brings the schedule up to date with the sink.
  private void observe(long now) {
    if (replyRequested) {
      replyRequested = false;
      schedule.replyRequested();
      flush();
    }
    long flushedLsn = sink.flushedLsn(); // before written: it must not overtake it
    long writtenLsn = sink.writtenLsn();
    sinkFlushedLsn = flushedLsn;
    schedule.written(Lsn.max(writtenLsn, schedule.writtenLsn()), now);
    long good = Lsn.max(schedule.flushedLsn(), Lsn.min(flushedLsn, progress.provenLsn()));
    boolean segmentComplete =
        segmentSize.segmentNumber(good) != segmentSize.segmentNumber(schedule.flushedLsn());
    schedule.flushed(good, segmentComplete);
    if (idleFlush.due(writtenLsn, flushedLsn, now)) {
      flush();
    }
  }

  private void flush() {
    sink.requestFlush();
    schedule.flushRequested();
  }

  private void checkSilence(long now) throws IOException {
    if (options.receiverTimeoutNanos() == 0) {
      return;
    }
    long silence = now - progress.lastMessageNanos();
    if (silence >= options.receiverTimeoutNanos()) {
      throw new SocketTimeoutException(TIMED_OUT);
    }
    if (silence < options.receiverTimeoutNanos() / 2) {
      pinged = false;
    } else if (!pinged) {
      pinged = true;
      report(true, now);
    }
  }

  /// Waits for what may be next: a flush worth telling, a timer, a call.
  private void rest(long now) throws IOException {
    long idleNanos = idleFlush.nanosUntilLook(sinkFlushedLsn, now);
    long nanos = Math.min(Math.min(schedule.nanosUntilDue(now), idleNanos), REST_NANOS_MAX);
    if (options.receiverTimeoutNanos() > 0) {
      long silence = now - progress.lastMessageNanos();
      long limit = options.receiverTimeoutNanos() / (pinged ? 1 : 2);
      nanos = Math.min(nanos, Math.max(1, limit - silence));
    }
    resting = idleNanos == Long.MAX_VALUE && !schedule.looksAgain();
    if (!resting
        || sink.writtenLsn() == schedule.writtenLsn()) { // else appended() has come too early
      sink.awaitFlushed(nextFlushWorthTelling(), Math.max(1, nanos), this::calledAway);
    }
    resting = false;
  }

  private long nextFlushWorthTelling() {
    return schedule.reportsEveryFlush()
        ? sinkFlushedLsn
        : Lsn.max(sinkFlushedLsn, segmentEnd(sinkFlushedLsn) - 1);
  }

  private long segmentEnd(long lsn) {
    return lsn + segmentSize.remaining(lsn);
  }

  private boolean calledAway() {
    boolean called = attention;
    if (called) {
      attention = false;
    }
    return called;
  }

  private void lastWord() throws IOException {
    long deadline = machine.nanoTime() + LAST_FLUSH_NANOS;
    sink.requestFlush();
    while (phase == Phase.FINISHING
        && Lsn.isBefore(sink.flushedLsn(), sink.writtenLsn())
        && machine.nanoTime() - deadline < 0) {
      sink.awaitFlushed(sink.flushedLsn(), deadline - machine.nanoTime(), this::calledAway);
    }
    if (phase == Phase.FINISHING) {
      observe(machine.nanoTime());
      report(false, machine.nanoTime());
      CopyDone.INSTANCE.encode(out.clear());
      write();
    }
  }

  /// The reading thread calls [#abort] when the sender has said CopyDone too.
  private void awaitEnd() throws IOException {
    long start = machine.nanoTime();
    while (phase == Phase.FINISHING) {
      long now = machine.nanoTime();
      long silence = Math.min(now - start, now - progress.lastMessageNanos());
      long left = Math.min(END_NANOS - (now - start), END_SILENCE_NANOS - silence);
      if (left <= 0) {
        throw new IOException(NOT_ENDED);
      }
      machine.parkNanos(this, left);
    }
  }

  /// While the end is being written: on a thread of its own, since the one that writes may be held
  /// by a socket that takes nothing.
  private void watchEnd() {
    endWatcher = Thread.currentThread();
    while (thread.isAlive()) {
      machine.parkNanos(this, END_SILENCE_NANOS);
      long since = writingSinceNanos;
      if (since != 0 && machine.nanoTime() - since >= END_SILENCE_NANOS) {
        giveUp(new IOException(NOT_ENDED));
      }
    }
  }

  private void report(boolean ping, long now) throws IOException {
    long flushedLsn = options.reportFlush() ? sink.promisedLsn(schedule.flushedLsn()) : 0;
    var update =
        new StandbyStatusUpdate(
            schedule.writtenLsn(),
            flushedLsn,
            Lsn.min(sink.appliedLsn(), schedule.flushedLsn()),
            PgTimestamp.micros(machine.now()),
            ping);
    send(update);
    schedule.reported(now);
  }

  private void sendFeedback(HotStandbyFeedback news) throws IOException {
    send(news);
    sentFeedback = news;
  }

  private void send(StandbyMessage message) throws IOException {
    out.clear();
    Frame.putHeader(out, CopyData.TAG, message.length());
    message.encode(out);
    write();
  }

  private void write() throws IOException {
    writingSinceNanos = machine.nanoTime() | 1; // 0 is nobody
    transport.write(out.flip());
    writingSinceNanos = 0;
  }

  /// Ends the connection, which makes the reading thread fail and ask for the reason.
  private synchronized void giveUp(IOException reason) {
    if (phase == Phase.ABORTED || failure != null) {
      return;
    }
    failure = reason;
    try {
      transport.close();
    } catch (IOException e) {
      reason.addSuppressed(e);
    }
  }
}
