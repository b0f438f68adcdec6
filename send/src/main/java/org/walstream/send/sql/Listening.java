package org.walstream.send.sql;

import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.walstream.send.notify.Delivery;
import org.walstream.send.notify.NotificationQueue;
import org.walstream.wire.SqlState;
import org.walstream.wire.server.ServerConnection;
import org.walstream.wire.server.ServerError;

/// Whether a session listens. LISTEN and UNLISTEN take effect when their transaction commits, and
/// not at all if it does not.
///
/// One thread, but for [#isOn].
final class Listening {

  private final @Nullable NotificationQueue queue;
  private @Nullable Delivery delivery;

  /// What the transaction wants; the same as [#isOn] outside of one.
  private boolean wanted;

  private volatile boolean on;

  /// @param queue null where nothing is ever notified
  Listening(@Nullable NotificationQueue queue) {
    this.queue = queue;
  }

  /// @throws ServerError if nobody will ever notify this channel: recovery allows no NOTIFY
  void listen(String channel) throws ServerError {
    if (queue == null || !channel.equals(NotificationQueue.CHANNEL)) {
      throw ServerError.error(
              SqlState.READ_ONLY_SQL_TRANSACTION, "cannot execute LISTEN during recovery")
          .withHint(
              queue == null
                  ? ""
                  : "The one channel here is \"%s\".".formatted(NotificationQueue.CHANNEL));
    }
    wanted = true;
  }

  /// @param channel empty for all
  void unlisten(Optional<String> channel) {
    if (channel.isEmpty() || channel.get().equals(NotificationQueue.CHANNEL)) {
      wanted = false;
    }
  }

  boolean isOn() {
    return on;
  }

  /// For savepoints.
  boolean wanted() {
    return wanted;
  }

  void restore(boolean wanted) {
    this.wanted = wanted;
  }

  void rollback() {
    wanted = on;
  }

  /// Outside of a transaction, before ReadyForQuery: does what has been committed, and sends what
  /// is due.
  void betweenTransactions(ServerConnection connection) throws IOException {
    if (wanted && !on && queue != null) {
      delivery = Delivery.begin(queue, connection);
    } else if (!wanted && on) {
      close();
    }
    on = wanted;
    if (delivery != null) {
      delivery.sendDue();
    }
  }

  void idle() {
    if (delivery != null) {
      delivery.idle();
    }
  }

  void busy() {
    if (delivery != null) {
      delivery.busy();
    }
  }

  void close() {
    if (delivery != null) {
      delivery.close();
      delivery = null;
    }
  }
}
