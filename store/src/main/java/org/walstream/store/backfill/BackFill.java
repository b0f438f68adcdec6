package org.walstream.store.backfill;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.walstream.file.FileErrors;
import org.walstream.file.FileLayer;
import org.walstream.store.segment.SegmentIdentity;
import org.walstream.store.segment.SegmentReader;
import org.walstream.wal.WalSegmentName;
import org.walstream.wal.machine.Machine;

/// Has segments fetched that readers ask for: each once, however many ask, and a few at a time,
/// since each takes a connection of the upstream's. Any thread.
public final class BackFill implements Closeable {

  private static final Logger logger = LoggerFactory.getLogger(BackFill.class);

  /// Hidden, as all files that are ours alone.
  private static final String DIRECTORY = ".older";

  private static final int CONNECTIONS_MAX = 2;

  private final OlderWal from;
  private final Machine machine;
  private final SegmentIdentity identity;
  private final FetchedSegments fetched;
  private final Supplier<SegmentReader> neighbours;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition threadEnded = lock.newCondition();
  private final Map<WalSegmentName, SegmentFetch> underWay = new HashMap<>();

  // Guarded by the lock.
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private int threads;
  private boolean closed;
  private long fetchedSegments;
  private long failed;
  private Optional<String> lastSegment = Optional.empty();
  private Optional<Instant> lastFetched = Optional.empty();
  private Optional<String> lastError = Optional.empty();
  private Optional<Instant> lastErrorAt = Optional.empty();

  private BackFill(
      OlderWal from,
      Machine machine,
      SegmentIdentity identity,
      FetchedSegments fetched,
      Supplier<SegmentReader> neighbours) {
    this.from = from;
    this.machine = machine;
    this.identity = identity;
    this.fetched = fetched;
    this.neighbours = neighbours;
  }

  /// Fetches into a directory within `walDirectory`, which is made when there is something to
  /// fetch.
  ///
  /// @param neighbours makes readers of the segments in `walDirectory` itself
  public static BackFill into(
      Path walDirectory,
      FileLayer files,
      Machine machine,
      SegmentIdentity identity,
      OlderWal from,
      Supplier<SegmentReader> neighbours)
      throws IOException {
    var fetched =
        FetchedSegments.open(files, walDirectory.resolve(DIRECTORY), identity.segmentSize());
    return new BackFill(from, machine, identity, fetched, neighbours);
  }

  /// Reads what has been fetched; for one thread.
  public SegmentReader reader() {
    return fetched.reader();
  }

  /// Has `segment` fetched, unless it is here or on its way. Returns at once.
  public SegmentFetch request(WalSegmentName segment) {
    lock.lock();
    try {
      SegmentFetch running = underWay.get(segment);
      if (running != null) {
        return running;
      }
      var fetch = new SegmentFetch();
      if (fetched.has(segment)) {
        fetch.succeed();
      } else if (closed) {
        fetch.fail(new IOException("the WAL directory has been closed"));
      } else {
        underWay.put(segment, fetch);
        waiting.add(() -> run(segment, fetch));
        if (threads < CONNECTIONS_MAX) {
          beginThread();
        }
      }
      return fetch;
    } finally {
      lock.unlock();
    }
  }

  private void beginThread() {
    threads++;
    machine.platformThread("walstream-backfill", this::fetchWhatWaits).start();
  }

  /// A thread's life: it ends when there is nothing more to do, or with a mistake of ours.
  private void fetchWhatWaits() {
    try {
      for (Runnable next = nextWaiting(); next != null; next = nextWaiting()) {
        next.run();
      }
    } finally {
      threadEnds();
    }
  }

  private @Nullable Runnable nextWaiting() {
    lock.lock();
    try {
      return waiting.poll();
    } finally {
      lock.unlock();
    }
  }

  /// What waits still, or has just come, is another thread's.
  private void threadEnds() {
    lock.lock();
    try {
      threads--;
      if (!waiting.isEmpty()) {
        beginThread();
      }
      threadEnded.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void run(WalSegmentName segment, SegmentFetch fetch) {
    try (SegmentReader beside = neighbours.get()) {
      fetched.fetch(from, identity.systemIdentifier(), segment, beside);
      logger.debug("fetched WAL segment {}", segment);
      note(segment);
      end(segment);
      fetch.succeed();
    } catch (IOException e) {
      logger.info("could not fetch WAL segment {}: {}", segment, FileErrors.text(e));
      note(segment, e);
      end(segment);
      fetch.fail(e);
    } catch (RuntimeException | Error e) {
      end(segment);
      fetch.fail(new IOException("could not fetch WAL segment " + segment, e));
      throw e;
    }
  }

  private void note(WalSegmentName segment) {
    lock.lock();
    try {
      fetchedSegments++;
      lastSegment = Optional.of(segment.toString());
      lastFetched = Optional.of(machine.now());
    } finally {
      lock.unlock();
    }
  }

  private void note(WalSegmentName segment, IOException failure) {
    lock.lock();
    try {
      failed++;
      lastError = Optional.of("%s: %s".formatted(segment, FileErrors.text(failure)));
      lastErrorAt = Optional.of(machine.now());
    } finally {
      lock.unlock();
    }
  }

  /// What has been done so far.
  public BackFillStatistics statistics() {
    lock.lock();
    try {
      return new BackFillStatistics(
          underWay.size(),
          fetchedSegments,
          fetchedSegments * identity.segmentSize().bytes(),
          failed,
          fetched.count(),
          lastSegment,
          lastFetched,
          lastError,
          lastErrorAt);
    } finally {
      lock.unlock();
    }
  }

  private void end(WalSegmentName segment) {
    lock.lock();
    try {
      underWay.remove(segment);
    } finally {
      lock.unlock();
    }
  }

  /// Segments from `lsn` on are kept; of older ones a few.
  public void keepFrom(long lsn) throws IOException {
    fetched.promise(lsn);
  }

  /// Nothing more is fetched, and on return nobody writes here any more: the directory may be given
  /// to another process, or removed. Readers still read.
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
    }
    from.stop();
    awaitThreads();
  }

  private void awaitThreads() {
    lock.lock();
    try {
      while (threads > 0) {
        threadEnded.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }
}
