package org.walstream.store;

import java.io.IOException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.walstream.wal.Check;
import org.walstream.wal.Lsn;

/// The thread that makes WAL durable while more of it is being received: it fsyncs what was asked
/// for, finishes segments as they become full, in order, and alone moves *flushed*, always after
/// `force` has returned.
///
/// ```
///   writer ──full segments──▶ ┌──────────────────────────────────┐
///          ──flush requests─▶ │ force, rename, force directory   │──▶ flushed
///          ◀─────room──────── └──────────────────────────────────┘
/// ```
///
/// Any failure is final: it is told once and the thread ends.
final class SegmentFlusher {

  private static final Logger logger = LoggerFactory.getLogger(SegmentFlusher.class);

  /// So many full segments may wait for their fsync before the writer waits too: enough to overlap,
  /// little enough that a slow disk is felt upstream and not in memory.
  private static final int FULL_SEGMENTS_MAX = 2;

  private final WalDirectory directory;
  private final Position written;
  private final Position flushed;
  private final Consumer<Throwable> failed;
  private final Thread thread;

  private final ConcurrentLinkedQueue<OpenSegment> full = new ConcurrentLinkedQueue<>();
  private final AtomicInteger fullCount = new AtomicInteger();

  /// The segment being written; set by the writer before *written* moves into it.
  private volatile @Nullable OpenSegment current;

  private volatile boolean flushRequested;
  private volatile boolean stopping;
  private volatile boolean ended;

  /// The writer, while it waits for room.
  private volatile @Nullable Thread waiting;

  SegmentFlusher(
      WalDirectory directory, Position written, Position flushed, Consumer<Throwable> failed) {
    this.directory = directory;
    this.written = written;
    this.flushed = flushed;
    this.failed = failed;
    this.thread = directory.machine().platformThread("walstream-flush", this::run);
  }

  void start() {
    thread.start();
  }

  /// The writer goes on in `segment`; all before it are full.
  ///
  /// The first one has none before it that could be unfinished, and nothing else in the directory
  /// may tell that this timeline has begun: it is shown before anything is written to it, else a
  /// kill would lose what [Position] has already said to be there.
  void begun(OpenSegment segment) throws IOException {
    if (current == null) {
      segment.showAsPartial(directory, segment.segment().startLsn());
    }
    current = segment;
    LockSupport.unpark(thread);
  }

  /// The writer has filled `segment`. Waits while too many are waiting for their fsync.
  void completed(OpenSegment segment) {
    full.add(segment);
    fullCount.incrementAndGet();
    LockSupport.unpark(thread);
    waiting = Thread.currentThread();
    while (fullCount.get() > FULL_SEGMENTS_MAX && !ended) {
      LockSupport.park(this);
    }
    waiting = null;
  }

  void requestFlush() {
    flushRequested = true;
    LockSupport.unpark(thread);
  }

  /// Makes everything written durable, then ends the thread. The writer must have stopped.
  void stop() {
    flushRequested = true;
    stopping = true;
    LockSupport.unpark(thread);
    boolean interrupted = false;
    while (!ended) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /// Gives back the files of segments that were full and could not be finished. After [#stop].
  void closeUnfinished() {
    for (OpenSegment segment = full.poll(); segment != null; segment = full.poll()) {
      try {
        segment.writer().close();
      } catch (IOException e) {
        logger.debug("could not close {}", segment.fileName(), e); // the log has failed before
      }
    }
  }

  private void run() {
    try {
      while (step()) {
        // one thing at a time, the oldest WAL first
      }
    } catch (Throwable e) {
      failed.accept(e);
    } finally {
      ended = true;
      LockSupport.unpark(waiting);
    }
  }

  private boolean step() throws IOException {
    OpenSegment oldest = full.peek();
    if (oldest != null) {
      finish(oldest);
    } else if (flushRequested) {
      flushRequested = false;
      flush();
    } else if (stopping) {
      return false;
    } else {
      showCurrent();
      if (full.isEmpty() && !flushRequested && !stopping) {
        LockSupport.park(this);
      }
    }
    return true;
  }

  private void finish(OpenSegment segment) throws IOException {
    segment.finish(directory);
    flushed.advance(segment.segment().endLsn());
    full.remove();
    fullCount.decrementAndGet();
    LockSupport.unpark(waiting);
  }

  private void flush() throws IOException {
    long target = written.lsn();
    OpenSegment segment = current;
    if (!full.isEmpty()) {
      flushRequested = true; // after the full ones
    } else if (target != flushed.lsn()) {
      // Whatever was written up to the target is in finished segments or in this one: had the
      // writer left it before the target was read, it would have been among the full ones.
      if (segment != null && segment.holdsEnd(target)) {
        segment.force(directory, target);
        flushed.advance(target);
      } else {
        flushRequested = true;
      }
    }
  }

  private void showCurrent() throws IOException {
    long lsn = written.lsn();
    OpenSegment segment = current;
    if (segment != null && full.isEmpty() && segment.holdsEnd(lsn)) {
      Check.state(
          !Lsn.isBefore(flushed.lsn(), segment.segment().startLsn()),
          "segment %s would be shown before its predecessor is finished",
          segment.segment());
      segment.showAsPartial(directory, lsn);
    }
  }
}
