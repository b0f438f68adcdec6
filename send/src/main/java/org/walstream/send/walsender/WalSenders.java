package org.walstream.send.walsender;

import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.walstream.send.ClientIdentity;
import org.walstream.send.SendSettings;
import org.walstream.send.guc.SessionParameters;
import org.walstream.store.ServedTimeline;
import org.walstream.store.ServedWal;
import org.walstream.wal.TimelineId;
import org.walstream.wal.machine.Machine;
import org.walstream.wire.SqlState;
import org.walstream.wire.server.ServerConnection;
import org.walstream.wire.server.ServerError;

/// All senders of a server: how many there may be, their common buffers, their time-outs, their
/// end.
///
/// Keepalives and time-outs are driven from one platform thread: a timer on a virtual thread is
/// late when all carriers are busy sending. It never writes to a socket itself, which might block;
/// it tells the sender to.
///
/// Thread-safe.
public final class WalSenders implements AutoCloseable {

  private static final long TICK_NANOS = 200_000_000;

  private final ServedWal store;
  private final Supplier<SendSettings> settings;
  private final SenderEvent.Listener events;
  private final WalBuffers buffers = new WalBuffers();

  /// In the order in which they have come; they seldom come and go.
  private final List<WalSender> active = new CopyOnWriteArrayList<>();

  private final Machine machine;
  private final Thread timer;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition removed = lock.newCondition();
  private volatile boolean stopping;
  private volatile boolean closed;

  public WalSenders(ServedWal store, Supplier<SendSettings> settings) {
    this(store, settings, SenderEvent.Listener.SILENT, Machine.real());
  }

  /// @param events is told of each sender's coming, states and end
  public WalSenders(
      ServedWal store,
      Supplier<SendSettings> settings,
      SenderEvent.Listener events,
      Machine machine) {
    this.store = store;
    this.settings = settings;
    this.events = events;
    this.machine = machine;
    this.timer = machine.platformThread("walsender timer", this::tickOnAndOn);
    timer.start();
  }

  /// A sender for a connection that may want to stream; it counts against `max_wal_senders` until
  /// it is [#remove]d.
  ///
  /// @throws ServerError if there are too many already
  public WalSender add(
      ClientIdentity client,
      SessionParameters parameters,
      ServerConnection connection,
      StandbyObserver observer)
      throws ServerError {
    var sender =
        new WalSender(
            client, parameters, connection, store, buffers, settings, observer, events, machine);
    active.add(sender);
    int limit = settings.get().maxWalSenders();
    if (active.size() > limit) {
      takeAway(sender);
      throw ServerError.fatal(
          SqlState.TOO_MANY_CONNECTIONS,
          "number of requested standby connections exceeds \"max_wal_senders\" (currently %d)"
              .formatted(limit));
    }
    events.on(new SenderEvent.Connected(sender));
    if (stopping) {
      sender.stop();
    }
    return sender;
  }

  /// Those that are connected now, for the views.
  public Collection<WalSender> active() {
    return List.copyOf(active);
  }

  public void remove(WalSender sender) {
    takeAway(sender);
    events.on(new SenderEvent.Ended(sender, sender.brokenBy()));
  }

  private void takeAway(WalSender sender) {
    lock.lock();
    try {
      active.remove(sender);
      removed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Streams as [WalSender#stream] does.
  ///
  /// @param timeline the timeline asked for
  /// @throws ServerError if the store has no such WAL
  public WalSender.StreamEnd stream(
      WalSender sender, ServedTimeline log, TimelineId timeline, long startLsn)
      throws IOException, ServerError {
    return sender.stream(WalRange.of(store, log, timeline, startLsn), startLsn);
  }

  /// Ends all streams: each standby gets what is left and confirms it, as far as it does so in
  /// time. No WAL may come any more by now.
  public void stop(Duration patience) throws InterruptedException {
    stopping = true;
    active.forEach(WalSender::stop);
    awaitNoneActive(patience.toNanos());
    active.forEach(WalSender::close);
  }

  private void awaitNoneActive(long patienceNanos) throws InterruptedException {
    lock.lock();
    try {
      long left = patienceNanos;
      while (!active.isEmpty() && left > 0) {
        left = removed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(timer);
    active.forEach(WalSender::close);
  }

  private void tickOnAndOn() {
    long next = machine.nanoTime() + TICK_NANOS;
    while (!closed) {
      long left = next - machine.nanoTime();
      if (left > 0) {
        machine.parkNanos(this, left);
      } else {
        next += TICK_NANOS;
        tick();
      }
    }
  }

  private void tick() {
    long now = machine.nanoTime();
    for (WalSender sender : active) {
      sender.tick(now);
    }
  }
}
