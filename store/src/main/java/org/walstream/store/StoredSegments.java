package org.walstream.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.walstream.store.segment.SegmentDirectory;
import org.walstream.store.segment.SegmentFile;
import org.walstream.wal.Lsn;
import org.walstream.wal.WalSegmentName;
import org.walstream.wal.record.WalSegmentSource;

/// The segments of a store for one reader, some of which are being written, and some removed, while
/// it reads: of the former it gives what the log has published, of the latter nothing.
final class StoredSegments implements WalSegmentSource, Closeable {

  private final WalStore store;
  private final SegmentDirectory directory;

  private @Nullable WalSegmentName openSegment;
  private @Nullable SegmentFile openFile;

  /// Set when the open file is the segment that a log is writing: no more of it may be read than
  /// written.
  private @Nullable WalLog writtenBy;

  StoredSegments(WalStore store, SegmentDirectory directory) {
    this.store = store;
    this.directory = directory;
  }

  @Override
  public int read(WalSegmentName segment, int offset, ByteBuffer into) throws IOException {
    long lsn = segment.startLsn() + offset;
    SegmentFile file = openFile;
    if (file == null || !segment.equals(openSegment)) {
      file = open(segment, lsn);
    }
    long endLsn = writtenBy == null ? segment.endLsn() : writtenBy.writtenLsn();
    if (file == null || !Lsn.isBefore(lsn, endLsn)) {
      return ABSENT;
    }
    int limit = into.limit();
    int start = into.position();
    into.limit(start + (int) Math.min(into.remaining(), endLsn - lsn));
    try {
      int read = file.read(offset, into);
      // Looked at after reading: a removed file may by now be recycled and hold other WAL.
      if (Lsn.isBefore(lsn, store.removedBefore())) {
        into.position(start);
        return ABSENT;
      }
      return read;
    } finally {
      into.limit(limit);
    }
  }

  /// @return null when there is no such file, or it does not hold `lsn` yet
  private @Nullable SegmentFile open(WalSegmentName segment, long lsn) throws IOException {
    close();
    WalLog log = store.logOf(segment.timeline());
    if (log != null && Lsn.isAfter(log.restartLsn(), lsn)) {
      log = null; // it is done with this segment
    }
    if (log != null && !Lsn.isBefore(lsn, log.writtenLsn())) {
      return null;
    }
    writtenBy = log;
    openFile = directory.open(segment);
    openSegment = segment;
    return openFile;
  }

  @Override
  public void close() throws IOException {
    SegmentFile file = openFile;
    openFile = null;
    openSegment = null;
    writtenBy = null;
    if (file != null) {
      file.close();
    }
  }
}
