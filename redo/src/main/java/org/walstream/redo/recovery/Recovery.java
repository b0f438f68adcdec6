package org.walstream.redo.recovery;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import org.walstream.file.FileLayer;
import org.walstream.redo.RedoProfile;
import org.walstream.redo.control.ControlReplay;
import org.walstream.redo.relation.RelationFiles;
import org.walstream.redo.relation.RelationPaths;
import org.walstream.redo.relation.UnloggedRelations;
import org.walstream.redo.replay.PageReplay;
import org.walstream.redo.storage.DataFiles;
import org.walstream.wal.Lsn;
import org.walstream.wal.TimelineId;
import org.walstream.wal.control.ControlFile;
import org.walstream.wal.record.HistorySource;

/// Rolls a data directory that nobody uses forward, and leaves it in recovery, as a standby that
/// was shut down: a server, or another recovery, goes on from there, and signal files stay as they
/// are. Or it leaves a primary's, if the WAL says so ([RecoveryWal#newTimeline]).
///
/// ```java
/// var recovery = new Recovery(FileLayer.system(), RecoveryOptions.of(dataDirectory), wal, factory, listener);
/// Recovery.Result result = recovery.run();
/// ```
///
/// First everything is looked at and nothing changed; then, at whatever moment a crash comes, what
/// is on disk can be recovered by a server or by us.
///
/// Counterpart of StartupXLOG(), src/backend/access/transam/xlog.c, up to where a server would be
/// promoted.
public final class Recovery {

  private static final int OPEN_FILES = 512;

  /// A standby that keeps up leaves no more to be written at its promotion than has changed in so
  /// long. PostgreSQL's own writers have the kernel begin after half a megabyte.
  private static final Duration WRITE_PERIOD = Duration.ofSeconds(5);

  /// How far recovery came.
  ///
  /// @param endLsn the end of the last record replayed; 0 when it was stopped before it had begun
  /// @param timeline unsigned
  /// @param transactionTime TimestampTz of the last transaction's end; 0 when none was replayed
  /// @param isStopped whether it was asked to stop before its end
  /// @param isPrimary whether the directory is a primary's now, on a new timeline
  public record Result(
      long endLsn, int timeline, long transactionTime, boolean isStopped, boolean isPrimary) {}

  private final FileLayer layer;
  private final RecoveryOptions options;
  private final RecoveryWal wal;
  private final ReplayFactory factory;
  private final RecoveryListener listener;
  private final RecoveryPause pause;
  private final RecoveryProgress progress = new RecoveryProgress();
  private final RestartPointRequests requests = new RestartPointRequests();
  private volatile RecoveryOptions.Budget restartPointBudget;
  private volatile boolean stop;

  public Recovery(
      FileLayer layer,
      RecoveryOptions options,
      RecoveryWal wal,
      ReplayFactory factory,
      RecoveryListener listener) {
    this(layer, options, wal, factory, listener, new RecoveryPause());
  }

  /// @param pause by which others have replay stand still
  public Recovery(
      FileLayer layer,
      RecoveryOptions options,
      RecoveryWal wal,
      ReplayFactory factory,
      RecoveryListener listener,
      RecoveryPause pause) {
    this.layer = layer;
    this.options = options;
    this.restartPointBudget = options.restartPoints();
    this.wal = wal;
    this.factory = factory;
    this.listener = listener;
    this.pause = pause;
  }

  /// For another thread to look at.
  public RecoveryProgress progress() {
    return progress;
  }

  /// Has restart points be made so often from now on, whatever [RecoveryOptions#restartPoints]
  /// says. Any thread.
  public void restartPoints(RecoveryOptions.Budget budget) {
    restartPointBudget = budget;
    pause.wake();
  }

  /// Asks recovery to end after the record that it is at, in order. Any thread.
  public void stop() {
    stop = true;
    pause.wake();
  }

  /// Asks for a restart point at the last checkpoint that has been replayed. Any thread; returns at
  /// once.
  ///
  /// @return the request, for [#isRestartPointMade]
  public long requestRestartPoint() {
    long request = requests.ask();
    pause.wake();
    wal.wake();
    return request;
  }

  /// Whether it has been made, or there was none to make.
  public boolean isRestartPointMade(long request) {
    return requests.isAnswered(request);
  }

