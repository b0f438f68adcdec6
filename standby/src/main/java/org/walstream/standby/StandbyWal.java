package org.walstream.standby;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.walstream.file.FileLayer;
import org.walstream.receive.ReceiveException;
import org.walstream.receive.ReceiveOptions;
import org.walstream.receive.WalPosition;
import org.walstream.receive.WalReceiverStatus;
import org.walstream.redo.recovery.RecoveryListener;
import org.walstream.redo.recovery.RecoveryPause;
import org.walstream.redo.recovery.RecoveryWal;
import org.walstream.standby.StandbySettings.Upstream;
import org.walstream.standby.supply.ArchivedWal;
import org.walstream.standby.supply.WalSupply;
import org.walstream.store.backfill.BackFill;
import org.walstream.store.segment.SegmentDirectory;
import org.walstream.store.segment.SegmentIdentity;
import org.walstream.store.segment.SegmentReader;
import org.walstream.wal.Lsn;
import org.walstream.wal.TimelineHistory;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalSegmentName;
import org.walstream.wal.WalSegmentSize;
import org.walstream.wal.machine.Machine;
import org.walstream.wal.record.ReadResult;
import org.walstream.wal.record.WalSegmentSource;
import org.walstream.wire.conninfo.LibpqEnvironment;
import org.walstream.wire.replication.HotStandbyFeedback;

/// The WAL of a standby: where it comes from, and where when that fails.
///
/// ```
///            ┌──────────────── retry interval ────────────────┐
///            ▼                                                │
///   archive, then pg_wal ──ends──▶ newer timeline? ──▶ stream ┘ broken, or WAL that is no good
///            │                                          │
///            └── promotion asked for: the end ◀─────────┘ (what has come is replayed first)
/// ```
///
/// While replay is held ([#held]) it is received all the same, in a new stream when one has broken:
/// a standby that is a day behind loses nothing of that day.
///
/// Replay follows what is *written*; before a page or pg_control rests on WAL, it is *flushed*
/// ([#requireDurable]).
///
/// Counterpart of WaitForWALToBecomeAvailable() and rescanLatestTimeLine(),
/// src/backend/access/transam/xlogrecovery.c. The replaying thread's, but for what says otherwise.
final class StandbyWal implements RecoveryWal, Closeable {

  /// The longest that replay is kept waiting before it may look at other matters.
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final String OUTDATED = "it is configured anew";

  private final FileLayer files;
  private final Supplier<StandbySettings> configured;
  private final long systemIdentifier;
  private final WalSegmentSize segmentSize;
  private final WalSupply supply;
  private final RecoveryListener listener;
  private final RecoveryPause pause;
  private final LongSupplier appliedLsn;
  private final Path pgWal;
  private final SegmentReader streamed;
  private final SpareSegments spares;
  private final CascadedWal cascaded;
  private final StandbyService service;
  private final ArchiveWork work;

  /// Whether there may always be more, or recovery ends with what there is.
  private final boolean endless;

  private volatile TimelineHistory history;

  /// What those below ask to be kept from cleaning.
  private volatile @Nullable HotStandbyFeedback feedback;

  /// Null while WAL is read from the archive and `pg_wal`.
  private volatile @Nullable Streaming streaming;

  /// Everything before it was durable before the stream began.
  private volatile long durableLsn;

  private volatile boolean promoting;
  private volatile boolean stopping;

  /// Whether the replaying thread has something to do besides: cleared when it goes to look.
  private volatile boolean woken;

  private volatile @Nullable Thread waiting;

  /// Whose positions `limitLsn` is of.
  private @Nullable PgWalWriter writer;

  private long limitLsn;
  private long reportedLsn;
  private long lastStreamNanos;
  private boolean hasStreamed;

  /// Where it is streamed from, and how.
  private @Nullable Upstream streamedFrom;

  /// The stream whose end has been told of while replay is held.
  private @Nullable Streaming ended;

  private String lastTold = "";

  /// The last segment that was read, and the last that was received.
  private @Nullable WalSegmentName readSegment;

  private volatile long receivedSegment;

