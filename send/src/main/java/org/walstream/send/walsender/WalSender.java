package org.walstream.send.walsender;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.walstream.send.ClientIdentity;
import org.walstream.send.SendSettings;
import org.walstream.send.guc.SessionParameters;
import org.walstream.store.ServedWal;
import org.walstream.store.WalCursor;
import org.walstream.store.WalStoreException;
import org.walstream.wal.Lsn;
import org.walstream.wal.PgTimestamp;
import org.walstream.wal.TimelineId;
import org.walstream.wal.machine.Machine;
import org.walstream.wire.message.CommandComplete;
import org.walstream.wire.message.CopyBothResponse;
import org.walstream.wire.message.CopyData;
import org.walstream.wire.message.CopyDone;
import org.walstream.wire.message.CopyFormat;
import org.walstream.wire.message.Diagnostic;
import org.walstream.wire.message.ErrorResponse;
import org.walstream.wire.message.Frame;
import org.walstream.wire.message.ReadyForQuery;
import org.walstream.wire.replication.HotStandbyFeedback;
import org.walstream.wire.replication.PrimaryKeepalive;
import org.walstream.wire.replication.StandbyStatusUpdate;
import org.walstream.wire.replication.XLogData;
import org.walstream.wire.server.ServerConnection;

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

  /// How long a client may take to leave a broken stream.
  private static final long LEAVE_NANOS = 5_000_000_000L;

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
  private final SessionParameters parameters;
  private final ServerConnection connection;
  private final ServedWal store;
  private final WalBuffers buffers;
  private final Supplier<SendSettings> settings;
  private final StandbyObserver observer;
  private final SenderEvent.Listener events;
  private final Machine machine;
  private final LagTracker lag = new LagTracker();
  private final ByteBuffer walHeader = ByteBuffer.allocateDirect(WAL_HEADER_BYTES);
  private final ByteBuffer keepalive =
      ByteBuffer.allocateDirect(Frame.HEADER_LENGTH + PrimaryKeepalive.LENGTH);

  private @Nullable WalCursor cursor;

  private volatile WalSenderState state = WalSenderState.STARTUP;
  private volatile long sentLsn;

  /// The streaming thread's own count, and what others see of it.
  private long sentBytesSoFar;

  private volatile long sentBytes;

  private volatile Optional<HotStandbyFeedback> feedback = Optional.empty();
  private volatile StandbyProgress progress = StandbyProgress.NONE;
  private volatile long lastHeardNanos;
  private volatile @Nullable Thread streamer;

  /// Set by others to be handled by the streaming thread; they wake it by [#attention].
  private volatile boolean keepaliveDue;

  private volatile boolean replyDue;
  private volatile boolean standbyDone;
  private volatile boolean stopping;

  /// The client has been told of an error, when, and is to leave.
  private volatile boolean isBroken;

  private volatile long brokenNanos;

  /// The standby has said goodbye: what fails from now on is no failure.
  private volatile boolean leaves;

  /// Why the stream is over, unless it has been ended in order.
  private volatile String brokenBy = "";

  /// A reply was asked for and has not come.
  private volatile boolean waitingForReply;

  WalSender(
      ClientIdentity client,
      SessionParameters parameters,
      ServerConnection connection,
      ServedWal store,
      WalBuffers buffers,
      Supplier<SendSettings> settings,
      StandbyObserver observer,
      SenderEvent.Listener events,
      Machine machine) {
    this.client = client;
    this.parameters = parameters;
    this.connection = connection;
    this.store = store;
    this.buffers = buffers;
    this.settings = settings;
    this.observer = observer;
    this.events = events;
    this.machine = machine;
    this.lastHeardNanos = machine.nanoTime();
  }

  /// Who follows, by the name it gives itself now.
  public ClientIdentity client() {
    return client.withApplicationName(parameters.applicationName());
  }

  public WalSenderState state() {
    return state;
  }

  public long sentLsn() {
    return sentLsn;
  }

  /// How much WAL the standby has been sent since it connected.
  public long sentBytes() {
    return sentBytes;
  }

  /// Why the stream is over, if it has not been ended in order; empty otherwise.
  String brokenBy() {
    return brokenBy;
  }

  private void moveTo(WalSenderState next) {
    if (state != next) {
      state = next;
      events.on(new SenderEvent.StateChanged(this, next));
    }
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

  /// Sends `range` from `startLsn` on, from CopyBothResponse to the CopyDone of both sides. A start
  /// beyond what is here waits for it (a standby may be ahead of a relay that has crashed).
  ///
  /// @throws EOFException if the stream broke; the client has been told, and has gone
  StreamEnd stream(WalRange range, long startLsn) throws IOException {
    Optional<WalRange.End> end = range.end();
    if (end.isPresent() && !Lsn.isBefore(startLsn, end.get().switchLsn())) {
      return new TimelineEnded(end.get().next(), end.get().switchLsn()); // nothing to stream
    }
    begin(startLsn);
    Thread listener =
        machine.virtualThread("standby listener", new StandbyListener(connection, this));
    listener.start();
    try {
      StreamEnd streamEnd = sendAll(range);
      finish(streamEnd, listener);
      return streamEnd;
    } catch (WalStoreException broken) {
      throw tellAndLeave(broken, listener);
    } catch (IOException lost) {
      noteBroken("could not send data to client: " + lost.getMessage());
      throw lost;
    } finally {
      streamer = null;
      state = WalSenderState.STARTUP;
      closeCursor();
    }
  }

  private void begin(long startLsn) throws IOException {
    connection.send(new CopyBothResponse(CopyFormat.REPLICATION));
    connection.flush();
    sentLsn = startLsn;
    standbyDone = false;
    waitingForReply = false;
    keepaliveDue = false;
    replyDue = false;
    lastHeardNanos = machine.nanoTime();
    moveTo(WalSenderState.CATCHUP);
    streamer = Thread.currentThread();
  }

  private StreamEnd sendAll(WalRange range) throws IOException {
    Optional<WalRange.End> end = Optional.empty();
    while (true) {
      end = end.isPresent() ? end : range.end();
      if (standbyDone) {
        return end.<StreamEnd>map(WalSender::ended).orElseGet(StandbyDone::new);
      }
      if (keepaliveDue || replyDue) {
        sendKeepalive();
      }
      SendSettings now = settings.get();
      long limit = range.limit(now);
      if (end.isPresent()) {
        limit = Lsn.min(limit, end.get().switchLsn());
      }
      if (Lsn.isBefore(sentLsn, limit)) {
        if (isHere(range)) {
          sendSome(range, limit);
        }
      } else if (end.isPresent() && !Lsn.isBefore(sentLsn, end.get().switchLsn())) {
        return ended(end.get());
      } else if (stopping) {
        return new NodeStopping();
      } else {
        awaitMore(range, now);
      }
    }
  }

  private static TimelineEnded ended(WalRange.End end) {
    return new TimelineEnded(end.next(), end.switchLsn());
  }

  private void awaitMore(WalRange range, SendSettings now) throws IOException {
    if (!Lsn.isAfter(sentLsn, range.limit(now))) {
      moveTo(WalSenderState.STREAMING); // else it waits for WAL that we do not have yet ourselves
    }
    if (!range.await(sentLsn, now, this::attention) && range.isOver() && range.end().isEmpty()) {
      while (!attention()) {
        LockSupport.park(
            this); // the store was closed: only the node's or the standby's end is left
      }
    }
  }

  private void sendSome(WalRange range, long limit) throws IOException {
    ByteBuffer wal = buffers.borrow();
    try {
      long start = sentLsn;
      long end = MessageBounds.end(start, limit, range.segmentSize());
      wal.limit((int) (end - start));
      read(range, start, wal);
      wal.flip();
      long now = machine.nanoTime();
      walHeader.clear();
      Frame.putHeader(walHeader, CopyData.TAG, XLogData.HEADER_LENGTH + wal.remaining());
      XLogData.encodeHeader(walHeader, start, limit, PgTimestamp.micros(machine.now()));
      connection.transport().write(new ByteBuffer[] {walHeader.flip(), wal});
      sentLsn = end;
      sentBytesSoFar += end - start;
      sentBytes = sentBytesSoFar;
      lag.sent(end, now);
    } finally {
      buffers.giveBack(wal);
    }
  }

  private void read(WalRange range, long start, ByteBuffer wal) throws WalStoreException {
    try {
      cursor(range).readFully(start, wal);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /// Waits for WAL older than ours, which is fetched from upstream.
  ///
  /// @return false when something else is to be done before it has come
  private boolean isHere(WalRange range) throws WalStoreException {
    try {
      return cursor(range).await(sentLsn, this::attention) || stopping;
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private static WalStoreException unreadable(IOException e) {
    return e instanceof WalStoreException told
        ? told
        : new WalStoreException("could not read WAL: " + e.getMessage(), e);
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
    new PrimaryKeepalive(sentLsn, PgTimestamp.micros(machine.now()), askForReply).encode(keepalive);
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

  /// Before the node goes, the standby says that it has everything. Ends at the latest when the
  /// server closes the connection.
  private void awaitConfirmation() throws IOException {
    moveTo(WalSenderState.STOPPING);
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

  /// Tells the client what broke the stream, and stays until it has gone: a connection that is
  /// closed while the client still talks may lose what it was told.
  private EOFException tellAndLeave(WalStoreException broken, Thread listener) throws IOException {
    Diagnostic told = WalRefusal.of(broken);
    String message = told.message();
    LOG.info("{}@{}: ERROR: {}", client.user(), client.hostOrLocal(), message);
    brokenNanos = machine.nanoTime();
    brokenBy = message;
    isBroken = true;
    connection.send(new ErrorResponse(told));
    connection.send(ReadyForQuery.IDLE);
    connection.flush();
    join(listener);
    close();
    return new EOFException(message);
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
    long now = machine.nanoTime();
    lastHeardNanos = now;
    waitingForReply = false;
    boolean flushed = update.flushedLsn() != progress.flushedLsn();
    progress = StandbyProgress.of(update);
    lag.reached(LagTracker.Stage.WRITE, update.writtenLsn(), now);
    lag.reached(LagTracker.Stage.FLUSH, update.flushedLsn(), now);
    lag.reached(LagTracker.Stage.APPLY, update.appliedLsn(), now);
    observer.confirmed(update);
    if (flushed) {
      events.on(new SenderEvent.Flushed(this));
    }
    if (update.replyRequested()) {
      replyDue = true;
      wake();
    } else if (state == WalSenderState.STOPPING) {
      wake();
    }
  }

  void heard(HotStandbyFeedback feedback) {
    lastHeardNanos = machine.nanoTime();
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
    if (isBroken && nowNanos - brokenNanos > LEAVE_NANOS) {
      close();
      return;
    }
    long timeoutNanos =
        parameters.walSenderTimeoutMs(settings.get().walSenderTimeoutMs()) * 1_000_000;
    if (timeoutNanos == 0 || streamer == null) {
      return;
    }
    long silentNanos = nowNanos - lastHeardNanos;
    if (silentNanos >= timeoutNanos) {
      LOG.info("terminating walsender process due to replication timeout");
      broken("replication timeout");
    } else if (silentNanos >= timeoutNanos / 2 && !waitingForReply && !keepaliveDue) {
      keepaliveDue = true;
      wake();
    }
  }

  /// The stream cannot go on: cuts the connection.
  void broken(String reason) {
    noteBroken(reason);
    close();
  }

  private void noteBroken(String reason) {
    if (brokenBy.isEmpty() && !stopping && !leaves) {
      brokenBy = reason;
    }
  }

  /// The standby says goodbye.
  void leave() {
    leaves = true;
    close();
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
