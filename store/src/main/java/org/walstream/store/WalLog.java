package org.walstream.store;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.walstream.file.FileErrors;
import org.walstream.store.segment.SegmentFileName.Stage;
import org.walstream.store.segment.SegmentIdentity;
import org.walstream.wal.Check;
import org.walstream.wal.Lsn;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalSegmentName;
import org.walstream.wal.WalSegmentSize;

/// The WAL of one timeline: a writer appends to it, everyone else waits on its positions.
///
/// ```
///   restartLsn ─────── flushedLsn ─────── writtenLsn
///   start of the       survives a crash   handed to the kernel: readers
///   current segment    of the machine     may have it, a kill -9 keeps it
/// ```
///
/// Neither position ever moves back, in this process or across a kill -9. (After a segment has just
/// become full *flushed* may still be before *restart*.) A log comes to life when the directory is
/// opened, if there is WAL in it; the writer joins later, so that readers are served while nothing
/// is connected upstream.
///
/// Threads: one writer calls [#append] and [#finish]; everything else is for any thread. Beside the
/// writer work a [SegmentFlusher], which makes durable, and a [SegmentPreparer], which makes room.
public final class WalLog implements ServedTimeline {

  private static final Logger logger = LoggerFactory.getLogger(WalLog.class);

  private final WalDirectory directory;
  private final long systemIdentifier;
  private final WalSegmentSize segmentSize;
  private final TimelineId timeline;
  private final long begunLsn;
  private final Position written;
  private final Position flushed;
  private final SegmentPreparer preparer;
  private final SegmentFlusher flusher;

  /// Held by whoever appends or ends the log.
  private final ReentrantLock writing = new ReentrantLock();

  // Guarded by `writing`.
  private @Nullable OpenSegment current;
  private @Nullable LeadingRecord leading;
  private boolean hasWriter;

  private final AtomicReference<@Nullable WalLogFailedException> failure = new AtomicReference<>();
  private volatile boolean closed;
  private volatile @Nullable TimelineId nextTimeline;

  /// @param endLsn where WAL on this timeline ends so far, or shall begin
  /// @param tail the segment in which it ends, unless that is still to be made
  WalLog(
      WalDirectory directory,
      SegmentMaker maker,
      SegmentIdentity identity,
      TimelineId timeline,
      long endLsn,
      @Nullable OpenSegment tail) {
    this.directory = directory;
    this.systemIdentifier = identity.systemIdentifier();
    this.segmentSize = identity.segmentSize();
    this.timeline = timeline;
    this.begunLsn = endLsn;
    this.written = new Position(endLsn, directory.machine());
    this.flushed = new Position(endLsn, directory.machine());
    this.current = tail;
    this.preparer = new SegmentPreparer(directory, maker, this::fail);
    this.flusher = new SegmentFlusher(directory, written, flushed, this::fail);
  }

  @Override
  public long systemIdentifier() {
    return systemIdentifier;
  }

  @Override
  public WalSegmentSize segmentSize() {
    return segmentSize;
  }

  @Override
  public TimelineId timeline() {
    return timeline;
  }

  /// Where a writer must begin streaming, at the earliest: the start of the segment that is not
  /// full yet.
  public long restartLsn() {
    return segmentSize.startOfSegment(written.lsn());
  }

  @Override
  public long writtenLsn() {
    return written.lsn();
  }

  @Override
  public long flushedLsn() {
    return flushed.lsn();
  }

  /// What the file is called of the segment that is being written, until it is complete; empty
  /// between two segments.
  public Optional<String> unfinishedFile() {
    writing.lock();
    try {
      return Optional.ofNullable(current)
          .map(segment -> segment.fileName().at(Stage.PARTIAL).fileName());
    } finally {
      writing.unlock();
    }
  }

  /// True when WAL has come into it since it was made.
  boolean hasGrown() {
    return written.lsn() != begunLsn;
  }

  /// True when this is, or would be, made for a stream of `timeline` from `startLsn`.
  boolean beginsAt(SegmentIdentity identity, TimelineId timeline, long startLsn) {
    return begunLsn == startLsn
        && this.timeline.equals(timeline)
        && systemIdentifier == identity.systemIdentifier()
        && segmentSize.equals(identity.segmentSize());
  }

  @Override
  public Optional<TimelineId> nextTimeline() {
    return Optional.ofNullable(nextTimeline);
  }

  @Override
  public boolean hasEnded() {
    return closed && failure.get() == null;
  }

  /// True when reading the directory anew would help; see [WalLogFailedException].
  boolean canBeReopened() {
    WalLogFailedException cause = failure.get();
    return cause != null && !cause.isFinal();
  }

  /// Why the log can promise nothing any more, if it failed.
  public Optional<WalLogFailedException> failure() {
    return Optional.ofNullable(failure.get());
  }

