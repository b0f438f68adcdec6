package org.walstream.send.notify;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.walstream.wire.message.NotificationResponse;
import org.walstream.wire.server.ServerConnection;

/// Brings notifications to one session that listens. They come between two commands only: with the
/// answer to the next one, or, as long as the session is idle, at once, from a virtual thread.
///
/// ```
/// session's thread:  … command ─▶ sendDue ─▶ ReadyForQuery ─▶ idle ── waits for the client ── busy ─▶ command …
/// this thread:                                                  └── may write ──┘
/// ```
///
/// A client that does not read stops this thread in a socket write, and its own next command.
///
/// Counterpart of ProcessIncomingNotify(), src/backend/commands/async.c.
public final class Delivery implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);
  private static final int PID = (int) ProcessHandle.current().pid();

  /// How long a client may take to read before its connection is cut at the session's end.
  private static final long CLOSE_SECONDS = 2;

  private final NotificationQueue queue;
  private final ServerConnection connection;

  /// Held by whoever writes to the connection while the session is idle.
  private final ReentrantLock turn = new ReentrantLock();

  private final Condition idleOrClosed = turn.newCondition();

  // Written under `turn`.
  private volatile long position;
  private volatile boolean closed;
  private boolean idle;

  private Delivery(NotificationQueue queue, ServerConnection connection) {
    this.queue = queue;
    this.connection = connection;
    this.position = queue.listen();
  }

  /// Listens from now on.
  public static Delivery begin(NotificationQueue queue, ServerConnection connection) {
    var delivery = new Delivery(queue, connection);
    Thread.ofVirtual().name("notifier").start(delivery::run);
    return delivery;
  }

  /// Gathers what is due, to go out with the answer to a command. On the session's thread, which is
  /// busy.
  public void sendDue() throws IOException {
    turn.lock();
    try {
      write();
    } finally {
      turn.unlock();
    }
  }

  /// The session waits for its client now.
  public void idle() {
    turn.lock();
    try {
      idle = true;
      idleOrClosed.signal();
    } finally {
      turn.unlock();
    }
  }

  /// The session has something to say itself: returns when nobody else writes any more.
  public void busy() {
    turn.lock();
    try {
      idle = false;
    } finally {
      turn.unlock();
    }
  }

  private void run() {
    while (queue.await(position, () -> closed) && !closed) {
      turn.lock();
      try {
        while (!idle && !closed) {
          idleOrClosed.awaitUninterruptibly();
        }
        if (!closed) {
          write();
          connection.flush();
        }
      } catch (IOException gone) {
        LOG.debug("could not notify a client: {}", gone.getMessage());
        closed = true;
      } finally {
        turn.unlock();
      }
    }
  }

  private void write() throws IOException {
    NotificationQueue.Batch batch = queue.from(position);
    for (String payload : batch.payloads()) {
      connection.send(new NotificationResponse(PID, NotificationQueue.CHANNEL, payload));
    }
    position = batch.end();
  }

  /// Listens no more. A client that does not read what is being written to it is cut off.
  @Override
  public void close() {
    boolean mine = tryForAWhile();
    if (!mine) {
      cut();
      turn.lock();
    }
    closed = true;
    idleOrClosed.signal();
    turn.unlock();
    queue.wake();
    queue.unlisten();
  }

  private boolean tryForAWhile() {
    try {
      return turn.tryLock(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void cut() {
    try {
      connection.close();
    } catch (IOException e) {
      LOG.debug("could not close a client's connection", e);
    }
  }
}
