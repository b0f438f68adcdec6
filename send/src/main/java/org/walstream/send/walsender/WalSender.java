package org.walstream.send.walsender;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.walstream.send.ClientIdentity;
import org.walstream.send.SendSettings;
import org.walstream.store.WalCursor;
import org.walstream.store.WalRemovedException;
import org.walstream.store.WalStore;
import org.walstream.wal.Lsn;
import org.walstream.wal.PgTimestamp;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalSegmentName;
import org.walstream.wire.SqlState;
import org.walstream.wire.message.CommandComplete;
import org.walstream.wire.message.CopyBothResponse;
import org.walstream.wire.message.CopyData;
import org.walstream.wire.message.CopyDone;
import org.walstream.wire.message.Frame;
import org.walstream.wire.replication.HotStandbyFeedback;
import org.walstream.wire.replication.PrimaryKeepalive;
import org.walstream.wire.replication.StandbyStatusUpdate;
import org.walstream.wire.replication.XLogData;
import org.walstream.wire.server.ServerConnection;
import org.walstream.wire.server.ServerError;

/// Sends WAL to one standby, from the position it asked for and for as long as it listens.
///
/// ```
/// STARTUP ─▶ CATCHUP ─▶ STREAMING ─▶ (end of timeline: CopyDone) or (node stops: STOPPING)
///               ▲           │
///               └───────────┘  never back: a standby that falls behind again is still STREAMING, as in PostgreSQL
/// ```
///
/// The session's thread runs [#stream] and alone writes; [StandbyListener], on a thread of its own,
/// hears what the standby says and wakes this one through [#attention]. A standby that does not
/// read stops its own sender in a socket write and nobody else.
///
/// Counterpart of WalSndLoop() and XLogSendPhysical(), walsender.c.
public final class WalSender {

  private static final Logger LOG = LoggerFactory.getLogger(WalSender.class);
  private static final int WAL_HEADER_BYTES = Frame.HEADER_LENGTH + XLogData.HEADER_LENGTH;

  /// Why a stream ended.
  public sealed interface StreamEnd {}

  /// All of the timeline has been sent, and here is the next.
  public record TimelineEnded(TimelineId next, long switchLsn) implements StreamEnd {}

  /// The standby has had enough.
  public record StandbyDone() implements StreamEnd {}

  /// The node stops, and the standby has everything.
  public record NodeStopping() implements StreamEnd {}

  private final ClientIdentity client;
  private final ServerConnection connection;
  private final WalStore store;
  private final WalBuffers buffers;
  private final Supplier<SendSettings> settings;
  private final StandbyObserver observer;
  private final LagTracker lag = new LagTracker();
  private final ByteBuffer walHeader = ByteBuffer.allocateDirect(WAL_HEADER_BYTES);
  private final ByteBuffer keepalive =
      ByteBuffer.allocateDirect(Frame.HEADER_LENGTH + PrimaryKeepalive.LENGTH);

  private @Nullable WalCursor cursor;

  private volatile WalSenderState state = WalSenderState.STARTUP;
  private volatile long sentLsn;
  private volatile Optional<HotStandbyFeedback> feedback = Optional.empty();
  private volatile StandbyProgress progress = StandbyProgress.NONE;
  private volatile long lastHeardNanos = System.nanoTime();
  private volatile @Nullable Thread streamer;

  /// Set by others to be handled by the streaming thread; they wake it by [#attention].
  private volatile boolean keepaliveDue;

  private volatile boolean replyDue;
  private volatile boolean standbyDone;
  private volatile boolean stopping;

  /// A reply was asked for and has not come.
  private volatile boolean waitingForReply;

  WalSender(
      ClientIdentity client,
      ServerConnection connection,
      WalStore store,
      WalBuffers buffers,
      Supplier<SendSettings> settings,
      StandbyObserver observer) {
    this.client = client;
    this.connection = connection;
    this.store = store;
    this.buffers = buffers;
    this.settings = settings;
    this.observer = observer;
  }

