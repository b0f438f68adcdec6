package org.walstream.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.walstream.store.backfill.BackFill;
import org.walstream.store.backfill.OwnWal;
import org.walstream.wal.TimelineHistory;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalSegmentName;
import org.walstream.wal.WalSegmentSize;
import org.walstream.wal.record.HistorySource;
import org.walstream.wal.record.WalSegmentSource;
import org.walstream.wal.record.WalSource;

/// Reads WAL back, along the history of one timeline, at the pace of its owner: one thread. Keeps
/// the current segment's file open, so that renaming or deleting it does not matter, and allocates
/// nothing per read.
///
/// Goes on working after the store was closed, as long as the files are there.
public final class WalCursor implements WalSource, Closeable {

  private final Closeable segments;
  private final @Nullable BackFilledSource backFilled;
  private final WalSource source;
  private final WalSegmentSize segmentSize;
  private final ByteBuffer nothing = ByteBuffer.allocate(0);

  private WalCursor(
      Closeable segments,
      WalSource here,
      @Nullable BackFilledSource backFilled,
      WalSegmentSize segmentSize) {
    this.segments = segments;
    this.backFilled = backFilled;
    this.source = backFilled == null ? here : backFilled;
    this.segmentSize = segmentSize;
  }

  /// A cursor over a store's segments.
  ///
  /// @param backFill where older WAL is fetched; null when there is nobody to fetch it from
  static WalCursor of(
      WalStore store, WalLog log, TimelineHistory history, @Nullable BackFill backFill) {
    StoredSegments segments = store.segments();
    var here = new HistorySource(segments, log.segmentSize(), history);
    return new WalCursor(
        segments,
        here,
        backFill == null
            ? null
            : new BackFilledSource(store, here, backFill, log.segmentSize(), history),
        log.segmentSize());
  }

  /// A cursor over segments that somebody else keeps. What is not to be read is absent there.
  ///
  /// @param segments this cursor's alone
  /// @param own what is here without being fetched
  /// @param backFill where older WAL is fetched; null when there is nobody to fetch it from
  public static <S extends WalSegmentSource & Closeable> WalCursor over(
      S segments,
      WalSegmentSize segmentSize,
      TimelineHistory history,
      OwnWal own,
      @Nullable BackFill backFill) {
    var here = new HistorySource(segments, segmentSize, history);
    return new WalCursor(
        segments,
        here,
        backFill == null ? null : new BackFilledSource(own, here, backFill, segmentSize, history),
        segmentSize);
  }

  /// Waits until the WAL at `lsn` is here, if it is older than the store's own and has to be
  /// fetched, or `unless` holds; whoever makes that true unparks the waiter.
  ///
  /// @return false when `unless` came first
  /// @throws OlderWalException if it cannot be had
  public boolean await(long lsn, BooleanSupplier unless) throws IOException {
    return backFilled == null || backFilled.await(lsn, unless);
  }

  /// Reads as [WalSource#read] does, and not past what has been written ([WalLog#writtenLsn]),
  /// which is absent too.
  @Override
  public int read(long lsn, ByteBuffer into) throws IOException {
    return source.read(lsn, into);
  }

  @Override
  public TimelineId timeline() {
    return source.timeline();
  }

  /// Fills `into` with the WAL at `lsn`, across segments too.
  ///
  /// @throws WalRemovedException if some of it is not (or no longer) in the directory, or has not
  ///   been written
  public void readFully(long lsn, ByteBuffer into) throws IOException {
    long at = lsn;
    while (into.hasRemaining()) {
      int read = source.read(at, into);
      if (read == ABSENT) {
        throw removed(at);
      }
      if (read == 0) {
        throw new IOException(
            "could not read from WAL segment %s, offset %d: read 0 of %d"
                .formatted(segment(at), segmentSize.offset(at), into.remaining()));
      }
      at += read;
    }
  }

  /// Opens the file that holds `lsn`, so that its absence is known before anything is read.
  ///
  /// @throws WalRemovedException if there is none
  public void seek(long lsn) throws IOException {
    if (source.read(lsn, nothing) == ABSENT) {
      throw removed(lsn);
    }
  }

  private WalRemovedException removed(long lsn) {
    return new WalRemovedException(segment(lsn).fileName());
  }

  private WalSegmentName segment(long lsn) {
    return WalSegmentName.containing(source.timeline(), lsn, segmentSize);
  }

  @Override
  public void close() throws IOException {
    segments.close();
    if (backFilled != null) {
      backFilled.close();
    }
  }
}
