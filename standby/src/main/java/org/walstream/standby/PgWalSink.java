package org.walstream.standby;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.walstream.file.FileLayer;
import org.walstream.receive.StreamOrigin;
import org.walstream.receive.WalPosition;
import org.walstream.receive.WalSink;
import org.walstream.standby.supply.ArchiveMode;
import org.walstream.wal.TimelineHistory;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalDataException;
import org.walstream.wal.WalSegmentSize;

/// Puts what one connection brings into `pg_wal`, timeline after timeline, and says upstream how
/// far it is written, flushed and replayed.
final class PgWalSink implements WalSink {

  /// Whether the stream may go on to another timeline.
  @FunctionalInterface
  interface NextTimeline {

    /// All WAL of the timeline before is durable, and `history` leads on from there.
    ///
    /// @throws IOException when it is not to be followed
    void follow(TimelineHistory history) throws IOException;
  }

  private final FileLayer files;
  private final Path pgWal;
  private final ArchiveMode archiveMode;
  private final SpareSegments spares;
  private final PgWalWriter.FlushListener flushListener;
  private final WalPosition start;
  private final LongSupplier appliedLsn;
  private final NextTimeline nextTimeline;
  private final Runnable begun;

  private volatile @Nullable PgWalWriter writer;
  private volatile boolean givenUp;

  /// @param spares where segments' files may come from
  /// @param start what is wanted; the stream begins with its segment
  /// @param flushListener hears of what has become durable
  /// @param appliedLsn how far WAL is replayed
  /// @param begun called when there is another [#writer]
  PgWalSink(
      FileLayer files,
      Path pgWal,
      ArchiveMode archiveMode,
      SpareSegments spares,
      PgWalWriter.FlushListener flushListener,
      WalPosition start,
      LongSupplier appliedLsn,
      NextTimeline nextTimeline,
      Runnable begun) {
    this.files = files;
    this.pgWal = pgWal;
    this.archiveMode = archiveMode;
    this.spares = spares;
    this.flushListener = flushListener;
    this.start = start;
    this.appliedLsn = appliedLsn;
    this.nextTimeline = nextTimeline;
    this.begun = begun;
  }

  /// Who writes the timeline that is streamed now; null before the first byte.
  @Nullable PgWalWriter writer() {
    return writer;
  }

  @Override
  public Optional<WalPosition> resumePosition(long systemIdentifier, WalSegmentSize segmentSize) {
    return Optional.of(new WalPosition(start.timeline(), segmentSize.startOfSegment(start.lsn())));
  }

  /// What has been received and not replayed may be another history's, and is written over then.
  @Override
  public long reachedLsn() {
    return appliedLsn.getAsLong();
  }

  @Override
  public void begin(StreamOrigin origin) throws IOException {
    close();
    var next =
        new PgWalWriter(
            files,
            pgWal,
            origin.timeline(),
            origin.segmentSize(),
            archiveMode,
            spares,
            flushListener,
            origin.startLsn());
    writer = next;
    if (givenUp) {
      next.giveUp();
    }
    begun.run();
  }

  @Override
  public void append(long lsn, ByteBuffer wal) throws IOException {
    begun().append(lsn, wal);
  }

  @Override
  public void requestFlush() {
    PgWalWriter current = writer;
    if (current != null) {
      current.requestFlush();
    }
  }

  @Override
  public void endTimeline(long switchLsn, TimelineId next) throws IOException {
    begun().close();
    nextTimeline.follow(history(next));
  }

  private TimelineHistory history(TimelineId timeline) throws IOException {
    byte[] file = historyFile(timeline).orElseThrow();
    try {
      return TimelineHistory.parse(timeline, file);
    } catch (WalDataException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  @Override
  public Optional<byte[]> historyFile(TimelineId timeline) throws IOException {
    try {
      return Optional.of(Files.readAllBytes(pgWal.resolve(timeline.historyFileName())));
    } catch (NoSuchFileException absent) {
      return Optional.empty();
    }
  }

  @Override
  public void storeHistory(TimelineId timeline, byte[] content) throws IOException {
    files.replace(pgWal.resolve(timeline.historyFileName()), ByteBuffer.wrap(content));
    archiveMode.received(files, pgWal, timeline.historyFileName());
  }

  @Override
  public long writtenLsn() {
    PgWalWriter current = writer;
    return current == null ? 0 : current.written().lsn();
  }

  @Override
  public long flushedLsn() {
    PgWalWriter current = writer;
    return current == null ? 0 : current.flushed().lsn();
  }

  @Override
  public long appliedLsn() {
    return appliedLsn.getAsLong();
  }

  @Override
  public void awaitFlushed(long beyondLsn, long timeoutNanos, BooleanSupplier calledAway)
      throws IOException {
    begun().flushed().await(beyondLsn, timeoutNanos, calledAway);
  }

  private PgWalWriter begun() {
    PgWalWriter current = writer;
    if (current == null) {
      throw new IllegalStateException("no stream has begun");
    }
    return current;
  }

  /// Has the receiver come back that waits for space on the disk.
  void giveUp() {
    givenUp = true;
    PgWalWriter current = writer;
    if (current != null) {
      current.giveUp();
    }
  }

  /// Makes durable what has been written; the receiver has ended.
  void close() throws IOException {
    PgWalWriter current = writer;
    if (current != null) {
      current.close();
    }
  }
}
