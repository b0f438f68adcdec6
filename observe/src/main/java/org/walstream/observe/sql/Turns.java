package org.walstream.observe.sql;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.walstream.send.Interrupts;
import org.walstream.wire.SqlState;
import org.walstream.wire.server.ServerError;

/// How many queries are read and run at once, first come, first served: memory and processors are
/// needed elsewhere. Thread-safe.
final class Turns {

  private static final int AT_ONCE = 2;

  /// How long a query that waits may take to notice that it is to end.
  private static final int LOOK_MS = 50;

  private final Semaphore free = new Semaphore(AT_ONCE, true);

  /// A turn, until it is closed.
  final class Turn implements AutoCloseable {
    @Override
    public void close() {
      free.release();
    }
  }

  /// Waits for a turn.
  ///
  /// @throws ServerError if the statement is to end before it has one
  Turn take(Interrupts interrupts) throws ServerError {
    try {
      while (!free.tryAcquire(LOOK_MS, TimeUnit.MILLISECONDS)) {
        interrupts.check();
      }
      return new Turn();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ServerError.fatal(SqlState.ADMIN_SHUTDOWN, "the node is shutting down");
    }
  }
}
