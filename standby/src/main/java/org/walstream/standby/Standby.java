package org.walstream.standby;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.walstream.file.FileLayer;
import org.walstream.file.PatientFiles;
import org.walstream.receive.WalReceiverStatus;
import org.walstream.redo.recovery.PostmasterPid;
import org.walstream.redo.recovery.Recovery;
import org.walstream.redo.recovery.RecoveryControlFile;
import org.walstream.redo.recovery.RecoveryException;
import org.walstream.redo.recovery.RecoveryListener;
import org.walstream.redo.recovery.RecoveryOptions;
import org.walstream.redo.recovery.RecoveryPause;
import org.walstream.redo.recovery.RecoveryProgress;
import org.walstream.redo.recovery.ReplayFactory;
import org.walstream.standby.supply.ArchiveMode;
import org.walstream.standby.supply.Archiver;
import org.walstream.standby.supply.ArchiverStatus;
import org.walstream.standby.supply.RecoveryCommand;
import org.walstream.standby.supply.RestoreCommand;
import org.walstream.standby.supply.TargetTimeline;
import org.walstream.standby.supply.WalPlacement;
import org.walstream.standby.supply.WalSupply;
import org.walstream.wal.Lsn;
import org.walstream.wal.TimelineHistory;
import org.walstream.wal.control.ControlFile;
import org.walstream.wire.replication.HotStandbyFeedback;

/// A standby: recovers a data directory from its archive and its `pg_wal`, then from what it
/// streams, and so on, until it is stopped or promoted. Or, with `recovery.signal` alone, recovers
/// from its archive and its `pg_wal` to the end of WAL, which makes a primary of it.
///
/// ```java
/// var standby = new Standby(FileLayer.system(), settings, new ParallelReplay(pool, 2, false), listener);
/// Recovery.Result end = standby.run(); // stop(), promote() from other threads
/// ```
///
/// Counterpart of a server's startup process where a signal file is.
public final class Standby {

  /// Makes a directory a standby's.
  public static final String STANDBY_SIGNAL = "standby.signal";

  /// Has a directory be recovered from its archive.
  public static final String RECOVERY_SIGNAL = "recovery.signal";

  private final FileLayer files;
  private volatile StandbySettings settings;
  private final ReplayFactory factory;
  private final RecoveryListener listener;
  private final RecoveryPause pause = new RecoveryPause();

  /// Written under the lock.
  private volatile boolean stopping;

  // Guarded by this.
  private @Nullable StandbyWal wal;
  private @Nullable RestoreCommand restore;
  private @Nullable Recovery recovery;
  private @Nullable ArchiveWork work;
  private boolean promoting;

  public Standby(
      FileLayer files, StandbySettings settings, ReplayFactory factory, RecoveryListener listener) {
    this.files = files;
    this.settings = settings;
    this.factory = factory;
    this.listener = listener;
  }

  /// Takes the directory and replays until [#stop] or [#promote]. A platform thread's.
  ///
  /// @throws RecoveryException when recovery cannot begin or go on, in PostgreSQL's words
  /// @throws IOException when a record cannot be redone or a file not be written; the directory can
  ///   be recovered once the cause has gone
  public Recovery.Result run() throws IOException {
    return run(StandbyService.NONE);
  }

  /// The same, while others are served from it.
  public Recovery.Result run(StandbyService service) throws IOException {
    Path data = settings.dataDirectory();
    try (var pid = PostmasterPid.take(data)) {
      boolean endless = isEndless(data);
      ControlFile control =
          ControlFile.parse(Files.readAllBytes(data.resolve(RecoveryControlFile.PATH)));
      listener.log(endless ? "entering standby mode" : settings.recovery().target().announcement());
      RestoreCommand restore = restoreCommand(data);
      var placement =
          new WalPlacement(
              files, data, List.of(), restore, settings.archiveMode(), control, endless, listener);
      TimelineHistory history =
          TargetTimeline.choose(placement, settings.timeline(), control.timeline());
      try (ArchiveWork work = archiveWork(data);
          StandbyWal source =
              wal(control, new WalSupply(placement, history), endless, service, work)) {
        return serve(service, pid, control, source);
      }
    }
  }

  private Recovery.Result serve(
      StandbyService service, PostmasterPid pid, ControlFile control, StandbyWal source)
      throws IOException {
    PostmasterPid.Listening where = service.begin(control, source.cascaded());
    boolean promoted = false;
    try {
      Recovery.Result end = recovery(source, new StartedListener(listener, pid, where)).run();
      promoted = end.isPrimary();
      if (promoted) {
        leaveToTheArchiver(end, control, source);
      }
      return end;
    } finally {
      source.cascaded().close();
      service.end(promoted);
    }
  }

  private void leaveToTheArchiver(Recovery.Result end, ControlFile control, StandbyWal source)
      throws IOException {
    Path data = settings.dataDirectory();
    new RecoveryCommand(
            "recovery_end_command", () -> settings.commands().recoveryEnd(), data, listener)
        .runOrDie(source.oldestNeeded());
    PromotedWal.mark(
        files,
        data.resolve("pg_wal"),
        settings.archiveMode(),
        end,
        control.layout().walSegmentSize());
  }

  /// @return whether there may always be more, or recovery ends with what there is
  private boolean isEndless(Path data) throws RecoveryException {
    if (Files.exists(data.resolve(STANDBY_SIGNAL))) {
      return true;
    }
    if (!Files.exists(data.resolve(RECOVERY_SIGNAL))) {
      throw new RecoveryException(
          "data directory \"%s\" is not a standby's".formatted(data),
          "There is no file \"%s\" in it, and no \"%s\"."
              .formatted(STANDBY_SIGNAL, RECOVERY_SIGNAL),
          "Make the first if this is to be a standby; to recover it once use walstream replay.");
    }
    if (settings.commands().restore().isEmpty()) {
      throw new RecoveryException(
          "must specify \"restore_command\" when standby mode is not enabled");
    }
    return false;
  }

