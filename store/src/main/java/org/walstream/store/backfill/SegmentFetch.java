package org.walstream.store.backfill;

import java.io.IOException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// One segment under way, for all who wait for it. Any thread.
public final class SegmentFetch {

  private final Queue<Thread> waiting = new ConcurrentLinkedQueue<>();
  private volatile boolean done;
  private volatile @Nullable IOException failure;

  SegmentFetch() {}

  /// Waits until the segment is here, or `unless` holds; whoever makes that true unparks the
  /// waiter.
  ///
  /// @return true when it is here
  /// @throws IOException why it cannot be had
  public boolean await(BooleanSupplier unless) throws IOException {
    Thread me = Thread.currentThread();
    waiting.add(me);
    try {
      while (!done && !unless.getAsBoolean()) {
        LockSupport.park(this);
        if (me.isInterrupted()) {
          return false;
        }
      }
    } finally {
      waiting.remove(me);
    }
    IOException why = failure;
    if (why != null) {
      throw why;
    }
    return done;
  }

  void succeed() {
    end();
  }

  void fail(IOException why) {
    failure = why;
    end();
  }

  private void end() {
    done = true;
    waiting.forEach(LockSupport::unpark);
  }
}
