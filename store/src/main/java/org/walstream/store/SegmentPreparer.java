package org.walstream.store;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.walstream.file.NoSpaceException;
import org.walstream.file.ThreadEnd;
import org.walstream.wal.WalSegmentName;

/// The thread that has the next segment's file ready before the writer needs it: made or taken from
/// the spare ones, with storage behind every byte, reading as zeros.
///
/// Here, and only here, a full disk is weather (law 11): nothing has been promised yet, so it says
/// so, waits, and tries again until there is space; the writer meanwhile waits in [#take], which
/// holds up whoever feeds it.
final class SegmentPreparer {

  private static final Logger logger = LoggerFactory.getLogger(SegmentPreparer.class);

  private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final WalDirectory directory;
  private final SegmentMaker maker;
  private final Consumer<Throwable> failed;
  private final Thread thread;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // Guarded by the lock.
  private @Nullable WalSegmentName wanted;
  private @Nullable OpenSegment ready;
  private boolean stopping;

  private volatile boolean waitingForSpace;

  SegmentPreparer(WalDirectory directory, SegmentMaker maker, Consumer<Throwable> failed) {
    this.directory = directory;
    this.maker = maker;
    this.failed = failed;
    this.thread = directory.machine().platformThread("walstream-prepare", this::run);
  }

  void start() {
    thread.start();
  }

  /// True while a segment cannot be reserved because the disk is full.
  boolean waitingForSpace() {
    return waitingForSpace;
  }

  /// Asks for the file of `segment`; returns at once.
  void prepare(WalSegmentName segment) {
    lock.lock();
    try {
      wanted = segment;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// The file of the segment that was asked for last, as soon as it is ready.
  ///
  /// @return null when there will not be one, because of [#stop] or a failure
  @Nullable OpenSegment take() {
    lock.lock();
    try {
      while (ready == null && !stopping) {
        changed.awaitUninterruptibly();
      }
      OpenSegment taken = ready;
      ready = null;
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /// Lets the writer go; the thread ends, and takes away what it has prepared.
  void stop() {
    lock.lock();
    try {
      stopping = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    LockSupport.unpark(thread); // from a pause
  }

  void join() {
    ThreadEnd.await(thread);
  }

  private void run() {
    try {
      WalSegmentName segment;
      while ((segment = nextWanted()) != null) {
        OpenSegment made = makeWhenThereIsSpace(segment);
        if (made != null) {
          offer(made);
        }
      }
      takeAwayUnused();
    } catch (Throwable e) {
      failed.accept(e); // before the writer is let go: it will ask why
      stop();
    }
  }

  private @Nullable WalSegmentName nextWanted() {
    lock.lock();
    try {
      while (wanted == null && !stopping) {
        changed.awaitUninterruptibly();
      }
      WalSegmentName segment = wanted;
      wanted = null;
      return stopping ? null : segment;
    } finally {
      lock.unlock();
    }
  }

  private void offer(OpenSegment segment) {
    lock.lock();
    try {
      ready = segment;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private @Nullable OpenSegment makeWhenThereIsSpace(WalSegmentName segment) throws IOException {
    long pause = FIRST_PAUSE_NANOS;
    while (true) {
      try {
        OpenSegment made = maker.make(segment);
        if (waitingForSpace) {
          logger.info("there is space for WAL segment {} now, going on", segment);
          waitingForSpace = false;
        }
        return made;
      } catch (NoSpaceException e) {
        logger.warn(
            "could not reserve WAL segment {} in \"{}\": {}; waiting for space",
            segment,
            directory.path(),
            e.getMessage());
        waitingForSpace = true;
      }
      if (!pause(pause)) {
        return null;
      }
      pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
    }
  }

  /// @return false when the thread is to end
  private boolean pause(long nanos) {
    long deadline = directory.machine().nanoTime() + nanos;
    long left = nanos;
    while (left > 0 && !isStopping()) {
      directory.machine().parkNanos(this, left);
      left = deadline - directory.machine().nanoTime();
    }
    return !isStopping();
  }

  private boolean isStopping() {
    lock.lock();
    try {
      return stopping;
    } finally {
      lock.unlock();
    }
  }

  private void takeAwayUnused() throws IOException {
    OpenSegment unused = take();
    if (unused != null) {
      maker.discard(unused);
    }
  }
}