  /// True while the writer is, or soon will be, held up because the disk is full.
  public boolean waitingForSpace() {
    return preparer.waitingForSpace();
  }

  @Override
  public boolean awaitWritten(long beyondLsn, long timeoutNanos, BooleanSupplier unless)
      throws WalLogFailedException {
    return written.await(beyondLsn, timeoutNanos, unless);
  }

  @Override
  public boolean awaitFlushed(long beyondLsn, long timeoutNanos, BooleanSupplier unless)
      throws WalLogFailedException {
    return flushed.await(beyondLsn, timeoutNanos, unless);
  }

  public boolean awaitWritten(long beyondLsn, long timeoutNanos) throws WalLogFailedException {
    return written.await(beyondLsn, timeoutNanos);
  }

  public boolean awaitFlushed(long beyondLsn, long timeoutNanos) throws WalLogFailedException {
    return flushed.await(beyondLsn, timeoutNanos);
  }

  /// Asks for everything written so far to be made durable soon; returns at once.
  public void requestFlush() {
    flusher.requestFlush();
  }

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
  public void append(long lsn, ByteBuffer bytes) throws WalStoreException {
    writing.lock();
    try {
      requireOpen();
      write(skipRepeated(lsn, bytes), bytes);
    } catch (WalStoreException e) {
      throw e;
    } catch (IOException e) {
      throw fail(e);
    } finally {
      writing.unlock();
    }
  }

  /// Ends this timeline at `switchLsn`, where timeline `next` forked off: flushes all that was
  /// written, leaves the last segment `.partial`, as pg_receivewal does, and lets all waiters go.
  /// They look at the history of `next`, which the store has by now.
  ///
  /// @throws WalGapException if not everything up to `switchLsn` is here
  public void finish(long switchLsn, TimelineId next) throws WalStoreException {
    writing.lock();
    try {
      requireOpen();
      if (Lsn.isAfter(switchLsn, written.lsn())) {
        throw new WalGapException(
            "timeline %s ends at %s, but only WAL up to %s is here"
                .formatted(timeline, Lsn.format(switchLsn), written));
      }
      nextTimeline = next;
      end();
    } finally {
      writing.unlock();
    }
  }

  /// Ends this timeline wherever it is, because the stream goes on with timeline `next`.
  void followedBy(TimelineId next) throws WalStoreException {
    writing.lock();
    try {
      nextTimeline = next;
      end();
    } finally {
      writing.unlock();
    }
  }

  /// Lets a writer join: from now on files are prepared and flushed. Once or more.
  void join() throws WalStoreException {
    writing.lock();
    try {
      requireOpen();
      if (hasWriter) {
        return;
      }
      hasWriter = true;
      if (segmentSize.offset(written.lsn()) == 0 && !directory.compresses()) {
        leading =
            new LeadingRecord(
                directory,
                new SegmentIdentity(systemIdentifier, segmentSize),
                timeline,
                written.lsn());
      }
      if (current != null) {
        flusher.begun(current);
      }
      preparer.prepare(
          current == null
              ? WalSegmentName.containing(timeline, written.lsn(), segmentSize)
              : current.segment().next());
      preparer.start();
      flusher.start();
    } catch (IOException e) {
      throw fail(e);
    } finally {
      writing.unlock();
    }
  }

  /// Flushes all that was written and lets all waiters go. A writer held up by a full disk is let
  /// go first.
  void close() throws WalStoreException {
    closed = true;
    preparer.stop();
    writing.lock();
    try {
      end();
    } finally {
      writing.unlock();
    }
  }

  /// Ends a log that has failed, and gives back what it has open.
  void abandon() {
    closed = true;
    preparer.stop();
    writing.lock();
    try {
      release();
    } finally {
      writing.unlock();
    }
  }

  /// Ends a log into which nothing has come, since WAL begins at `lsn` instead; whoever waits for
  /// it is told.
  void giveWay(long lsn) {
    var gone =
        new WalRemovedException(
            WalSegmentName.containing(timeline, begunLsn, segmentSize).fileName());
    var begunElsewhere =
        new WalLogFailedException(
            "WAL in \"%s\" begins at %s, nothing has come from %s on"
                .formatted(directory.path(), Lsn.format(lsn), Lsn.format(begunLsn)),
            gone);
    written.fail(begunElsewhere);
    flushed.fail(begunElsewhere);
    abandon();
  }

  private void end() throws WalStoreException {
    closed = true;
    preparer.stop();
    release();
    requireHealth();
  }

  private void release() {
    if (hasWriter) {
      hasWriter = false;
      preparer.join();
      flusher.stop();
      flusher.closeUnfinished();
    }
    OpenSegment segment = current;
    current = null;
    try {
      if (segment != null) {
        segment.close(directory);
      }
    } catch (IOException e) {
      fail(e);
    }
    written.close();
    flushed.close();
  }

