package org.walstream.standby;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.walstream.file.FileErrors;
import org.walstream.file.FileLayer;
import org.walstream.file.NoSpaceException;
import org.walstream.file.OpenFile;
import org.walstream.file.ThreadEnd;
import org.walstream.standby.supply.ArchiveMode;
import org.walstream.store.Position;
import org.walstream.store.WalLogFailedException;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalSegmentName;
import org.walstream.wal.WalSegmentSize;

/// Writes the WAL of one timeline into `pg_wal` as a server's receiver does: segments have their
/// names from the beginning and are whole; behind what is written there are zeros, or what a
/// segment had that is written over, because it is there already or spare ([SpareSegments]).
///
/// ```
///   appending thread    write ──▶ written
///   flushing thread                 └─ force ──▶ flushed
/// ```
///
/// After a failed write or force nothing is promised any more.
///
/// Counterpart of XLogWalRcvWrite() and XLogWalRcvFlush(), src/backend/replication/walreceiver.c.
final class PgWalWriter implements Closeable {

  private static final Logger logger = LoggerFactory.getLogger(PgWalWriter.class);

  /// So many segments may wait to be forced before the stream waits too.
  private static final int UNFORCED_MAX = 3;

  private static final long NO_SPACE_NANOS = 1_000_000_000;

  /// Hears of what has become durable; the flushing thread's.
  @FunctionalInterface
  interface FlushListener {
    void flushed(TimelineId timeline, long lsn);
  }

  private static final class OpenSegment {
    final WalSegmentName name;
    final OpenFile file;

    /// Nothing is written to it any more.
    volatile boolean full;

    OpenSegment(WalSegmentName name, OpenFile file) {
      this.name = name;
      this.file = file;
    }
  }

  private final FileLayer files;
  private final Path pgWal;
  private final TimelineId timeline;
  private final WalSegmentSize segmentSize;
  private final ArchiveMode archiveMode;
  private final SpareSegments spares;
  private final FlushListener listener;
  private final Position written;
  private final Position flushed;
  private final Thread flusher;

  /// What has been written to since it was last forced, or may be; guarded by itself.
  private final Deque<OpenSegment> unforced = new ArrayDeque<>();

  /// The appending thread's.
  private @Nullable OpenSegment current;

  private volatile boolean flushRequested;
  private volatile boolean givenUp;
  private volatile boolean closing;
  private volatile @Nullable WalLogFailedException failure;

  /// @param spares where the next segment's file may come from
  /// @param startLsn the first byte of a segment
  PgWalWriter(
      FileLayer files,
      Path pgWal,
      TimelineId timeline,
      WalSegmentSize segmentSize,
      ArchiveMode archiveMode,
      SpareSegments spares,
      FlushListener listener,
      long startLsn) {
    this.files = files;
    this.pgWal = pgWal;
    this.timeline = timeline;
    this.segmentSize = segmentSize;
    this.archiveMode = archiveMode;
    this.spares = spares;
    this.listener = listener;
    this.written = new Position(startLsn);
    this.flushed = new Position(startLsn);
    this.flusher = Thread.ofPlatform().daemon().name("walstream-flush").start(this::run);
  }

  /// The end of what the kernel has. Closed when there will be no more.
  Position written() {
    return written;
  }

  /// The end of what survives a crash.
  Position flushed() {
    return flushed;
  }

  /// Writes the WAL that starts at `lsn`, consuming `wal`. Waits while the disk is full.
  ///
  /// @throws WalLogFailedException when this or an earlier write or force has failed
  void append(long lsn, ByteBuffer wal) throws IOException {
    requireSound();
    try {
      long at = lsn;
      int limit = wal.limit();
      while (wal.hasRemaining()) {
        OpenSegment segment = segment(at);
        int length = Math.min(wal.remaining(), segmentSize.remaining(at));
        wal.limit(wal.position() + length);
        segment.file.write(wal, segmentSize.offset(at));
        wal.limit(limit);
        at += length;
        if (segmentSize.offset(at) == 0) {
          segment.full = true;
          current = null;
        }
      }
      written.advance(at);
      if (current == null) {
        requestFlush();
      }
    } catch (IOException e) {
      throw fail(e);
    }
  }

  private OpenSegment segment(long lsn) throws IOException {
    OpenSegment open = current;
    if (open == null) {
      awaitRoom(lsn);
      open = open(WalSegmentName.containing(timeline, lsn, segmentSize));
      synchronized (unforced) {
        unforced.add(open);
      }
      current = open;
    }
    return open;
  }