  public ClientIdentity client() {
    return client;
  }

  public WalSenderState state() {
    return state;
  }

  public long sentLsn() {
    return sentLsn;
  }

  public StandbyProgress progress() {
    return progress;
  }

  /// What the standby asked last to be kept from cleaning, if it did.
  public Optional<HotStandbyFeedback> feedback() {
    return feedback;
  }

  /// Nanoseconds, or -1 when unknown.
  public long writeLagNanos() {
    return lag.nanos(LagTracker.Stage.WRITE);
  }

  public long flushLagNanos() {
    return lag.nanos(LagTracker.Stage.FLUSH);
  }

  public long applyLagNanos() {
    return lag.nanos(LagTracker.Stage.APPLY);
  }

  /// Sends `range` from `startLsn` on, from CopyBothResponse to the CopyDone of both sides.
  ///
  /// @throws ServerError if WAL that is asked for is not here any more
  StreamEnd stream(WalRange range, long startLsn) throws IOException, ServerError {
    try {
      sentLsn = startLsn;
      connection.send(new CopyBothResponse(false, 0));
      connection.flush();
      state = WalSenderState.CATCHUP;
      lastHeardNanos = System.nanoTime();
      streamer = Thread.currentThread();
      Thread listener =
          Thread.ofVirtual().name("standby listener").start(new StandbyListener(connection, this));
      StreamEnd end = sendAll(range);
      finish(end, listener);
      return end;
    } catch (WalRemovedException removed) {
      throw removed(range, sentLsn);
    } finally {
      streamer = null;
      closeCursor();
    }
  }

  private StreamEnd sendAll(WalRange range) throws IOException {
    while (true) {
      if (standbyDone) {
        return new StandbyDone();
      }
      if (keepaliveDue || replyDue) {
        sendKeepalive();
      }
      SendSettings now = settings.get();
      long limit = range.limit(now);
      if (Lsn.isBefore(sentLsn, limit)) {
        sendSome(range, limit);
        continue;
      }
      Optional<WalRange.End> end = range.end();
      if (end.isPresent() && !Lsn.isBefore(sentLsn, end.get().switchLsn())) {
        return new TimelineEnded(end.get().next(), end.get().switchLsn());
      }
      if (stopping) {
        return new NodeStopping();
      }
      if (state == WalSenderState.CATCHUP) {
        state = WalSenderState.STREAMING;
      }
      range.await(sentLsn, now, this::attention);
    }
  }

  private void sendSome(WalRange range, long limit) throws IOException {
    ByteBuffer wal = buffers.borrow();
    try {
      long start = sentLsn;
      long end = MessageBounds.end(start, limit, range.segmentSize());
      wal.limit((int) (end - start));
      while (wal.hasRemaining()) {
        cursor(range).read(start + wal.position(), wal);
      }
      wal.flip();
      long now = System.nanoTime();
      walHeader.clear();
      Frame.putHeader(walHeader, CopyData.TAG, XLogData.HEADER_LENGTH + wal.remaining());
      XLogData.encodeHeader(walHeader, start, limit, PgTimestamp.micros(Instant.now()));
      connection.transport().write(new ByteBuffer[] {walHeader.flip(), wal});
      sentLsn = end;
      lag.sent(end, now);
    } finally {
      buffers.giveBack(wal);
    }
  }

  /// Opened when there is something to read: a standby may have asked for WAL that is not here yet.
  private WalCursor cursor(WalRange range) throws IOException {
    WalCursor open = cursor;
    if (open == null) {
      open = store.cursor(range.timeline(), sentLsn);
      cursor = open;
    }
    return open;
  }

  private void closeCursor() throws IOException {
    if (cursor != null) {
      cursor.close();
      cursor = null;
    }
  }

