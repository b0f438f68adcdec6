package org.walstream.receive;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.walstream.receive.WalReceiverStatus.Status;
import org.walstream.store.WalLogFailedException;
import org.walstream.wal.Lsn;
import org.walstream.wal.PgTimestamp;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalSegmentSize;
import org.walstream.wal.machine.Machine;
import org.walstream.wal.record.WalVerifier;
import org.walstream.wire.PostgresException;
import org.walstream.wire.client.ServerShutdownException;
import org.walstream.wire.conninfo.ConnInfoException;
import org.walstream.wire.conninfo.ConnectionHost;
import org.walstream.wire.replication.HotStandbyFeedback;
import org.walstream.wire.transport.Network;
import org.walstream.wire.transport.StopSignal;
import org.walstream.wire.transport.Watchdog;

/// Streams WAL from an upstream into a [WalSink], for as long as it is wanted: connects, checks
/// whom it has reached, chooses where to begin, follows timelines, and when the stream breaks says
/// why and tries again.
///
/// ```
/// run ─▶ connect ─▶ check ─▶ begin ─▶ stream ──timeline ends──▶ begin
///          ▲                            │ broken, corrupt, refused
///          └────── wait retryInterval ◀─┘
/// ```
///
/// [#run] belongs to a platform thread of the caller's, since reading is its work; everything else
/// may be called from any thread.
///
/// Counterpart of WalReceiverMain(), src/backend/replication/walreceiver.c, and of StreamLog() with
/// its loop, src/bin/pg_basebackup/pg_receivewal.c.
public final class WalReceiver {

  /// How a run has ended.
  public enum Outcome {
    /// By [#stop].
    STOPPED,
    /// WAL has been received beyond [ReceiveOptions#endLsn].
    END_REACHED
  }

  private final Supplier<ReceiveOptions> settings;
  private final WalSink sink;
  private final ReceiveListener listener;
  private final Network network;
  private final Machine machine;
  private final StreamProgress progress;
  private final HistoryKeeper histories;
  private final ByteBuffer[] slots = StreamReader.newSlots();

  private volatile Status status = Status.STARTING;
  private volatile @Nullable StreamOrigin origin;

  /// Who sends, or sent last: between two attempts it is still told whose WAL is missed.
  private volatile @Nullable ConnectionHost sender;

  private volatile @Nullable ReplyWriter replies;
  private volatile @Nullable HotStandbyFeedback feedback;
  private volatile @Nullable String lastError;
  private volatile String conninfo = "";
  private volatile Optional<String> slotName = Optional.empty();

  /// Ends the present attempt, in whatever it is waiting. Raised and not stopping: there shall be
  /// another with the settings as they are then.
  private volatile StopSignal interruption = new StopSignal();

  private volatile boolean stopping;

  /// How many hosts of the upstream's list stand back, because one of them has sent corrupt WAL.
  private int hostsPassedOver;

  private boolean endReached;
  private boolean interruptionTold;

  /// A receiver with fixed options.
  public WalReceiver(ReceiveOptions options, WalSink sink, ReceiveListener listener) {
    this(() -> options, sink, listener, Network.real());
  }

  /// A receiver whose options may change: they are asked for at each attempt to connect.
  public WalReceiver(
      Supplier<ReceiveOptions> settings, WalSink sink, ReceiveListener listener, Network network) {
    this.settings = settings;
    this.sink = sink;
    this.listener = listener;
    this.network = network;
    this.machine = network.machine();
    this.progress = new StreamProgress(machine);
    this.histories = new HistoryKeeper(sink, listener);
  }

  /// Streams until [#stop], the end asked for, or a failure after which there is no point in going
  /// on.
  ///
  /// @throws WalLogFailedException when a write or an fsync has failed: nothing can be promised any
  ///   more
  /// @throws DisconnectedException for the first failure of any other kind, if the options say not
  ///   to try again
  public Outcome run() throws IOException {
    try {
      while (true) {
        interruption =
            new StopSignal(); // before the settings are read: none that come later are lost
        if (stopping) {
          interruption.raise();
        }
        Optional<Outcome> outcome = attempt(settings.get());
        if (outcome.isPresent()) {
          return outcome.get();
        }
      }
    } finally {
      status = Status.STOPPED;
    }
  }

  /// Ends the run: everything received is flushed and acknowledged first. Returns at once.
  public void stop() {
    stopping = true;
    interruption.raise();
  }

