package org.walstream.cli.waldump;

import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// In which order the readers of a [ParallelScan] give out, and what each needs to know of the one
/// before. Thread-safe.
final class Turns {

  private long chunk;
  private long expectedLsn;
  private @Nullable ScanEnd end;
  private @Nullable Throwable failure;

  /// @param firstLsn where the first record starts
  Turns(long firstLsn) {
    expectedLsn = firstLsn;
  }

  /// Waits until all chunks before `number` have been given out.
  ///
  /// @return false when reading has ended before this one
  synchronized boolean await(long number) {
    while (chunk != number && !isOver()) {
      waitForChange();
    }
    return !isOver();
  }

  /// Where the next record starts. For whose turn it is.
  synchronized long expectedLsn() {
    return expectedLsn;
  }

  /// Ends a turn.
  ///
  /// @param nextLsn where the next record starts
  synchronized void pass(long nextLsn) {
    expectedLsn = nextLsn;
    chunk++;
    notifyAll();
  }

  /// Ends a turn, and reading with it.
  synchronized void end(ScanEnd reason) {
    end = reason;
    notifyAll();
  }

  synchronized void fail(Throwable cause) {
    if (failure == null) {
      failure = cause;
    }
    notifyAll();
  }

  synchronized boolean isOver() {
    return end != null || failure != null;
  }

  /// Waits until reading has ended, one way or the other.
  ///
  /// @throws IOException or whatever else it ended with
  synchronized ScanEnd awaitEnd() throws IOException {
    while (!isOver()) {
      waitForChange();
    }
    return switch (failure) {
      case null -> Objects.requireNonNull(end);
      case IOException e -> throw e;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalStateException(failure);
    };
  }

  @SuppressWarnings("WaitNotInLoop") // The callers loop.
  private void waitForChange() {
    try {
      wait();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while reading WAL", e);
    }
  }
}
