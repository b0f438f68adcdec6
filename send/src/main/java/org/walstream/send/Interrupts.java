package org.walstream.send;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.walstream.wire.SqlState;
import org.walstream.wire.server.ServerError;

/// What ends a session's statement before its time: a cancel request, `statement_timeout`, an
/// administrator.
///
/// Requests come from any thread and are noted; the statement's own thread asks for them between
/// two rows, as CHECK_FOR_INTERRUPTS() does, and is woken where it waits. A cancel request that
/// finds no statement is forgotten; an administrator's is not.
///
/// Counterpart of ProcessInterrupts(), src/backend/tcop/postgres.c.
public final class Interrupts {

  private volatile boolean terminated;
  private volatile @Nullable Running running;

  /// Those of a session that begins.
  public Interrupts() {}

  /// A statement, from its beginning until it is closed.
  public final class Running implements AutoCloseable {
    private final Thread thread = Thread.currentThread();
    private final Duration timeout;
    private final long begunNanos = System.nanoTime();
    private volatile boolean cancelled;
    private volatile Runnable waker = () -> {};

    private Running(Duration timeout) {
      this.timeout = timeout;
    }

    /// What else must be told that the statement is to end; from another thread.
    public void wakeBy(Runnable waker) {
      this.waker = waker;
    }

    private void wake() {
      waker.run();
      LockSupport.unpark(thread);
    }

    @Override
    public void close() {
      waker = () -> {};
      running = null;
    }
  }

  /// A statement begins, on this thread.
  public Running begin(Duration timeout) {
    var statement = new Running(timeout);
    running = statement;
    return statement;
  }

  /// Ends the statement that runs, if one does.
  public void cancel() {
    Running statement = running;
    if (statement != null) {
      statement.cancelled = true;
      statement.wake();
    }
  }

  /// Ends the session, and with it the statement that runs.
  public void terminate() {
    terminated = true;
    Running statement = running;
    if (statement != null) {
      statement.wake();
    }
  }

  /// @throws ServerError if the statement is to end
  public void check() throws ServerError {
    if (terminated) {
      throw terminatedError();
    }
    Running statement = running;
    if (statement == null) {
      return;
    }
    if (statement.cancelled) {
      throw ServerError.error(SqlState.QUERY_CANCELED, "canceling statement due to user request");
    }
    if (System.nanoTime() - statement.begunNanos >= statement.timeout.toNanos()) {
      throw ServerError.error(
          SqlState.QUERY_CANCELED, "canceling statement due to statement timeout");
    }
  }

  /// What a client is told whose session an administrator has ended.
  public static ServerError terminatedError() {
    return ServerError.fatal(
        SqlState.ADMIN_SHUTDOWN, "terminating connection due to administrator command");
  }

  /// Waits, unless the statement is to end before.
  public void sleep(Duration duration) throws ServerError {
    long begun = System.nanoTime();
    while (true) {
      check();
      long left = duration.toNanos() - (System.nanoTime() - begun);
      if (left <= 0) {
        return;
      }
      Running statement = running;
      LockSupport.parkNanos(
          this,
          statement == null
              ? left
              : Math.min(
                  left,
                  Math.max(
                      1,
                      statement.timeout.toNanos() - (System.nanoTime() - statement.begunNanos))));
    }
  }
}