  /// @param configured in force from now on
  /// @param endless whether there may always be more, or recovery ends with what there is
  /// @param service who else needs the WAL
  /// @param work what is done beside replay
  /// @param pause what calls replay away from waiting
  /// @param appliedLsn how far WAL is replayed; any thread
  StandbyWal(
      FileLayer files,
      Supplier<StandbySettings> configured,
      long systemIdentifier,
      WalSegmentSize segmentSize,
      WalSupply supply,
      boolean endless,
      StandbyService service,
      ArchiveWork work,
      RecoveryListener listener,
      RecoveryPause pause,
      LongSupplier appliedLsn)
      throws IOException {
    this.files = files;
    this.configured = configured;
    this.systemIdentifier = systemIdentifier;
    this.segmentSize = segmentSize;
    this.supply = supply;
    this.listener = listener;
    this.pause = pause;
    this.appliedLsn = appliedLsn;
    this.history = supply.history();
    this.pgWal = settings().dataDirectory().resolve("pg_wal");
    this.spares = new SpareSegments(files, pgWal, segmentSize);
    var directory = new SegmentDirectory(files, pgWal);
    this.streamed = SegmentReader.ofFinished(directory);
    var identity = new SegmentIdentity(systemIdentifier, segmentSize);
    this.cascaded =
        new CascadedWal(directory, identity, () -> history, archive(directory, identity));
    this.endless = endless;
    this.service = service;
    this.work = work;
  }

  private StandbySettings settings() {
    return configured.get();
  }

  private @Nullable BackFill archive(SegmentDirectory directory, SegmentIdentity identity)
      throws IOException {
    return settings().commands().restore().isEmpty()
        ? null
        : BackFill.into(
            pgWal,
            files,
            Machine.real(),
            identity,
            new ArchivedWal(() -> settings().commands().restore(), settings().dataDirectory()),
            () -> SegmentReader.ofFinished(directory));
  }

  String oldestNeeded() {
    return supply.oldestNeeded();
  }

  /// What may be sent on.
  CascadedWal cascaded() {
    return cascaded;
  }

  @Override
  public WalSegmentSource all() {
    WalSegmentSource archived = supply.all();
    return (segment, offset, into) -> {
      if (!segment.equals(readSegment)) {
        readSegment = segment;
        cascaded.replayed(appliedLsn.getAsLong());
        work.segmentCame();
      }
      return (streaming == null ? archived : streamed).read(segment, offset, into);
    };
  }

  @Override
  public WalSegmentSource own() {
    return supply.own();
  }

  @Override
  public TimelineHistory history() {
    return history;
  }

  @Override
  public long limitLsn() {
    return limitLsn;
  }

  @Override
  public boolean awaitMore(long lsn, ReadResult why) throws IOException {
    waiting = Thread.currentThread();
    cascaded.replayed(lsn);
    if (stopping) {
      return false;
    }
    Streaming stream = streaming;
    boolean more = stream == null ? endOfArchive(lsn, why) : awaitStreamed(stream, lsn, why);
    woken = false;
    return more;
  }

  // ---------------------------------------------------------------------------------------------
  // Archive and pg_wal

  private boolean endOfArchive(long lsn, ReadResult why) throws IOException {
    if (isPromoted()) {
      return false;
    }
    tell(lsn, why);
    supply.startAgain();
    if (!endless) {
      promoting = true; // the end of WAL is the end of recovery
      return false;
    }
    if (followNewest(lsn)) {
      return true;
    }
    Optional<Upstream> upstream = settings().upstream();
    if (upstream.isEmpty()) {
      rest(settings().retryInterval().toNanos());
      return !stopping;
    }
    if (hasStreamed) {
      rest(lastStreamNanos + settings().retryInterval().toNanos() - System.nanoTime());
    }
    if (stopping || promoting) {
      return promoting; // once more, and to the end
    }
    if (woken) {
      return true; // it is too early for the stream
    }
    stream(upstream.get(), lsn);
    return true;
  }

  /// Why another source is tried; not again and again.
  private void tell(long lsn, ReadResult why) {
    String text =
        "end of WAL in archive and pg_wal at %s%s"
            .formatted(
                Lsn.format(lsn),
                why instanceof ReadResult.EndOfRecords end ? ": " + end.reason().message() : "");
    if (!text.equals(lastTold)) {
      lastTold = text;
      listener.log(text);
    }
  }