  private ArchiveWork archiveWork(Path data) {
    var cleanup =
        new RecoveryCommand(
            "archive_cleanup_command", () -> settings.commands().archiveCleanup(), data, listener);
    Archiver started = null;
    if (settings.archiveMode() == ArchiveMode.ALWAYS) {
      started =
          new Archiver(
              files, data, () -> settings.commands().archive(), listener, Clock.systemUTC());
      started.start();
    }
    var made = new ArchiveWork(cleanup, started, listener);
    synchronized (this) {
      work = made;
    }
    return made;
  }

  private synchronized @Nullable RestoreCommand restoreCommand(Path data) {
    if (!stopping) {
      restore = new RestoreCommand(() -> settings.commands().restore(), data);
    }
    return restore;
  }

  private synchronized StandbyWal wal(
      ControlFile control,
      WalSupply supply,
      boolean endless,
      StandbyService service,
      ArchiveWork archiveWork)
      throws IOException {
    var source =
        new StandbyWal(
            files,
            () -> settings,
            control.systemIdentifier(),
            control.layout().walSegmentSize(),
            supply,
            endless,
            service,
            archiveWork,
            listener,
            pause,
            this::appliedLsn);
    wal = source;
    if (promoting) {
      source.promote();
    }
    if (stopping) {
      source.stop();
    }
    return source;
  }

  private synchronized Recovery recovery(StandbyWal source, RecoveryListener heard) {
    RecoveryOptions options = settings.recovery().withStandby(true);
    var patient = new PatientFiles(files, () -> stopping, heard::warning);
    var made = new Recovery(patient, options, source, factory, heard, pause);
    recovery = made;
    if (stopping) {
      made.stop();
    }
    return made;
  }

  private long appliedLsn() {
    RecoveryProgress progress = progress();
    return progress == null ? 0 : progress.appliedLsn();
  }

  /// Takes what a server takes from its files while it runs: where WAL comes from, commands,
  /// `recovery_min_apply_delay` and the like. A stream from elsewhere is ended, and begun anew. Any
  /// thread.
  public synchronized void reconfigure(StandbySettings next) {
    settings = settings.reloaded(next);
    pause.delay(settings.recovery().minApplyDelay());
    if (recovery != null) {
      recovery.restartPoints(settings.recovery().restartPoints());
    }
    if (work != null) {
      work.segmentCame(); // archive_command may be a better one
    }
    if (wal != null) {
      wal.wake();
    }
  }

  /// How far replay is; null before it has begun to begin.
  public synchronized @Nullable RecoveryProgress progress() {
    return recovery == null ? null : recovery.progress();
  }

  /// The connection to the primary; empty while there is none.
  public Optional<WalReceiverStatus> receiver() {
    StandbyWal source = source();
    return source == null ? Optional.empty() : source.receiver();
  }

  /// What it is at, in a line: `replayed 0/5000060; streaming, 0/5000060 flushed, 0 bytes behind`.
  public String activity() {
    RecoveryPause.State state = pauseState();
    String paused = state == RecoveryPause.State.NOT_PAUSED ? "" : ", " + state;
    String stream = receiver().map(WalReceiverStatus::summary).orElse("no stream");
    return "replayed %s%s; %s".formatted(Lsn.format(appliedLsn()), paused, stream);
  }

  /// What is archived here; empty unless `archive_mode` is `always`.
  public synchronized Optional<ArchiverStatus> archiver() {
    return work == null ? Optional.empty() : work.archiver();
  }

  /// Has the primary told what those below ask to be kept from cleaning.
  public void feedback(HotStandbyFeedback fromBelow) {
    StandbyWal source = source();
    if (source != null) {
      source.feedback(fromBelow);
    }
  }

  private synchronized @Nullable StandbyWal source() {
    return wal;
  }

  /// Whether the end of what there is ends the standby.
  public synchronized boolean isPromoting() {
    return promoting || (wal != null && wal.isPromoting());
  }

  /// Has replay stand still before its next record; WAL is received all the same. Returns at once.
  public synchronized void pauseReplay() {
    pause.request();
    if (wal != null) {
      wal.wake();
    }
  }

  /// Lets replay go on; from its target, to the end of the standby. Returns at once.
  public void resumeReplay() {
    pause.resume();
  }

  /// Asks for a restart point at the last checkpoint that has been replayed. Returns at once.
  ///
  /// @return whether it has been made, or there was none to make; asked again and again
  public synchronized BooleanSupplier requestRestartPoint() {
    Recovery asked = recovery;
    if (asked == null) {
      return () -> true; // nothing has been replayed
    }
    long request = asked.requestRestartPoint();
    return () -> asked.isRestartPointMade(request);
  }

  public RecoveryPause.State pauseState() {
    return pause.state();
  }

  /// Asks for an end where replay is, with all that has come on disk: the directory stays a
  /// standby's. Returns at once.
  public synchronized void stop() {
    stopping = true;
    if (restore != null) {
      restore.stop();
    }
    if (recovery != null) {
      recovery.stop();
    }
    if (wal != null) {
      wal.stop();
    }
  }

  /// Asks for the end of the standby: nothing more is received, what has come is replayed. Returns
  /// at once.
  public synchronized void promote() {
    promoting = true;
    if (wal != null) {
      wal.promote();
    }
  }
}
