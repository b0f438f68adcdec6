package org.walstream.store;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.ReentrantLock;
import org.walstream.wal.WalSegmentSize;

/// Files of removed segments, kept for segments to come: their blocks are allocated and written,
/// and their memory is in the page cache, which makes them the fastest files to write to.
///
/// None is given away before it is certain that its old name is gone: else a loss of power could
/// bring that back, and with it WAL of another position under it.
///
/// Any thread.
final class SpareSegments {

  /// Hidden, as all files that are ours alone.
  private static final String PREFIX = ".";

  private static final String SUFFIX = ".spare";

  private final WalDirectory directory;
  private final int max;
  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<Path> spares = new ArrayDeque<>();
  private long made;

  /// Whether a segment may still have its old name on disk.
  private boolean unforced;

  SpareSegments(WalDirectory directory, int max) {
    this.directory = directory;
    this.max = max;
  }

  /// Takes over the spare files of an earlier life, as far as there is room.
  void adopt() throws IOException {
    for (String name : directory.content().list()) {
      if (name.startsWith(PREFIX) && name.endsWith(SUFFIX)) {
        Path found = directory.resolve(name);
        if (spares.size() < max) {
          spares.add(found);
          unforced = true;
        } else {
          directory.files().delete(found);
        }
      }
    }
  }

  /// Takes over a removed segment's file, or deletes it when there are enough.
  void recycle(Path segment) throws IOException {
    lock.lock();
    try {
      if (spares.size() >= max) {
        directory.files().delete(segment);
        return;
      }
      Path spare;
      do {
        spare = directory.resolve("%s%08X%s".formatted(PREFIX, ++made, SUFFIX));
      } while (directory.files().exists(spare));
      directory.files().rename(segment, spare);
      spares.add(spare);
      unforced = true;
    } finally {
      lock.unlock();
    }
  }

  /// Gives one away under the name `target`; what it holds is still there.
  ///
  /// @return false when there is none of this size
  boolean take(WalSegmentSize segmentSize, Path target) throws IOException {
    lock.lock();
    try {
      if (unforced && !spares.isEmpty()) {
        directory.forceNames();
        unforced = false;
      }
      while (!spares.isEmpty()) {
        Path spare = spares.remove();
        if (take(spare, segmentSize, target)) {
          return true;
        }
      }
      return false;
    } finally {
      lock.unlock();
    }
  }

  private boolean take(Path spare, WalSegmentSize segmentSize, Path target) throws IOException {
    try {
      if (directory.files().size(spare) == segmentSize.bytes()) {
        directory.files().rename(spare, target);
        return true;
      }
    } catch (NoSuchFileException e) {
      return false; // somebody has removed it: then another one, or a new file
    }
    directory.files().delete(spare);
    return false;
  }
}