  /// Looks for a timeline that has left ours.
  ///
  /// @return whether there is one to go on with
  private boolean followNewest(long lsn) throws IOException {
    if (!settings().timeline().equals(Optional.of(0))) {
      return false;
    }
    TimelineHistory newest = supply.newestHistory();
    if (newest.timeline().equals(history.timeline())) {
      return false;
    }
    String refusal = refusal(newest, lsn);
    if (refusal != null) {
      if (!refusal.equals(lastTold)) {
        lastTold = refusal;
        listener.log(refusal);
      }
      return false;
    }
    follow(newest);
    return true;
  }

  /// Why a timeline cannot be gone on with when everything before `lsn` has been replayed.
  private @Nullable String refusal(TimelineHistory newer, long lsn) {
    if (!newer.contains(history.timeline())) {
      return "new timeline %s is not a child of database system timeline %s"
          .formatted(newer.timeline(), history.timeline());
    }
    long end = newer.switchPoint(history.timeline()).orElse(lsn);
    if (Lsn.isBefore(end, lsn)) {
      return "new timeline %s forked off current database system timeline %s before current recovery point %s"
          .formatted(newer.timeline(), history.timeline(), Lsn.format(lsn));
    }
    return null;
  }

  private void follow(TimelineHistory newer) {
    history = newer;
    supply.follow(newer);
    listener.log("new target timeline is " + newer.timeline());
  }

  private void rest(long nanos) throws IOException {
    long deadline = System.nanoTime() + nanos;
    while (!isCalledAway() && !isPromoted() && deadline - System.nanoTime() > 0) {
      LockSupport.parkNanos(this, Math.min(LOOK_NANOS, deadline - System.nanoTime()));
    }
  }

  private boolean isCalledAway() {
    return stopping || promoting || woken || pause.state() == RecoveryPause.State.PAUSE_REQUESTED;
  }

  // ---------------------------------------------------------------------------------------------
  // Streaming

  /// @param lsn everything before it is here, and durable
  private void stream(Upstream upstream, long lsn) throws IOException {
    streamed.close();
    streamedFrom = upstream;
    durableLsn = lsn;
    writer = null;
    limitLsn = lsn;
    cascaded.streamBegins(lsn);
    var sink =
        new PgWalSink(
            files,
            pgWal,
            settings().archiveMode(),
            spares,
            this::flushed,
            new WalPosition(history.timelineOf(lsn), lsn),
            appliedLsn,
            this::followStreamed,
            this::wake);
    var next = new Streaming(options(upstream), sink, new ReceiverLog(), this::wake);
    streaming = next;
    HotStandbyFeedback news = feedback;
    if (news != null) {
      next.feedback(news);
    }
    next.start();
  }

  /// The flushing thread: so much may be sent on, and archived once it is whole.
  private void flushed(TimelineId timeline, long lsn) {
    cascaded.received(timeline, lsn);
    long segment = segmentSize.segmentNumber(lsn);
    if (segment != receivedSegment) {
      receivedSegment = segment;
      work.segmentCame();
    }
  }

  /// Passes on what those below ask to be kept from cleaning. Any thread.
  void feedback(HotStandbyFeedback fromBelow) {
    feedback = fromBelow;
    Streaming stream = streaming;
    if (stream != null) {
      stream.feedback(fromBelow);
    }
  }

  /// The receiver, if there is one. Any thread.
  Optional<WalReceiverStatus> receiver() {
    return Optional.ofNullable(streaming)
        .map(Streaming::status)
        .filter(status -> status.status() != WalReceiverStatus.Status.STOPPED);
  }

  private ReceiveOptions options(Upstream upstream) {
    ReceiveOptions.Builder options =
        ReceiveOptions.from(upstream.conninfo(), LibpqEnvironment.ofProcess(listener::warning))
            .synchronous(true)
            .strictHistory(true)
            .retry(false)
            .systemIdentifier(systemIdentifier)
            .temporarySlot(upstream.temporarySlot())
            .statusInterval(upstream.statusInterval())
            .receiverTimeout(upstream.timeout());
    upstream.slot().ifPresent(options::slot);
    return options.build();
  }