  /// A disk that is slower than the stream holds the stream up.
  private void awaitRoom(long lsn) throws IOException {
    int waiting;
    synchronized (unforced) {
      waiting = unforced.size();
    }
    if (waiting >= UNFORCED_MAX) {
      requestFlush();
      flushed.await(lsn - 1, TimeUnit.DAYS.toNanos(1));
      requireSound();
    }
  }

  private OpenSegment open(WalSegmentName name) throws IOException {
    Path path = pgWal.resolve(name.fileName());
    boolean told = false;
    while (true) {
      try {
        return new OpenSegment(name, files.exists(path) ? whole(path) : make(path));
      } catch (NoSpaceException e) {
        if (givenUp) {
          throw e;
        }
        if (!told) {
          told = true;
          logger.warn("{}; receiving waits for space", FileErrors.text(e));
        }
        LockSupport.parkNanos(this, NO_SPACE_NANOS);
      }
    }
  }

  /// What a crash has cut short gets its full size.
  private OpenFile whole(Path path) throws IOException {
    if (files.size(path) < segmentSize.bytes()) {
      files.reserve(path, segmentSize.bytes());
    }
    return files.open(path);
  }

  private OpenFile make(Path path) throws IOException {
    if (spares.take(path)) {
      files.forceDirectory(pgWal);
      return files.open(path);
    }
    Path temporary = pgWal.resolve("xlogtemp." + ProcessHandle.current().pid());
    files.delete(temporary);
    files.create(temporary).close();
    files.reserve(temporary, segmentSize.bytes());
    OpenFile file = files.open(temporary);
    file.force();
    files.rename(temporary, path);
    files.forceDirectory(pgWal);
    return file;
  }

  /// Has everything written made durable soon; returns at once.
  void requestFlush() {
    flushRequested = true;
    LockSupport.unpark(flusher);
  }

  /// Returns once everything before `lsn`, which has been written, is durable.
  void flush(long lsn) throws IOException {
    requestFlush();
    while (!flushed.await(lsn - 1, TimeUnit.SECONDS.toNanos(1))) {
      requireSound();
      if (flushed.isClosed()) {
        return; // all that was written is durable
      }
    }
  }

  private void run() {
    try {
      while (true) {
        if (flushRequested) {
          flushRequested = false;
          flush();
        } else if (closing) {
          return;
        } else {
          LockSupport.park(this);
        }
      }
    } catch (IOException | RuntimeException e) {
      fail(e);
    }
  }

  private void flush() throws IOException {
    long target = written.lsn(); // before the segments: all it covers is in one of them
    List<OpenSegment> segments;
    synchronized (unforced) {
      segments = List.copyOf(unforced);
    }
    for (OpenSegment segment : segments) {
      boolean full = segment.full;
      segment.file.force();
      if (full) {
        synchronized (unforced) {
          unforced.remove(segment);
        }
        segment.file.close();
        archiveMode.received(files, pgWal, segment.name.fileName());
      }
    }
    if (target != flushed.lsn()) {
      flushed.advance(target);
      listener.flushed(timeline, target);
    }
  }

  /// Lets an appending thread go that waits for space, now or later.
  void giveUp() {
    givenUp = true;
  }

  /// Makes everything durable. Nobody appends any more.
  ///
  /// @throws WalLogFailedException if that has failed
  @Override
  public void close() throws IOException {
    requestFlush();
    closing = true;
    LockSupport.unpark(flusher);
    ThreadEnd.await(flusher);
    for (OpenSegment segment : unforced) {
      segment.file.close();
    }
    unforced.clear();
    written.close();
    flushed.close();
    requireSound();
  }

  private void requireSound() throws WalLogFailedException {
    WalLogFailedException failed = failure;
    if (failed != null) {
      throw new WalLogFailedException(String.valueOf(failed.getMessage()), failed);
    }
  }

  private WalLogFailedException fail(Exception cause) {
    String reason =
        cause instanceof IOException io ? FileErrors.text(io) : String.valueOf(cause.getMessage());
    var failed =
        new WalLogFailedException(
            "could not keep WAL of timeline %s in \"%s\": %s".formatted(timeline, pgWal, reason),
            cause);
    if (failure == null) {
      failure = failed;
      written.fail(failed);
      flushed.fail(failed);
    }
    return failed;
  }
}
