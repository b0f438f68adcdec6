package org.walstream.store;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.locks.ReentrantLock;
import org.walstream.store.segment.SegmentFileName;
import org.walstream.wal.Lsn;
import org.walstream.wal.WalSegmentSize;

/// Removes WAL that nobody needs any more.
///
/// A reader may have the file open that is being recycled. So the boundary is moved first, and
/// readers look at it *after* each read: what they got from before it may be other WAL.
final class Retention {

  private final WalDirectory directory;
  private final StoreOptions options;
  private final SpareSegments spares;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile long removedBefore;

  Retention(WalDirectory directory, StoreOptions options, SpareSegments spares) {
    this.directory = directory;
    this.options = options;
    this.spares = spares;
  }

  long removedBefore() {
    return removedBefore;
  }

  /// @param limit the start of a segment
  void removeBefore(WalSegmentSize segmentSize, long limit) throws IOException {
    lock.lock();
    try {
      if (!Lsn.isAfter(limit, removedBefore)) {
        return;
      }
      // Oldest first, each behind its own move of the boundary: what waits for its archiver stays,
      // and so does everything after it.
      for (SegmentFileName name : directory.content().segments(segmentSize)) {
        long end = name.segment().endLsn();
        if (Lsn.isAfter(end, limit) || waitsForArchiver(name)) {
          break;
        }
        removedBefore = end;
        remove(name);
      }
    } finally {
      lock.unlock();
    }
  }

  private void remove(SegmentFileName name) throws IOException {
    if (isWhole(name)) {
      spares.recycle(directory.resolve(name));
    } else {
      directory.files().delete(directory.resolve(name));
    }
    for (ArchiveStatus status : ArchiveStatus.values()) {
      if (status != ArchiveStatus.NONE) {
        directory.files().delete(directory.marker(status, name.fileName()));
      }
    }
  }

  private boolean isWhole(SegmentFileName name) throws IOException {
    try {
      return name.isFinished()
          && name.isPlain()
          && directory.files().size(directory.resolve(name))
              == name.segment().segmentSize().bytes();
    } catch (NoSuchFileException e) {
      return false; // somebody else has removed it
    }
  }

  private boolean waitsForArchiver(SegmentFileName name) {
    return options.archiveStatus() == ArchiveStatus.READY
        && name.isFinished()
        && directory.files().exists(directory.marker(ArchiveStatus.READY, name.fileName()));
  }
}
