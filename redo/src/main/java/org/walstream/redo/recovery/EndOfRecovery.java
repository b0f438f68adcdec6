package org.walstream.redo.recovery;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.walstream.file.FileLayer;
import org.walstream.redo.control.ControlReplay;
import org.walstream.redo.relation.RelationPaths;
import org.walstream.redo.relation.UnloggedRelations;
import org.walstream.redo.storage.DataFiles;
import org.walstream.wal.Lsn;
import org.walstream.wal.TimelineHistory;
import org.walstream.wal.TimelineId;
import org.walstream.wal.control.CheckPoint;
import org.walstream.wal.control.ControlFile;
import org.walstream.wal.record.WalSource;

/// Makes of a directory that was recovered, and is on disk, the directory of a primary that was
/// shut down: a server that is started on it has nothing to recover. What each step leaves when it
/// is the last one done can be recovered as before, or is the end:
///
/// ```
///   prepared transactions, unlogged relations    as a server makes them
///   the new timeline's segment, its history      WAL that whoever recovers here will find
///   pg_control                                   shut down, on the new timeline
///   standby.signal, recovery.signal              away
/// ```
///
/// Counterpart of the last third of StartupXLOG(), src/backend/access/transam/xlog.c.
final class EndOfRecovery {

  private static final List<String> SIGNALS = List.of("standby.signal", "recovery.signal");

  private final FileLayer layer;
  private final Path dataDirectory;
  private final DataFiles files;
  private final RelationPaths paths;
  private final RecoveryControlFile controlFile;
  private final ControlReplay control;

  EndOfRecovery(
      FileLayer layer,
      Path dataDirectory,
      DataFiles files,
      RelationPaths paths,
      RecoveryControlFile controlFile,
      ControlReplay control) {
    this.layer = layer;
    this.dataDirectory = dataDirectory;
    this.files = files;
    this.paths = paths;
    this.controlFile = controlFile;
    this.control = control;
  }

  /// @param next the timeline to begin
  /// @param replayed the WAL that recovery has read
  /// @param history of the timeline on which replay has ended
  /// @param endLsn where it has ended; all before it is on disk
  /// @param lastLsn where the last record starts
  /// @param reason why it has ended there, for the history file
  void makePrimary(
      TimelineId next,
      WalSource replayed,
      TimelineHistory history,
      long endLsn,
      long lastLsn,
      String reason,
      RecoveryListener listener)
      throws IOException {
    control.writePreparedTransactions(endLsn);
    new UnloggedRelations(files, paths).initialize();
    files.sync();
    ControlFile recovered = controlFile.current();
    Path pgWal = dataDirectory.resolve("pg_wal");
    var timeline = new NewTimeline(layer, pgWal, replayed, recovered);
    long recordLsn = timeline.recordLsn(endLsn);
    CheckPoint checkPoint =
        control
            .checkPoint(recovered.checkPoint())
            .asShutDown(
                recordLsn,
                next.value(),
                history.timeline().value(),
                recovered.parameters().walLevel(),
                System.currentTimeMillis() / 1000);
    timeline.write(history.branch(next, endLsn, reason), endLsn, lastLsn, checkPoint);
    controlFile.shutDownAsPrimary(recordLsn, checkPoint);
    for (String signal : SIGNALS) {
      Files.deleteIfExists(dataDirectory.resolve(signal));
    }
    layer.forceDirectory(dataDirectory);
    NonParentSegments.remove(layer, pgWal, endLsn, next, recovered.layout().walSegmentSize());
    listener.log(
        "selected new timeline ID: %s, which begins at %s".formatted(next, Lsn.format(endLsn)));
  }
}