  /// Ends the present connection and makes a new one with the settings as they are now. Returns at
  /// once.
  public void reconnect() {
    interruption.raise();
  }

  /// Tells the upstream what our own standbys' queries still need. Returns at once.
  public void feedback(HotStandbyFeedback fromStandbys) {
    feedback = fromStandbys;
    ReplyWriter streaming = replies;
    if (streaming != null) {
      streaming.feedback(fromStandbys);
    }
  }

  /// Has the upstream told the sink's positions now instead of at the next occasion. Returns at
  /// once.
  public void reportPositions() {
    ReplyWriter streaming = replies;
    if (streaming != null) {
      streaming.positionsChanged();
    }
  }

  // ---------------------------------------------------------------------------------------------
  // One attempt

  /// @return empty when there shall be another
  private Optional<Outcome> attempt(ReceiveOptions options) throws IOException {
    Exception failure;
    try {
      connectAndStream(options);
      failure = new ReceiveException("replication stream was terminated");
    } catch (IOException | ConnInfoException e) {
      if (e instanceof WalLogFailedException failed && failed.isFinal()) {
        throw failed;
      }
      failure = e;
    } finally {
      sink.requestFlush();
    }
    if (endReached) {
      return Optional.of(Outcome.END_REACHED);
    }
    if (stopping) {
      return interrupted();
    }
    if (interruption.isRaised()) {
      return Optional.empty();
    }
    hostsPassedOver = isCorruption(failure) ? hostsPassedOver + 1 : 0;
    lastError = failure.getMessage();
    if (!options.retry()) {
      throw new DisconnectedException(failure);
    }
    listener.on(new ReceiveEvent.Disconnected(failure, options.retryInterval()));
    pause(options.retryInterval());
    return stopping ? interrupted() : Optional.empty();
  }

  private static boolean isCorruption(Throwable failure) {
    return failure instanceof CorruptWalException
        || (failure.getCause() != null && isCorruption(failure.getCause()));
  }

  private Optional<Outcome> interrupted() {
    tellInterrupted();
    return Optional.of(Outcome.STOPPED);
  }

  private void tellInterrupted() {
    if (!interruptionTold) {
      interruptionTold = true;
      listener.on(new ReceiveEvent.Interrupted());
    }
  }

  private void pause(Duration interval) {
    status = Status.WAITING;
    long deadline = machine.nanoTime() + interval.toNanos();
    Thread thread = Thread.currentThread();
    try (var _ = interruption.during(() -> LockSupport.unpark(thread))) {
      while (!interruption.isRaised() && deadline - machine.nanoTime() > 0) {
        machine.parkNanos(this, deadline - machine.nanoTime());
      }
    }
  }

  private void connectAndStream(ReceiveOptions options) throws IOException {
    status = Status.CONNECTING;
    conninfo = options.conninfo().toString();
    slotName = options.slot();
    try (var connected =
        ReplicationSession.connect(
            UpstreamHosts.beginningWith(hostsPassedOver, options.impatient()),
            options.environment(),
            interruption,
            network)) {
      sender = connected.client().host();
      progress.heard();
      connected.client().onNotice(diagnostic -> listener.on(new ReceiveEvent.Notice(diagnostic)));
      Optional<String> slot = inTime(connected, options, () -> slot(connected, options));
      slotName = slot;
      StreamOrigin start =
          inTime(connected, options, () -> checkAndChoose(connected, options, slot));
      listener.on(new ReceiveEvent.Started(start.startLsn(), start.timeline()));
      follow(connected, options, slot, start);
    }
  }

  private interface Step<T> {
    T run() throws IOException;
  }

  /// Has the sender answer within the receiver's timeout, and before somebody has enough; while
  /// streaming, both are [ReplyWriter]'s to watch.
  private <T> T inTime(ReplicationSession connected, ReceiveOptions options, Step<T> step)
      throws IOException {
    try (var _ = interruption.during(connected);
        var watchdog =
            new Watchdog(connected.client().transport(), options.receiverTimeout(), machine)) {
      try {
        return step.run();
      } catch (IOException e) {
        throw watchdog.hasBitten() ? new SocketTimeoutException(ReplyWriter.TIMED_OUT) : e;
      }
    }
  }

  private Optional<String> slot(ReplicationSession connected, ReceiveOptions options)
      throws IOException {
    if (!options.temporarySlot()) {
      return options.slot();
    }
    String name = "pg_walreceiver_" + ProcessHandle.current().pid();
    connected.createSlot(name, true, false);
    return Optional.of(name);
  }