  /// Recovers. The data directory has been taken before ([PostmasterPid]).
  ///
  /// @throws RecoveryException when recovery cannot begin, which leaves the directory as it was; or
  ///   when it has ended elsewhere than it should
  /// @throws IOException when a record cannot be redone or a file not be written; the directory can
  ///   be recovered once the cause has gone
  public Result run() throws IOException {
    pause.begin();
    try (var controlFile = RecoveryControlFile.open(layer, options.dataDirectory(), wal)) {
      ControlFile before = controlFile.current();
      requireKnownLayout(before);
      var paths = new RelationPaths(options.dataDirectory(), before.format());
      var cleanup = new DirectoryCleanup(layer, paths);
      if (options
          .standby()) { // before there is somebody who receives: he is not to be cleaned away
        afterCrash(before, cleanup);
      }
      var all =
          RecoveryReader.ofAll(wal, before.layout().walSegmentSize(), before.systemIdentifier());
      RecoveryStart start;
      try {
        start = RecoveryStart.find(options.dataDirectory(), before, wal.history(), all, listener);
      } catch (RecoveryException e) {
        if (stop) { // nobody waits any more for what is not there
          return new Result(0, before.checkPoint().timeline(), 0, true, false);
        }
        throw e;
      }
      if (start.isArchiveRecovery() && !options.standby()) {
        ConsistencyScan.requireConsistent(start, wal, all, options.target());
      }
      try (var files = new DataFiles(layer, OPEN_FILES)) {
        if (!options.standby()) {
          afterCrash(before, cleanup);
        }
        begin(start, cleanup, controlFile, files, paths);
        return replay(start, controlFile, files, paths, all);
      }
    }
  }

  private static void requireKnownLayout(ControlFile control) throws RecoveryException {
    if (control.layout().blockBytes() != DataFiles.BLOCK_BYTES) {
      throw new RecoveryException(
          "the database cluster was initialized with BLCKSZ %d: expected %d"
              .formatted(control.layout().blockBytes(), DataFiles.BLOCK_BYTES),
          "Replay it with the server that was built for it.");
    }
  }

  private static void afterCrash(ControlFile before, DirectoryCleanup cleanup) throws IOException {
    if (!before.state().isShutDown()) {
      cleanup.removeTemporaryWal();
      cleanup.forceAll();
    }
  }

  /// From here on the directory changes.
  private void begin(
      RecoveryStart start,
      DirectoryCleanup cleanup,
      RecoveryControlFile controlFile,
      DataFiles files,
      RelationPaths paths)
      throws IOException {
    var backup = new BackupFiles(layer, options.dataDirectory());
    if (start.tablespaces().isPresent()) {
      backup.link(start.tablespaces().get());
    } else if (backup.putAsideLoneMap()) {
      listener.log("ignoring file \"tablespace_map\" because no file \"backup_label\" exists");
    }
    if (start.isArchiveRecovery()) {
      announce();
    } else {
      listener.log("database system was not properly shut down; automatic recovery in progress");
    }
    cleanup.removeLeftovers();
    controlFile.begin(start.control(), start.checkPoint().replayedLsn(), start.timeline());
    backup.putAside();
    new UnloggedRelations(files, paths).cleanUp();
  }

  /// A standby has said what it is.
  private void announce() {
    if (!options.standby()) {
      listener.log(options.target().announcement());
    }
  }

