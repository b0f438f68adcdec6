package org.walstream.store;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.walstream.wal.Check;
import org.walstream.wal.Lsn;
import org.walstream.wal.machine.Machine;

/// A position in the WAL that only moves forward, and the threads that wait for it to move.
///
/// One thread publishes; any number, platform or virtual, wait. Publishing costs a volatile store
/// and one atomic exchange when nobody waits; waking 500 virtual threads takes some 30 microseconds
/// of the publisher's time. (A Condition wakes half as fast; `notifyAll` sends virtual threads
/// through a crowd at one monitor and takes milliseconds.)
///
/// A waiter pushes itself onto a lock-free stack *before* it looks at the position a last time; a
/// publisher moves the position *before* it takes the stack. Whichever comes second sees the other,
/// so no wake-up is lost.
///
/// Ended twice over: [#close] lets every waiter go with the answer "not reached", [#fail] with the
/// failure. Neither takes back what was reached.
public final class Position {

  /// So many waiters that gave up may lie in the stack before one of them sweeps it. They cost
  /// nothing but memory, and every publish drops them.
  private static final int SWEEP_AFTER = 64;

  private static final class Waiter {
    final Thread thread = Thread.currentThread();
    final long beyondLsn;
    @Nullable Waiter below;
    volatile boolean released;
    volatile boolean gaveUp;

    Waiter(long beyondLsn) {
      this.beyondLsn = beyondLsn;
    }
  }

  private volatile long lsn;
  private volatile boolean closed;
  private volatile @Nullable WalLogFailedException failure;
  private final AtomicReference<@Nullable Waiter> waiters = new AtomicReference<>();
  private final AtomicInteger gaveUp = new AtomicInteger();
  private final Machine machine;

  public Position(long lsn) {
    this(lsn, Machine.real());
  }

  /// @param machine by whose clock waiters wait
  public Position(long lsn, Machine machine) {
    this.lsn = lsn;
    this.machine = machine;
  }

  public long lsn() {
    return lsn;
  }

  /// True when the position will not move any more.
  public boolean isClosed() {
    return closed;
  }

  /// Moves to `newLsn` and wakes those who waited for it. One thread only.
  public void advance(long newLsn) {
    Check.state(
        !Lsn.isBefore(newLsn, lsn),
        "position cannot move back from %s to %s",
        Lsn.format(lsn),
        Lsn.format(newLsn));
    lsn = newLsn;
    release();
  }

  /// Waits until the position is beyond `beyondLsn`.
  ///
  /// @param timeoutNanos how long at most; 0 only looks
  /// @return false when the time is up, the position was closed before it got there, or the thread
  ///   is interrupted (it stays so)
  /// @throws WalLogFailedException when the position can never get there because a write or fsync
  ///   failed
  public boolean await(long beyondLsn, long timeoutNanos) throws WalLogFailedException {
    return await(beyondLsn, timeoutNanos, () -> false);
  }

  /// Waits like [#await(long, long)], but also comes back, with false, once `unless` holds. Whoever
  /// makes it hold unparks the waiting thread; nobody looks at it otherwise.
  public boolean await(long beyondLsn, long timeoutNanos, BooleanSupplier unless)
      throws WalLogFailedException {
    if (Lsn.isAfter(lsn, beyondLsn)) {
      return true;
    }
    if (timeoutNanos > 0 && !closed) {
      park(new Waiter(beyondLsn), timeoutNanos, unless);
    }
    if (Lsn.isAfter(lsn, beyondLsn)) {
      return true;
    }
    if (failure != null) {
      throw new WalLogFailedException(String.valueOf(failure.getMessage()), failure);
    }
    return false;
  }

  /// Lets all waiters go; later ones do not wait.
  public void close() {
    closed = true;
    release();
  }

  /// Lets all waiters go with `cause`; later ones fail at once unless the position is already where
  /// they want it.
  public void fail(WalLogFailedException cause) {
    failure = cause;
    closed = true;
    release();
  }

  private void park(Waiter waiter, long timeoutNanos, BooleanSupplier unless) {
    long deadline = machine.nanoTime() + timeoutNanos;
    push(waiter);
    while (!waiter.released
        && !closed
        && !unless.getAsBoolean()
        && !Lsn.isAfter(lsn, waiter.beyondLsn)) {
      long remaining = deadline - machine.nanoTime();
      if (remaining <= 0) {
        break;
      }
      machine.parkNanos(this, remaining);
      if (Thread.interrupted()) {
        Thread.currentThread().interrupt();
        break;
      }
    }
    if (!waiter.released) {
      waiter.gaveUp = true;
      if (gaveUp.incrementAndGet() >= SWEEP_AFTER) {
        release();
      }
    }
  }

  private void push(Waiter waiter) {
    Waiter top;
    do {
      top = waiters.get();
      waiter.below = top;
    } while (!waiters.compareAndSet(top, waiter));
  }

  /// Takes the whole stack, wakes whom the position has passed, and puts the others back. The
  /// position may move while the others are in nobody's hands; hence the second look.
  private void release() {
    long seen;
    boolean sawEnd;
    gaveUp.set(0);
    do {
      seen = lsn;
      sawEnd = closed;
      Waiter waiter = waiters.getAndSet(null);
      while (waiter != null) {
        Waiter below = waiter.below;
        if (sawEnd || Lsn.isAfter(seen, waiter.beyondLsn)) {
          waiter.released = true;
          LockSupport.unpark(waiter.thread);
        } else if (!waiter.gaveUp) {
          push(waiter);
        }
        waiter = below;
      }
    } while (seen != lsn || sawEnd != closed);
  }

  @Override
  public String toString() {
    return Lsn.format(lsn);
  }
}