  private StreamOrigin checkAndChoose(
      ReplicationSession connected, ReceiveOptions options, Optional<String> slot)
      throws IOException {
    SystemIdentification system = connected.identifySystem();
    UpstreamChecks.systemIdentifier(system, options.systemIdentifier());
    UpstreamChecks.walLevel(connected.show("wal_level"));
    WalSegmentSize segmentSize = connected.walSegmentSize();
    WalPosition start =
        StartPosition.choose(
            sink.resumePosition(system.systemIdentifier(), segmentSize),
            () -> slot.isPresent() ? connected.readSlot(slot.get()) : Optional.empty(),
            system,
            segmentSize);
    long reachedLsn =
        options.strictHistory() ? Lsn.max(sink.reachedLsn(), start.lsn()) : start.lsn();
    UpstreamChecks.history(histories.ofSender(connected, system.timeline()), start, reachedLsn);
    return new StreamOrigin(system.systemIdentifier(), segmentSize, start.timeline(), start.lsn());
  }

  // ---------------------------------------------------------------------------------------------
  // Streaming

  private void follow(
      ReplicationSession connected,
      ReceiveOptions options,
      Optional<String> slot,
      StreamOrigin start)
      throws IOException {
    StreamOrigin current = start;
    keepHistoryInTime(connected, options, current);
    while (true) {
      if (enough(options, current.startLsn(), current.timeline())) {
        return;
      }
      Optional<WalPosition> next = stream(connected, options, slot, current);
      if (interruption.isRaised() || endReached || next.isEmpty()) {
        return;
      }
      checkNext(current, next.get());
      current = current.onNext(next.get().timeline(), next.get().lsn());
      keepHistoryInTime(connected, options, current); // the sink's readers look at it
      sink.endTimeline(next.get().lsn(), next.get().timeline());
      listener.on(new ReceiveEvent.TimelineSwitched(next.get().timeline(), next.get().lsn()));
    }
  }

  private void keepHistoryInTime(
      ReplicationSession connected, ReceiveOptions options, StreamOrigin next) throws IOException {
    Step<Boolean> step =
        () -> {
          histories.keep(connected, next.timeline());
          if (options.strictHistory()) {
            histories.keepAncestors(connected, next);
          }
          return true;
        };
    inTime(connected, options, step);
  }

  private void beginAt(StreamOrigin next) throws IOException {
    StreamOrigin last = origin;
    if (last == null || !last.timeline().equals(next.timeline())) {
      progress.proven(next.startLsn());
    }
    sink.begin(next);
    origin = next;
  }

  private static void checkNext(StreamOrigin current, WalPosition next) throws ReceiveException {
    if (!current.timeline().isBefore(next.timeline())) {
      throw new ReceiveException(
          "server reported unexpected next timeline %s, following timeline %s"
              .formatted(next.timeline(), current.timeline()));
    }
  }

  private Optional<WalPosition> stream(
      ReplicationSession connected,
      ReceiveOptions options,
      Optional<String> slot,
      StreamOrigin current)
      throws IOException {
    // What is here goes on at once, for whoever reads it; where nothing is, something begins once
    // the server agrees to send it.
    boolean goesOn = sink.reachedLsn() != 0;
    if (goesOn) {
      beginAt(current);
    }
    Optional<WalPosition> next =
        inTime(connected, options, () -> connected.startReplication(current, slot));
    if (!goesOn) {
      beginAt(current);
    }
    if (next.isPresent()) {
      return next;
    }
    var writer =
        new ReplyWriter(
            connected.client().transport(),
            sink,
            progress,
            options.replies(),
            current.segmentSize(),
            machine);
    WalVerifier verifier = options.verifyWal() ? verifier(current) : null;
    var reader =
        new StreamReader(
            StreamInput.of(connected.client()),
            current,
            new Streaming(options, current, writer),
            verifier,
            slots);
    startReplies(writer);
    lastError = null;
    status = Status.STREAMING;
    boolean ended = false;
    try (var _ = interruption.during(writer::finish)) {
      reader.read();
      tellEnd(current, reader.nextLsn());
      writer.finish();
      next = connected.endReplication(progress::heard);
      ended = true;
      return next;
    } catch (PostgresException | ServerShutdownException e) {
      tellEnd(current, reader.nextLsn());
      throw StreamTerminatedException.of(e);
    } catch (IOException e) {
      throw StreamTerminatedException.of(reason(writer, e));
    } finally {
      replies = null;
      if (!ended) {
        connected.close(); // or a writer that is blocked would never let itself be joined
      }
      writer.abort();
      writer.join();
    }
  }