  private Result replay(
      RecoveryStart start,
      RecoveryControlFile controlFile,
      DataFiles files,
      RelationPaths paths,
      RecoveryReader all)
      throws IOException {
    ControlFile begun = controlFile.current();
    var relations = new RelationFiles(files, paths, begun.layout().relationSegmentBlocks());
    var cluster =
        new ReplayFactory.Cluster(
            options.dataDirectory(),
            profile(begun),
            begun,
            files,
            paths,
            relations,
            controlFile,
            options.walLogHints().orElse(begun.parameters().walLogHints()));
    try (PageReplay pages = factory.pages(cluster);
        var beside = // ends before the pages do, which it writes
            Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name("background writer").factory())) {
      ControlReplay control = factory.control(cluster, pages);
      var switches = new TimelineSwitches(wal::history, start.timeline());
      var consistency = new ConsistencyPoint(begun, start.isArchiveRecovery());
      var restartPoints =
          new RestartPoints(
              controlFile,
              pages,
              control,
              files,
              wal,
              listener,
              () -> restartPointBudget,
              System::nanoTime,
              new BackgroundWriter(
                  pages,
                  files,
                  wal::wake,
                  System::nanoTime,
                  beside,
                  options.standby() ? WRITE_PERIOD.toNanos() : Long.MAX_VALUE),
              requests);
      var hold = new ReplayHold(options, pause, wal, restartPoints, listener, Clock.systemUTC());
      var loop =
          new ReplayLoop(
              options,
              layer,
              controlFile,
              pages,
              control,
              consistency,
              switches,
              restartPoints,
              hold,
              listener,
              progress);
      loop.startAt(start.checkPoint().replayedLsn());
      ReplayLoop.End end = run(loop, start, begun, all);
      boolean promoted =
          switch (end) {
            case STOPPED -> false;
            case OF_WAL -> wal.isPromoted();
            case AT_TARGET -> consistency.isReached() && isPromotedAtTarget(loop);
          };
      boolean stopped = end == ReplayLoop.End.STOPPED || (stop && !promoted);
      restartPoints.makeLast();
      tell(loop);
      requireEnd(end, consistency);
      Optional<TimelineId> next = promoted ? wal.newTimeline() : Optional.empty();
      if (next.isPresent()) {
        long lastLsn = loop.lastLsn() == 0 ? start.checkPoint().lsn() : loop.lastLsn();
        new EndOfRecovery(layer, options.dataDirectory(), files, paths, controlFile, control)
            .makePrimary(
                next.get(),
                new HistorySource(wal.all(), begun.layout().walSegmentSize(), wal.history()),
                wal.history().upTo(new TimelineId(switches.timeline())),
                loop.endLsn(),
                lastLsn,
                loop.endReason(),
                listener);
      }
      return new Result(
          loop.endLsn(),
          next.map(TimelineId::value).orElse(switches.timeline()),
          progress.transactionTime(),
          stopped,
          next.isPresent());
    }
  }

  private ReplayLoop.End run(
      ReplayLoop loop, RecoveryStart start, ControlFile begun, RecoveryReader all)
      throws IOException {
    if (start.isArchiveRecovery()) {
      start.checkPoint().begin(all);
      return loop.run(all, options.target(), () -> stop);
    }
    var own = RecoveryReader.ofOwn(wal, begun.layout().walSegmentSize(), begun.systemIdentifier());
    start.checkPoint().begin(own);
    ReplayLoop.End end = loop.run(own, new RecoveryTarget.EndOfWal(), () -> stop);
    if (end == ReplayLoop.End.STOPPED) {
      return end;
    }
    loop.endOfCrashRecovery();
    announce();
    all.startAtRecord(loop.endLsn());
    return loop.run(all, options.target(), () -> stop);
  }

  /// @return whether the directory becomes a primary's where replay is
  private boolean isPromotedAtTarget(ReplayLoop loop) throws IOException {
    return switch (options.targetAction()) {
      case SHUTDOWN -> false;
      case PROMOTE -> true;
      case PAUSE -> {
        loop.holdAtTarget(() -> stop);
        yield !stop;
      }
    };
  }

  private RedoProfile profile(ControlFile control) {
    return options.minor() < 0
        ? RedoProfile.newest(control.format())
        : new RedoProfile(control.format(), options.minor());
  }

  private void tell(ReplayLoop loop) {
    if (loop.lastLsn() == 0) {
      listener.log("redo is not required");
      return;
    }
    listener.log("redo done at " + Lsn.format(loop.lastLsn()));
    if (progress.transactionTime() != 0) {
      listener.log(
          "last completed transaction was at log time "
              + RecoveryTarget.time(progress.transactionTime()));
    }
  }

  /// What has been replayed is safe by now.
  private void requireEnd(ReplayLoop.End end, ConsistencyPoint consistency)
      throws RecoveryException {
    if (end == ReplayLoop.End.STOPPED) {
      return;
    }
    if (!consistency.isReached() && end == ReplayLoop.End.AT_TARGET) {
      throw new RecoveryException(
          "requested recovery stop point is before consistent recovery point",
          "Choose a later target, or an older backup.");
    }
    if (!consistency.isReached()) {
      throw new RecoveryException(consistency.missing(), "Go on with the WAL that follows.");
    }
    if (end == ReplayLoop.End.OF_WAL && !options.target().equals(new RecoveryTarget.EndOfWal())) {
      throw new RecoveryException(
          "recovery ended before configured recovery target was reached",
          "Go on with the WAL that follows, or with another target.");
    }
  }
}
