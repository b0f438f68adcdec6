package org.walstream.node;

import java.time.Duration;
import org.walstream.observe.change.ReplicationWatch;
import org.walstream.send.notify.NotificationQueue;

/// Looks often at what changes without an event of its own, as long as somebody listens: who says
/// LISTEN hears of a change within 100 ms. Nobody listening, it sleeps.
final class WatchThread implements AutoCloseable {

  private static final Duration PERIOD = Duration.ofMillis(40);

  private final NotificationQueue notifications;
  private final ReplicationWatch watch;
  private final Thread thread =
      Thread.ofPlatform().name("replication watch").daemon(true).unstarted(this::run);
  private volatile boolean closed;

  WatchThread(NotificationQueue notifications, ReplicationWatch watch) {
    this.notifications = notifications;
    this.watch = watch;
  }

  void start() {
    thread.start();
  }

  private void run() {
    while (notifications.awaitListener() && !closed) {
      watch.look();
      try {
        Thread.sleep(PERIOD);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    notifications.close();
  }
}