  /// Compares the part of `bytes` that is here already, and passes over it.
  ///
  /// @return the position of what is left
  private long skipRepeated(long lsn, ByteBuffer bytes) throws IOException {
    long end = written.lsn();
    if (lsn == end) {
      return lsn;
    }
    if (Lsn.isAfter(lsn, end) || Lsn.isBefore(lsn, restartLsn())) {
      throw new WalGapException(
          "WAL received at %s does not continue timeline %s, which ends at %s"
              .formatted(Lsn.format(lsn), timeline, Lsn.format(end)));
    }
    OpenSegment segment = requireNonNull(current); // or restartLsn would be the end
    int length = (int) Math.min(bytes.remaining(), end - lsn);
    ByteBuffer repeated = bytes.slice(bytes.position(), length);
    if (!segment.writer().holds(repeated, segmentSize.offset(lsn))) {
      throw new WalDivergedException(
          "WAL received at %s differs from what is already in file \"%s\""
              .formatted(Lsn.format(lsn), directory.resolve(segment.segment().partialFileName())));
    }
    bytes.position(bytes.position() + length);
    return lsn + length;
  }

  private void write(long lsn, ByteBuffer bytes) throws IOException {
    long at = lsn;
    int limit = bytes.limit();
    while (bytes.hasRemaining()) {
      OpenSegment segment = segmentToWrite(at);
      int length = Math.min(bytes.remaining(), segmentSize.remaining(at));
      int from = bytes.position();
      bytes.limit(from + length);
      try {
        segment.writer().write(bytes, segmentSize.offset(at));
      } finally {
        bytes.limit(limit);
      }
      if (leading != null && leading.isPast(at, bytes.slice(from, length), segment, flushed)) {
        leading = null;
      }
      at += length;
      written.advance(at);
      if (segmentSize.offset(at) == 0) {
        current = null;
        flusher.completed(segment);
      }
    }
  }

  private OpenSegment segmentToWrite(long lsn) throws IOException {
    OpenSegment segment = current;
    if (segment != null) {
      return segment;
    }
    Check.state(hasWriter, "no writer has joined the log of timeline %s", timeline);
    segment = takePrepared();
    Check.state(
        segment.holdsEnd(lsn + 1), "%s was prepared for %s", segment.fileName(), Lsn.format(lsn));
    current = segment;
    flusher.begun(segment);
    preparer.prepare(segment.segment().next());
    return segment;
  }

  /// A reservation that somebody has taken away meanwhile is made anew: nothing is in it yet.
  private OpenSegment takePrepared() throws WalStoreException {
    while (true) {
      OpenSegment prepared = preparer.take();
      if (prepared == null) {
        requireOpen();
        throw new WalLogClosedException(endedMessage());
      }
      if (prepared.isThere(directory)) {
        return prepared;
      }
      logger.warn(
          "file \"{}\" has vanished, making it anew", directory.resolve(prepared.fileName()));
      WalSegmentName segment = prepared.segment();
      try {
        prepared.close(directory);
      } catch (IOException e) {
        throw fail(e);
      }
      preparer.prepare(segment);
    }
  }

  private void requireOpen() throws WalStoreException {
    requireHealth();
    if (closed) {
      throw new WalLogClosedException(endedMessage());
    }
  }

  private void requireHealth() throws WalLogFailedException {
    WalLogFailedException cause = failure.get();
    if (cause != null) {
      throw new WalLogFailedException(String.valueOf(cause.getMessage()), cause);
    }
  }

  private String endedMessage() {
    TimelineId next = nextTimeline;
    return "the log of timeline %s has ended at %s%s"
        .formatted(timeline, written, next == null ? "" : ": timeline %s followed".formatted(next));
  }

  /// The first failure stays the reason for ever.
  private WalLogFailedException fail(Throwable cause) {
    var failed =
        new WalLogFailedException(
            "could not keep WAL of timeline %s in \"%s\": %s"
                .formatted(timeline, directory.path(), reason(cause)),
            cause);
    if (failure.compareAndSet(null, failed)) {
      if (failed.isFinal()) {
        logger.error("{}; flushed up to {}", failed.getMessage(), flushed, cause);
      } else {
        logger.debug("{}; flushed up to {}", failed.getMessage(), flushed, cause);
      }
      written.fail(failed);
      flushed.fail(failed);
      preparer.stop();
      return failed;
    }
    return new WalLogFailedException(String.valueOf(failed.getMessage()), cause);
  }

  private static String reason(Throwable cause) {
    return cause instanceof IOException io
        ? FileErrors.text(io)
        : String.valueOf(cause.getMessage());
  }

  @Override
  public String toString() {
    return "timeline %s, written %s, flushed %s".formatted(timeline, written, flushed);
  }
}