  /// The receiver's thread: the timeline that was streamed has ended.
  private void followStreamed(TimelineHistory newer) throws IOException {
    boolean wanted =
        settings().timeline().map(number -> number == 0).orElse(false)
            || history.contains(newer.timeline());
    if (!wanted) {
      throw new ReceiveException(
          "replication terminated by primary server: end of WAL reached on timeline "
              + history.timeline());
    }
    if (!history.contains(newer.timeline())) {
      String refusal = refusal(newer, appliedLsn.getAsLong());
      if (refusal != null) {
        throw new ReceiveException(refusal);
      }
      history = newer;
    }
  }

  private boolean awaitStreamed(Streaming stream, long lsn, ReadResult why) throws IOException {
    report(stream, lsn);
    if (isPromoted()) {
      endStream(stream, "received promote request");
      return true;
    }
    if (isOutdated()) {
      endStream(stream, OUTDATED);
      hasStreamed = false; // nothing is wrong: the next begins at once
      return true;
    }
    PgWalWriter current = stream.sink().writer();
    if (current != writer && current != null && isWrittenUpTo(lsn, stream, current)) {
      writer = current;
      streamed.close();
      limitLsn = current.written().lsn();
      return true;
    }
    if (why instanceof ReadResult.EndOfRecords end) {
      endStream(stream, end.reason().message());
      return true;
    }
    if (current != null
        && current.written().await(limitLsn, LOOK_NANOS, () -> isCalled(stream, current))) {
      limitLsn = current.written().lsn(); // all of it, whether or not the stream goes on
      return true;
    }
    if (current == null || current.written().isClosed()) {
      awaitNext(stream, current);
    }
    if (stream.hasEnded()) {
      endStream(stream, reason(stream));
    }
    return !stopping;
  }

  private static String reason(Streaming stream) throws IOException {
    Exception failure = stream.failure();
    return failure == null ? "the primary has ended the stream" : ReceiverLog.reason(failure);
  }

  /// A stream begins with the segment that `lsn` is in, and the reader with its first page: while
  /// that is not written yet, it may be zeros.
  private boolean isWrittenUpTo(long lsn, Streaming stream, PgWalWriter current)
      throws IOException {
    while (Lsn.isBefore(current.written().lsn(), lsn)) {
      if (stopping || promoting || current.written().isClosed()) {
        return false;
      }
      current
          .written()
          .await(lsn - 1, LOOK_NANOS, () -> stopping || promoting || stream.hasEnded());
    }
    return true;
  }

  private void report(Streaming stream, long lsn) {
    if (lsn != reportedLsn) {
      reportedLsn = lsn;
      stream.reportApplied();
    }
  }

  private boolean isCalled(Streaming stream, @Nullable PgWalWriter current) {
    return isCalledAway() || isOutdated() || stream.hasEnded() || stream.sink().writer() != current;
  }

  /// Whether WAL is to come from elsewhere than it does, or in another way.
  private boolean isOutdated() {
    return !settings().upstream().equals(Optional.ofNullable(streamedFrom));
  }

  /// Waits until the next timeline is streamed, or the first.
  private void awaitNext(Streaming stream, @Nullable PgWalWriter current) {
    long deadline = System.nanoTime() + LOOK_NANOS;
    while (!isCalled(stream, current) && deadline - System.nanoTime() > 0) {
      LockSupport.parkNanos(this, deadline - System.nanoTime());
    }
  }

  /// Goes back to the archive and `pg_wal`; what has come stands there, durable.
  private void endStream(Streaming stream, String why) throws IOException {
    stream.stop();
    stream.failure();
    streaming = null;
    cascaded.streamEnded();
    writer = null;
    limitLsn = 0;
    streamed.close();
    supply.follow(history);
    hasStreamed = true;
    lastStreamNanos = System.nanoTime();
    tellEnd(stream, why);
  }

  private void tellEnd(Streaming stream, String why) {
    if (stream.sink().writer() == null) {
      listener.warning("could not stream WAL from primary: " + why);
    } else {
      listener.log("streaming has ended: " + why);
    }
  }

