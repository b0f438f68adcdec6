package org.walstream.standby;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.walstream.file.FileLayer;
import org.walstream.wal.WalSegmentSize;

/// Segments that nobody needs any more, for the receiver to write over: such a file has its size
/// and its blocks, where a new one is reserved and forced while the stream waits. What is in them
/// is no WAL of where they go, which every page says of itself.
///
/// While they wait they are called as a server calls a segment that it makes, which is removed
/// after a crash.
///
/// None is given away before it is certain that its old name is gone: else a loss of power could
/// bring that back, and with it WAL of another position under it.
///
/// Counterpart of RemoveXlogFile() and InstallXLogFileSegment(), src/backend/access/transam/xlog.c,
/// which give them the names of segments to come. One thread offers, another takes.
final class SpareSegments implements Closeable {

  /// As `min_wal_size` has it, 80 MB.
  private static final int MOST = 5;

  private final FileLayer files;
  private final Path pgWal;
  private final WalSegmentSize segmentSize;
  private final Queue<Path> spares = new ConcurrentLinkedQueue<>();
  private final AtomicInteger count = new AtomicInteger();
  private int made;
  private volatile boolean closed;

  /// Whether a segment may still have its old name on disk.
  private final AtomicBoolean unforced = new AtomicBoolean();

  SpareSegments(FileLayer files, Path pgWal, WalSegmentSize segmentSize) {
    this.files = files;
    this.pgWal = pgWal;
    this.segmentSize = segmentSize;
  }

  /// Takes a segment over, unless there are enough.
  ///
  /// @return whether it has gone from its name
  boolean offer(Path segment) throws IOException {
    if (closed || count.get() >= MOST || files.size(segment) != segmentSize.bytes()) {
      return false;
    }
    Path spare = pgWal.resolve("xlogtemp.%d.%d".formatted(ProcessHandle.current().pid(), ++made));
    files.rename(segment, spare);
    unforced.set(true);
    count.incrementAndGet();
    spares.add(spare);
    return true;
  }

  /// Gives one the name `segment`, which there is not; durable once the directory has been forced.
  ///
  /// @return false when there is none
  boolean take(Path segment) throws IOException {
    Path spare = spares.poll();
    if (spare == null) {
      return false;
    }
    count.decrementAndGet();
    if (unforced.getAndSet(false)) {
      files.forceDirectory(pgWal);
    }
    files.rename(spare, segment);
    return true;
  }

  /// Removes what is left. Nobody offers or takes any more.
  @Override
  public void close() throws IOException {
    closed = true;
    for (Path spare = spares.poll(); spare != null; spare = spares.poll()) {
      files.delete(spare);
    }
  }
}