  private void sendKeepalive() throws IOException {
    boolean askForReply = keepaliveDue;
    keepaliveDue = false;
    replyDue = false;
    waitingForReply |= askForReply;
    keepalive.clear();
    Frame.putHeader(keepalive, CopyData.TAG, PrimaryKeepalive.LENGTH);
    new PrimaryKeepalive(sentLsn, PgTimestamp.micros(Instant.now()), askForReply).encode(keepalive);
    connection.transport().write(keepalive.flip());
  }

  /// Ends the copy on both sides.
  private void finish(StreamEnd end, Thread listener) throws IOException {
    if (end instanceof NodeStopping) {
      awaitConfirmation();
      connection.send(new CommandComplete("COPY 0"));
      connection.flush();
      return;
    }
    connection.send(CopyDone.INSTANCE);
    connection.flush();
    while (!standbyDone && listener.isAlive()) {
      LockSupport.park(this);
    }
    join(listener);
  }

  /// R17: before the node goes, the standby says that it has everything. Ends at the latest when
  /// the server closes the connection.
  private void awaitConfirmation() throws IOException {
    state = WalSenderState.STOPPING;
    keepaliveDue = true;
    while (!standbyDone && connection.transport().isOpen()) {
      if (keepaliveDue || replyDue) {
        sendKeepalive();
      }
      StandbyProgress now = progress;
      long confirmed = now.flushedLsn() != 0 ? now.flushedLsn() : now.writtenLsn();
      if (!Lsn.isBefore(confirmed, sentLsn)) {
        return;
      }
      LockSupport.park(this);
    }
  }

  private static void join(Thread listener) throws IOException {
    try {
      listener.join();
    } catch (InterruptedException e) {
      throw new IOException("interrupted while the standby ends the copy", e);
    }
  }

  private static ServerError removed(WalRange range, long lsn) {
    String segment =
        WalSegmentName.containing(range.timeline(), lsn, range.segmentSize()).fileName();
    return ServerError.error(
        SqlState.UNDEFINED_FILE, "requested WAL segment " + segment + " has already been removed");
  }

  private boolean attention() {
    return keepaliveDue || replyDue || standbyDone || stopping;
  }

  private void wake() {
    LockSupport.unpark(streamer);
  }

  // What follows is called by other threads.

  /// The standby has reported.
  void heard(StandbyStatusUpdate update) {
    long now = System.nanoTime();
    lastHeardNanos = now;
    waitingForReply = false;
    progress = StandbyProgress.of(update);
    lag.reached(LagTracker.Stage.WRITE, update.writtenLsn(), now);
    lag.reached(LagTracker.Stage.FLUSH, update.flushedLsn(), now);
    lag.reached(LagTracker.Stage.APPLY, update.appliedLsn(), now);
    observer.confirmed(update);
    if (update.replyRequested()) {
      replyDue = true;
      wake();
    } else if (state == WalSenderState.STOPPING) {
      wake();
    }
  }

  void heard(HotStandbyFeedback feedback) {
    lastHeardNanos = System.nanoTime();
    waitingForReply = false;
    this.feedback = Optional.of(feedback);
    observer.feedback(feedback);
  }

  /// The standby has ended its side of the copy, or is gone.
  void standbyDone() {
    standbyDone = true;
    wake();
  }

  /// The node stops: send what is left, have it confirmed, end.
  void stop() {
    stopping = true;
    wake();
  }

  /// Called now and then by the server's timer.
  void tick(long nowNanos) {
    long timeoutNanos = settings.get().walSenderTimeoutMs() * 1_000_000;
    if (timeoutNanos == 0 || streamer == null) {
      return;
    }
    long silentNanos = nowNanos - lastHeardNanos;
    if (silentNanos >= timeoutNanos) {
      LOG.info("terminating walsender process due to replication timeout");
      close();
    } else if (silentNanos >= timeoutNanos / 2 && !waitingForReply && !keepaliveDue) {
      keepaliveDue = true;
      wake();
    }
  }

  /// Cuts the connection: whatever its threads do on it fails.
  public void close() {
    try {
      connection.close();
    } catch (IOException e) {
      LOG.debug("could not close a standby's connection", e);
    }
    wake();
  }
}