  /// Tells how the stream has ended: whether by our will, and whether within a segment.
  private void tellEnd(StreamOrigin current, long endLsn) {
    if (stopping && !endReached) {
      tellInterrupted();
    }
    if (current.segmentSize().offset(endLsn) != 0) {
      sink.unfinishedFile()
          .ifPresent(name -> listener.on(new ReceiveEvent.SegmentUnfinished(name)));
    }
  }

  private WalVerifier verifier(StreamOrigin current) throws IOException {
    var verifier =
        new WalVerifier(current.segmentSize(), current.systemIdentifier(), current.timeline());
    sink.lead(verifier, current);
    return verifier;
  }

  private void startReplies(ReplyWriter writer) {
    HotStandbyFeedback news = feedback;
    if (news != null) {
      writer.feedback(news);
    }
    replies = writer;
    writer.start();
  }

  /// When the thread that replies has ended the connection, it knows why; the reader only sees it
  /// closed.
  private static IOException reason(ReplyWriter writer, IOException seenByReader) {
    IOException failure = writer.failure();
    if (failure == null) {
      return seenByReader;
    }
    failure.addSuppressed(seenByReader);
    return failure;
  }

  private boolean enough(ReceiveOptions options, long lsn, TimelineId timeline) {
    if (options.endLsn().isPresent() && Lsn.isAfter(lsn, options.endLsn().getAsLong())) {
      endReached = true;
      listener.on(new ReceiveEvent.EndReached(lsn, timeline));
    }
    return endReached || interruption.isRaised();
  }

  /// What happens to a stream's WAL. On the reading thread.
  private final class Streaming implements StreamObserver {

    private final ReceiveOptions options;
    private final StreamOrigin current;
    private final ReplyWriter writer;

    Streaming(ReceiveOptions options, StreamOrigin current, ReplyWriter writer) {
      this.options = options;
      this.current = current;
      this.writer = writer;
    }

    @Override
    public void wal(long lsn, ByteBuffer wal, long provenLsn) throws IOException {
      long endLsn = lsn + wal.remaining();
      sink.append(lsn, wal);
      progress.proven(Lsn.max(progress.provenLsn(), provenLsn));
      if (options.synchronous()) {
        sink.requestFlush();
      }
      writer.appended();
      if (current.segmentSize().offset(endLsn) == 0) {
        listener.on(new ReceiveEvent.SegmentFinished(endLsn, current.timeline()));
      }
    }

    @Override
    public Optional<String> corrupt(long lsn, List<ByteBuffer> pieces) {
      return sink.quarantine(lsn, pieces);
    }

    @Override
    public void message(long walEndLsn, long sendTimeMicros) {
      progress.message(walEndLsn, sendTimeMicros);
    }

    @Override
    public void replyRequested() {
      writer.replyRequested();
    }

    @Override
    public boolean enough(long nextLsn) {
      return WalReceiver.this.enough(options, nextLsn, current.timeline());
    }
  }

  // ---------------------------------------------------------------------------------------------

  /// The state of things now, for pg_stat_wal_receiver.
  public WalReceiverStatus status() {
    StreamOrigin current = origin;
    Optional<ConnectionHost> host = Optional.ofNullable(sender);
    Optional<TimelineId> timeline = Optional.ofNullable(current).map(StreamOrigin::timeline);
    return new WalReceiverStatus(
        ProcessHandle.current().pid(),
        status,
        current == null ? 0 : current.startLsn(),
        timeline,
        sink.writtenLsn(),
        sink.flushedLsn(),
        timeline,
        time(progress.lastMessageSendTime()),
        time(progress.lastMessageReceiptTime()),
        progress.latestEndLsn(),
        time(progress.latestEndTime()),
        slotName,
        host.map(h -> h.host().isEmpty() ? h.hostaddr() : h.host()),
        host.map(ConnectionHost::port),
        conninfo,
        Optional.ofNullable(lastError));
  }

  private static Optional<Instant> time(long micros) {
    return micros == 0 ? Optional.empty() : Optional.of(PgTimestamp.instant(micros));
  }
}