  // ---------------------------------------------------------------------------------------------
  // While replay is held

  @Override
  public void held(long lsn) throws IOException {
    cascaded.replayed(lsn);
    Streaming stream = streaming;
    if (stream != null) {
      report(stream, lsn);
      boolean outdated = isOutdated();
      if (outdated) {
        stream.stop();
      }
      Optional<Upstream> upstream = settings().upstream();
      if (stream.hasEnded() && upstream.isPresent()) {
        receiveOn(stream, upstream.get(), outdated);
      }
    }
  }

  /// Replay may be held for long: WAL is received on from where it has come to.
  private void receiveOn(Streaming stream, Upstream upstream, boolean atOnce) throws IOException {
    if (stream != ended) {
      ended = stream;
      lastStreamNanos = System.nanoTime();
      tellEnd(stream, atOnce ? OUTDATED : reason(stream));
    }
    if (atOnce || System.nanoTime() - lastStreamNanos >= settings().retryInterval().toNanos()) {
      stream.stop();
      stream.failure();
      PgWalWriter last = stream.sink().writer();
      stream(upstream, last == null ? durableLsn : Lsn.max(durableLsn, last.written().lsn()));
    }
  }

  // ---------------------------------------------------------------------------------------------

  @Override
  public void requireDurable(long lsn) throws IOException {
    Streaming stream = streaming;
    if (stream == null || !Lsn.isAfter(lsn, durableLsn)) {
      return;
    }
    PgWalWriter current = stream.sink().writer();
    if (current != null) { // what XLOG_SWITCH passes over need not be written yet
      current.flush(Lsn.min(lsn, current.written().lsn()));
    }
  }

  /// Whether the end of what there is is the end of recovery. Any thread.
  boolean isPromoting() {
    return promoting;
  }

  /// Somebody has asked for it, or there is the file that asks for it.
  @Override
  public boolean isPromoted() throws IOException {
    Optional<Path> trigger = settings().promoteTriggerFile();
    if (!promoting && trigger.isPresent() && Files.exists(trigger.get())) {
      listener.log("promote trigger file found: " + trigger.get());
      files.delete(trigger.get());
      promoting = true;
    }
    return promoting;
  }

  /// The one behind the newest that anybody knows.
  @Override
  public Optional<TimelineId> newTimeline() throws IOException {
    Streaming stream = streaming;
    if (stream != null) {
      endStream(stream, "recovery ends");
    }
    supply.startAgain();
    return Optional.of(new TimelineId(supply.newestHistory().timeline().value() + 1));
  }

  @Override
  public void restartsAt(long redoLsn, int timeline) throws IOException {
    supply.neededFrom(redoLsn, timeline);
    long keepFrom = segmentSize.startOfSegment(Lsn.min(redoLsn, keepFrom(redoLsn)));
    cascaded.removeBefore(keepFrom);
    OldSegments.remove(files, pgWal, keepFrom, segmentSize, settings().archiveMode(), spares);
    work.restartsAt(supply.oldestNeeded());
  }

  /// Counterpart of KeepLogSeg(), src/backend/access/transam/xlog.c.
  private long keepFrom(long redoLsn) throws IOException {
    long endLsn = Lsn.max(redoLsn, Lsn.max(appliedLsn.getAsLong(), cascaded.receivedLsn()));
    long kept = settings().walKeepBytes();
    return Lsn.min(
        service.keepFrom(endLsn), Long.compareUnsigned(endLsn, kept) > 0 ? endLsn - kept : 0);
  }

  /// What has come is replayed, and then there is no more. Any thread.
  void promote() {
    promoting = true;
    wake();
  }

  /// Replay is to end where it is. Any thread.
  void stop() {
    stopping = true;
    wake();
  }

  /// Has replay look at what there is to be done.
  @Override
  public void wake() {
    woken = true;
    LockSupport.unpark(waiting);
  }

  /// Ends the connection to the primary; what has come is durable.
  @Override
  public void close() throws IOException {
    Streaming stream = streaming;
    try {
      if (stream != null) {
        stream.stop();
        stream.failure();
      }
    } finally {
      spares.close();
      streamed.close();
      supply.close();
    }
  }
}
