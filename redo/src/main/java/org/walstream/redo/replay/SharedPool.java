package org.walstream.redo.replay;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import org.walstream.redo.buffer.BufferPool;

/// A pool of pages with which threads take turns, in the order in which they come: the lane whose
/// pages they are, for a batch at a time; the reader, at barriers; and who writes changed pages
/// while replay goes on, a few at a time.
///
/// Who fails does so before the next one's turn, and nothing is done with any pool after that: no
/// page is written that was left in the midst of a change.
final class SharedPool {

  /// So many pages are copied in one turn beside replay: 2 MB, for which a lane waits less than a
  /// millisecond.
  private static final int PAGES_BESIDE = 256;

  /// What is done with the pool in one turn.
  interface Turn {
    void with(BufferPool pool) throws IOException;
  }

  private final BufferPool pool;
  private final FirstFailure failure;
  private final ReentrantLock turn = new ReentrantLock(true);

  SharedPool(BufferPool pool, FirstFailure failure) {
    this.pool = pool;
    this.failure = failure;
  }

  /// Does something with the pool, as the reader.
  void use(Turn work) throws IOException {
    turn.lock();
    try {
      failure.requireNone();
      work.with(pool);
    } catch (IOException | RuntimeException | Error e) {
      failure.keep(e);
      throw e;
    } finally {
      turn.unlock();
    }
  }

  /// The same on a thread whose failures the reader is told of; nothing once anybody has failed.
  void useUnlessFailed(Turn work) {
    turn.lock();
    try {
      if (!failure.isAny()) {
        work.with(pool);
      }
    } catch (IOException | RuntimeException | Error e) {
      failure.keep(e);
    } finally {
      turn.unlock();
    }
  }

  /// Writes what has changed by now, between the turns of others: what they change meanwhile may be
  /// written or not. All of it is in its files on return.
  void writeBeside() throws IOException {
    var changed = new long[1][];
    use(it -> changed[0] = it.changed());
    long[] pages = changed[0];
    Arrays.sort(pages); // a big pool's takes long, and nobody waits for it here
    for (int from = 0; from < pages.length; from += PAGES_BESIDE) {
      int first = from;
      int end = Math.min(pages.length, from + PAGES_BESIDE);
      use(it -> it.writeChanged(pages, first, end));
      pool.awaitWritten(); // no more of them on their way than others find room beside
    }
    pool.awaitWritten();
  }

  /// When nobody uses it any more.
  void close() {
    pool.close();
  }
}
