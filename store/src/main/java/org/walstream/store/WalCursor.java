package org.walstream.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;
import org.walstream.file.OpenFile;
import org.walstream.store.SegmentFileName.Stage;
import org.walstream.wal.Lsn;
import org.walstream.wal.TimelineHistory;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalSegmentName;
import org.walstream.wal.WalSegmentSize;

/// Reads WAL back, along the history of one timeline, at the pace of its owner: one thread. Keeps
/// the current segment's file open, so that renaming or deleting it does not matter, and allocates
/// nothing per read.
///
/// A segment in which a timeline forked off exists once per timeline, alike up to the fork. The
/// newest one is read if it holds the position yet; otherwise that of an ancestor.
///
/// Goes on working after the store was closed, as long as the files are there.
public final class WalCursor implements Closeable {

  private static final Stage[] STAGES = {Stage.FINISHED, Stage.PARTIAL, Stage.NEXT};

  private final WalStore store;
  private final WalDirectory directory;
  private final WalSegmentSize segmentSize;
  private final TimelineHistory history;

  private @Nullable OpenFile file;

  /// The stretch of WAL for which `file` is the right one.
  private long fileStartLsn;

  private long fileEndLsn;

  /// Set when `file` is the segment that a log is writing: no more of it may be read than written.
  private @Nullable WalLog writtenBy;

  WalCursor(
      WalStore store, WalDirectory directory, WalSegmentSize segmentSize, TimelineHistory history) {
    this.store = store;
    this.directory = directory;
    this.segmentSize = segmentSize;
    this.history = history;
  }

  /// Reads the WAL at `lsn` into `bytes`: as much as there is room for, but never across the end of
  /// a segment, nor past what has been written ([WalLog#writtenLsn]).
  ///
  /// @return how many bytes were read, at least 1 if there was room
  /// @throws WalRemovedException if the segment is not (or no longer) in the directory, or `lsn`
  ///   has not been written
  public int read(long lsn, ByteBuffer bytes) throws IOException {
    OpenFile source = fileFor(lsn);
    long end = readableEnd();
    int limit = bytes.limit();
    int start = bytes.position();
    bytes.limit(start + (int) Math.min(bytes.remaining(), end - lsn));
    try {
      int read = source.read(bytes, segmentSize.offset(lsn));
      if (read < 0) {
        throw new IOException(
            "could not read from WAL segment %s, offset %d: read 0 of %d"
                .formatted(segmentAt(lsn), segmentSize.offset(lsn), bytes.remaining()));
      }
      // Looked at after reading: a removed file may by now be recycled and hold other WAL.
      if (Lsn.isBefore(lsn, store.removedBefore())) {
        bytes.position(start);
        throw new WalRemovedException(segmentAt(lsn).fileName());
      }
      return read;
    } finally {
      bytes.limit(limit);
    }
  }

  /// Opens the file that holds `lsn`, so that its absence is known before anything is read.
  void seek(long lsn) throws IOException {
    OpenFile ignored = fileFor(lsn);
  }

  @Override
  public void close() throws IOException {
    OpenFile opened = file;
    file = null;
    if (opened != null) {
      opened.close();
    }
  }

  private OpenFile fileFor(long lsn) throws IOException {
    OpenFile opened = file;
    if (opened != null && !Lsn.isBefore(lsn, fileStartLsn) && Lsn.isBefore(lsn, readableEnd())) {
      return opened;
    }
    close();
    for (TimelineId timeline : history.timelines()) {
      opened = open(timeline, lsn);
      if (opened != null) {
        file = opened;
        return opened;
      }
    }
    throw new WalRemovedException(segmentAt(lsn).fileName());
  }

  private long readableEnd() {
    return writtenBy == null ? fileEndLsn : Lsn.min(fileEndLsn, writtenBy.writtenLsn());
  }

  /// @return null when the segment has no file on this timeline that holds `lsn`
  private @Nullable OpenFile open(TimelineId timeline, long lsn) throws IOException {
    long startLsn = segmentSize.startOfSegment(lsn);
    long endLsn = startLsn + segmentSize.bytes();
    long switchLsn = history.switchPoint(timeline).orElse(endLsn);
    if (!Lsn.isBefore(lsn, switchLsn) || Lsn.isAfter(history.begin(timeline), endLsn - 1)) {
      return null; // the timeline has no part in this segment
    }
    WalLog log = store.logOf(timeline);
    if (log != null && Lsn.isAfter(log.restartLsn(), lsn)) {
      log = null; // it is done with this segment
    }
    if (log != null && !Lsn.isBefore(lsn, log.writtenLsn())) {
      return null;
    }
    OpenFile opened = open(WalSegmentName.containing(timeline, lsn, segmentSize));
    if (opened != null) {
      fileStartLsn = startLsn;
      fileEndLsn = Lsn.min(endLsn, switchLsn);
      writtenBy = log;
    }
    return opened;
  }

  /// A file on its way to its next name is missed under both if one looks in the wrong order; names
  /// only go one way, so looking twice finds it.
  private @Nullable OpenFile open(WalSegmentName segment) throws IOException {
    for (int look = 0; look < 2; look++) {
      for (Stage stage : STAGES) {
        SegmentFileName name = SegmentFileName.finished(segment).at(stage);
        try {
          return directory.files().openForReading(directory.resolve(name));
        } catch (NoSuchFileException e) {
          // then at another stage
        }
      }
    }
    return null;
  }

  private WalSegmentName segmentAt(long lsn) {
    return WalSegmentName.containing(history.timelineOf(lsn), lsn, segmentSize);
  }
}
