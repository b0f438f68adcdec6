package org.walstream.redo.recovery;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.walstream.wal.Lsn;
import org.walstream.wal.TimelineHistory;
import org.walstream.wal.TimelineId;
import org.walstream.wal.control.BackupLabel;
import org.walstream.wal.control.ControlFile;
import org.walstream.wal.control.DBState;
import org.walstream.wal.control.TablespaceMap;
import org.walstream.wal.control.WalLevel;

/// Where recovery begins, of which kind it is, and what pg_control becomes. Nothing is changed to
/// find that out.
///
/// ```
///   backup_label                                   its checkpoint; archive recovery
///   no label; how far WAL must go is known,        pg_control's; archive recovery
///     or the server was shut down
///   no label, nothing known: a server crashed      pg_control's; crash recovery with the WAL in
///                                                  pg_wal first, then archive recovery
/// ```
///
/// That archive recovery is wanted goes without saying here: who wants crash recovery alone starts
/// the server.
///
/// Counterpart of InitWalRecovery(), src/backend/access/transam/xlogrecovery.c.
///
/// @param label of the base backup that this is, if it has not been recovered yet
/// @param tablespaces the links to be made; only with a label
/// @param isArchiveRecovery false when crash recovery comes first
/// @param timeline that of the first record, unsigned
/// @param control what pg_control becomes
record RecoveryStart(
    Optional<BackupLabel> label,
    Optional<TablespaceMap> tablespaces,
    boolean isArchiveRecovery,
    StartingCheckPoint checkPoint,
    int timeline,
    ControlFile control) {

  private static final String LABEL_HINT =
      "If this is a base backup, give the WAL that was written while it was made (--wal,"
          + " --restore-command). If it is not, the file \"backup_label\" does not belong here: but"
          + " to remove it from a backup corrupts what is restored.";

  private static final String CONTROL_HINT =
      "Give the WAL that the server wrote from its last checkpoint on (--wal, --restore-command).";

  private static final String TIMELINE_HINT =
      "Choose another timeline (--timeline, recovery_target_timeline).";

  /// @param control what pg_control says now
  /// @param history what leads to the timeline that is wanted
  /// @param all reads all WAL there is
  /// @throws RecoveryException in PostgreSQL's words when recovery cannot begin
  static RecoveryStart find(
      Path dataDirectory,
      ControlFile control,
      TimelineHistory history,
      RecoveryReader all,
      RecoveryListener listener)
      throws IOException {
    if (control.parameters().walLevel() == WalLevel.MINIMAL) {
      throw minimalWal();
    }
    byte @Nullable [] labelFile = read(dataDirectory.resolve(BackupLabel.FILE_NAME));
    RecoveryStart start;
    if (labelFile == null) {
      int timeline = control.checkPoint().timeline();
      checkHistory("pg_control", control.checkPointLsn(), timeline, control, history);
      start = fromControlFile(control, all, listener);
    } else {
      BackupLabel label = BackupLabel.parse(labelFile);
      int timeline = label.timeline().value();
      checkHistory("backup_label", label.checkPointLsn(), timeline, control, history);
      start = fromLabel(dataDirectory, label, control, all, listener);
    }
    start.checkPoint.check();
    return start;
  }

  static RecoveryException minimalWal() {
    return new RecoveryException(
        "WAL was generated with \"wal_level=minimal\", cannot continue recovering",
        "This happens if you temporarily set \"wal_level=minimal\" on the server.",
        "Use a backup taken after setting \"wal_level\" to higher than \"minimal\".");
  }

  private static RecoveryStart fromLabel(
      Path dataDirectory,
      BackupLabel label,
      ControlFile control,
      RecoveryReader wal,
      RecoveryListener listener)
      throws IOException {
    if (label.incremental().isPresent()) {
      throw new RecoveryException(
          "this is an incremental backup, not a data directory",
          "Use pg_combinebackup to reconstruct a valid data directory.");
    }
    int timeline = label.timeline().value();
    listener.log(
        "starting backup recovery with redo LSN %s, checkpoint LSN %s, on timeline ID %s"
            .formatted(
                Lsn.format(label.startLsn()),
                Lsn.format(label.checkPointLsn()),
                Integer.toUnsignedString(timeline)));
    StartingCheckPoint checkPoint = checkPoint(wal, label.checkPointLsn(), LABEL_HINT, listener);
    byte @Nullable [] map = read(dataDirectory.resolve(TablespaceMap.FILE_NAME));
    return new RecoveryStart(
        Optional.of(label),
        map == null ? Optional.empty() : Optional.of(TablespaceMap.parse(map)),
        true,
        checkPoint,
        timeline,
        withBackup(label, control.state(), started(control, checkPoint, true)));
  }

  private static RecoveryStart fromControlFile(
      ControlFile control, RecoveryReader wal, RecoveryListener listener) throws IOException {
    boolean archive =
        control.minRecoveryPoint() != 0
            || control.backupEndRequired()
            || control.backupEndPoint() != 0
            || control.state() == DBState.SHUTDOWNED;
    if (control.backupStartPoint() != 0) {
      listener.log(
          "restarting backup recovery with redo LSN " + Lsn.format(control.backupStartPoint()));
    }
    StartingCheckPoint checkPoint =
        checkPoint(wal, control.checkPointLsn(), CONTROL_HINT, listener);
    return new RecoveryStart(
        Optional.empty(),
        Optional.empty(),
        archive,
        checkPoint,
        control.checkPoint().timeline(),
        started(control, checkPoint, archive));
  }

  private static StartingCheckPoint checkPoint(
      RecoveryReader wal, long lsn, String hint, RecoveryListener listener) throws IOException {
    StartingCheckPoint found = StartingCheckPoint.read(wal, lsn, listener);
    if (found == null) {
      throw new RecoveryException(
          "could not locate required checkpoint record at " + Lsn.format(lsn), hint);
    }
    if (!found.findsRedo(wal, listener)) {
      throw new RecoveryException(
          "could not find redo location %s referenced by checkpoint record at %s"
              .formatted(Lsn.format(found.checkPoint().redoLsn()), Lsn.format(lsn)),
          hint);
    }
    return found;
  }

  private static ControlFile started(
      ControlFile control, StartingCheckPoint checkPoint, boolean archive) {
    ControlFile started =
        control
            .withState(archive ? DBState.IN_ARCHIVE_RECOVERY : DBState.IN_CRASH_RECOVERY)
            .withCheckPoint(checkPoint.lsn(), checkPoint.checkPoint());
    long redo = checkPoint.checkPoint().redoLsn();
    return archive && Lsn.isBefore(control.minRecoveryPoint(), redo)
        ? started.withMinRecoveryPoint(redo, checkPoint.checkPoint().timeline())
        : started;
  }

  /// @param stateBefore what the control file of the backup says: of one that was taken from a
  ///   standby it must be in recovery
  private static ControlFile withBackup(BackupLabel label, DBState stateBefore, ControlFile started)
      throws RecoveryException {
    long end = started.backupEndPoint();
    if (label.isFromStandby()) {
      if (stateBefore != DBState.IN_ARCHIVE_RECOVERY
          && stateBefore != DBState.SHUTDOWNED_IN_RECOVERY) {
        throw new RecoveryException(
            "backup_label contains data inconsistent with control file",
            "This means that the backup is corrupted and you will have to use another backup for"
                + " recovery.");
      }
      end = started.minRecoveryPoint();
    }
    return started.withBackupPoints(
        started.checkPoint().redoLsn(), end, label.isBackupEndRequired());
  }

  /// Checkpoint and minimum recovery point must both be on the way to the timeline that is wanted.
  /// Looked at first: WAL is read along that way alone.
  ///
  /// @param file what says where the checkpoint is
  private static void checkHistory(
      String file, long lsn, int timeline, ControlFile control, TimelineHistory history)
      throws RecoveryException {
    if (timeline == 0) {
      throw new RecoveryException("invalid timeline 0 of the checkpoint in file \"" + file + "\"");
    }
    var own = new TimelineId(timeline);
    if (!history.contains(own)) {
      throw new RecoveryException(
          "requested timeline %s is not in this server's history".formatted(own), TIMELINE_HINT);
    }
    if (!history.timelineOf(lsn).equals(own)) {
      throw new RecoveryException(
          "requested timeline %s is not a child of this server's history"
              .formatted(history.timeline()),
          "Latest checkpoint in file \"%s\" is at %s on timeline %s, but in the history of the requested timeline, the server forked off from that timeline at %s."
              .formatted(
                  file, Lsn.format(lsn), own, Lsn.format(history.switchPoint(own).orElse(0))),
          TIMELINE_HINT);
    }
    long required = control.minRecoveryPoint();
    if (required != 0
        && history.timelineOf(required - 1).value() != control.minRecoveryPointTimeline()) {
      throw new RecoveryException(
          "requested timeline %s does not contain minimum recovery point %s on timeline %s"
              .formatted(
                  history.timeline(),
                  Lsn.format(required),
                  Integer.toUnsignedString(control.minRecoveryPointTimeline())),
          TIMELINE_HINT);
    }
  }

  private static byte @Nullable [] read(Path file) throws IOException {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException absent) {
      return null;
    }
  }
}
