package org.walstream.send.notify;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// What has been notified lately, for all sessions that listen: one ring for all of them, in which
/// each has its place.
///
/// ```
///   a reader's position               end
///         ▼                            ▼
/// ──┬───┬───┬───┬───┬───┬───┬───┬───┬──┐
///   │ 7 │ 8 │ 9 │10 │ …                │   overwritten from the left
/// ──┴───┴───┴───┴───┴───┴───┴───┴───┴──┘
/// ```
///
/// So a session that does not read costs no memory, and holds nobody up. If it falls so far behind
/// that what it has not read is overwritten, it is told how many it has missed.
///
/// Counterpart of the queue in src/backend/commands/async.c, which grows instead and fails those
/// who notify. Thread-safe.
public final class NotificationQueue implements AutoCloseable {

  /// The one channel there is.
  public static final String CHANNEL = "walstream_replication";

  static final int CAPACITY = 1024;

  private final @Nullable String[] ring = new @Nullable String[CAPACITY];
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private long end;
  private int listeners;
  private boolean closed;

  /// An empty one.
  public NotificationQueue() {}

  /// Tells everybody who listens. Never waits for a client.
  ///
  /// @param payload at most 8000 bytes, as everywhere in PostgreSQL
  public void publish(String payload) {
    lock.lock();
    try {
      if (listeners > 0) {
        ring[(int) (end % CAPACITY)] = payload;
        end++;
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Waits until somebody listens.
  ///
  /// @return false when nobody will any more
  public boolean awaitListener() {
    lock.lock();
    try {
      while (listeners == 0 && !closed) {
        changed.awaitUninterruptibly();
      }
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  /// Begins to listen.
  ///
  /// @return the position of what will be notified next
  long listen() {
    lock.lock();
    try {
      listeners++;
      changed.signalAll();
      return end;
    } finally {
      lock.unlock();
    }
  }

  /// Ends what [#listen] has begun.
  void unlisten() {
    lock.lock();
    try {
      listeners--;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// What has been notified from one position up to another, oldest first.
  record Batch(List<String> payloads, long end) {}

  /// What has been notified from `position` on.
  Batch from(long position) {
    lock.lock();
    try {
      var found = new ArrayList<String>();
      long first = Math.max(position, end - CAPACITY);
      if (first > position) {
        found.add("{\"missed\": %d}".formatted(first - position));
      }
      for (long at = first; at < end; at++) {
        String payload = ring[(int) (at % CAPACITY)];
        if (payload != null) {
          found.add(payload);
        }
      }
      return new Batch(found, end);
    } finally {
      lock.unlock();
    }
  }

  /// Waits for something beyond `position`, or until what `given` tells has become true and [#wake]
  /// been called.
  ///
  /// @return false when nothing will be notified any more
  boolean await(long position, BooleanSupplier given) {
    lock.lock();
    try {
      while (end == position && !given.getAsBoolean() && !closed) {
        changed.awaitUninterruptibly();
      }
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  /// Something that [#await] waits for has changed.
  void wake() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Ends all waiting.
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
