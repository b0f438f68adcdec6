package org.walstream.redo.replay;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;

/// The batches that are on their way to nobody. When all of them are here, everything that was
/// handed over has been done.
final class FreeBatches {

  private final int count;
  private final Semaphore permits;
  private final Queue<ReplayBatch> batches = new ConcurrentLinkedQueue<>();

  FreeBatches(int count, int lanes) {
    this.count = count;
    this.permits = new Semaphore(count);
    for (int i = 0; i < count; i++) {
      batches.add(new ReplayBatch(lanes));
    }
  }

  /// Takes one, empty; waits until there is one.
  ReplayBatch take() {
    permits.acquireUninterruptibly();
    ReplayBatch batch = batches.remove();
    batch.clear();
    return batch;
  }

  void give(ReplayBatch batch) {
    batches.add(batch);
    permits.release();
  }

  /// True when all but `taken` of them are here.
  boolean areAllBut(int taken) {
    return permits.availablePermits() == count - taken;
  }

  /// Waits until all but `taken` of them are here, which the caller has. What was done with them is
  /// to be seen by it then.
  void awaitAllBut(int taken) {
    permits.acquireUninterruptibly(count - taken);
    permits.release(count - taken);
  }
}
