package org.walstream.standby;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.walstream.file.FileLayer;
import org.walstream.redo.recovery.PostmasterPid;
import org.walstream.redo.recovery.Recovery;
import org.walstream.redo.recovery.RecoveryControlFile;
import org.walstream.redo.recovery.RecoveryException;
import org.walstream.redo.recovery.RecoveryListener;
import org.walstream.redo.recovery.RecoveryOptions;
import org.walstream.redo.recovery.RecoveryPause;
import org.walstream.redo.recovery.RecoveryProgress;
import org.walstream.redo.recovery.ReplayFactory;
import org.walstream.standby.supply.RestoreCommand;
import org.walstream.standby.supply.TargetTimeline;
import org.walstream.standby.supply.WalPlacement;
import org.walstream.standby.supply.WalSupply;
import org.walstream.wal.TimelineHistory;
import org.walstream.wal.control.ControlFile;

/// A standby: recovers a data directory from its archive and its `pg_wal`, then from what it
/// streams, and so on, until it is stopped or promoted.
///
/// ```java
/// var standby = new Standby(FileLayer.system(), settings, new ParallelReplay(pool, 2, false), listener);
/// Recovery.Result end = standby.run(); // stop(), promote() from other threads
/// ```
///
/// Counterpart of a server's startup process with `standby.signal`.
public final class Standby {

  /// Makes a directory a standby's.
  public static final String STANDBY_SIGNAL = "standby.signal";

  private final FileLayer files;
  private final StandbySettings settings;
  private final ReplayFactory factory;
  private final RecoveryListener listener;
  private final RecoveryPause pause = new RecoveryPause();

  // Guarded by this.
  private @Nullable StandbyWal wal;
  private @Nullable RestoreCommand restore;
  private @Nullable Recovery recovery;
  private boolean stopping;
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
    Path data = settings.dataDirectory();
    try (var _ = PostmasterPid.take(data)) {
      requireStandby(data);
      ControlFile control =
          ControlFile.parse(Files.readAllBytes(data.resolve(RecoveryControlFile.PATH)));
      listener.log("entering standby mode");
      RestoreCommand restore = restoreCommand(data);
      var placement =
          new WalPlacement(files, data, List.of(), restore, settings.archiveMode(), control);
      TimelineHistory history =
          TargetTimeline.choose(placement, settings.timeline(), control.timeline());
      try (StandbyWal source = wal(control, new WalSupply(placement, history))) {
        Recovery.Result end = recovery(source).run();
        if (end.isPrimary()) {
          PromotedWal.mark(
              files,
              data.resolve("pg_wal"),
              settings.archiveMode(),
              end,
              control.layout().walSegmentSize());
        }
        return end;
      }
    }
  }

  private static void requireStandby(Path data) throws RecoveryException {
    if (!Files.exists(data.resolve(STANDBY_SIGNAL))) {
      throw new RecoveryException(
          "data directory \"%s\" is not a standby's".formatted(data),
          "There is no file \"%s\" in it.".formatted(STANDBY_SIGNAL),
          "Make it if this is to be a standby; to recover it once use walstream replay.");
    }
  }

  private synchronized @Nullable RestoreCommand restoreCommand(Path data) {
    if (!settings.restoreCommand().isEmpty() && !stopping) {
      restore = new RestoreCommand(settings.restoreCommand(), data);
    }
    return restore;
  }

  private synchronized StandbyWal wal(ControlFile control, WalSupply supply) {
    var source =
        new StandbyWal(
            files,
            settings,
            control.systemIdentifier(),
            control.layout().walSegmentSize(),
            supply,
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

  private synchronized Recovery recovery(StandbyWal source) {
    RecoveryOptions options = settings.recovery().withStandby(true);
    var made = new Recovery(files, options, source, factory, listener, pause);
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

  /// How far replay is; null before it has begun to begin.
  public synchronized @Nullable RecoveryProgress progress() {
    return recovery == null ? null : recovery.progress();
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
