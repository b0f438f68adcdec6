package org.walstream.redo.recovery;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.walstream.file.FileErrors;
import org.walstream.file.FileLayer;
import org.walstream.file.OpenFile;
import org.walstream.redo.control.RecoveryPoint;
import org.walstream.wal.Lsn;
import org.walstream.wal.control.CheckPoint;
import org.walstream.wal.control.ControlFile;
import org.walstream.wal.control.DBState;
import org.walstream.wal.rmgr.XLogRmgrRecord;

/// pg_control while recovery runs: nobody else writes it. Each change is one write in place of the
/// whole file, durable before the method returns; what has no other place to be noted in PostgreSQL
/// either ([#noteNextXid]) waits for the next one.
///
/// `minRecoveryPoint` always moves to where replay is, not only to where it must: so it moves
/// seldom. In crash recovery it is 0 and stays so: all WAL there is must be replayed anyway.
///
/// After a failed write nothing is written any more: what the disk holds then is not known.
///
/// Counterpart of UpdateControlFile() and UpdateMinRecoveryPoint(),
/// src/backend/access/transam/xlog.c. Any thread may [#require]; all else is the thread's that
/// reads WAL.
public final class RecoveryControlFile implements RecoveryPoint, Closeable {

  /// Where the file is in a data directory.
  public static final String PATH = "global/pg_control";

  private final Path path;
  private final OpenFile file;
  private final RecoveryWal wal;

  /// The end of the record that is being replayed; its timeline changes only under the lock.
  private final AtomicLong replayEnd = new AtomicLong();

  /// What [#require] need not ask for again.
  private volatile long durablePoint;

  // All below is guarded by this.
  private int replayTimeline;
  private ControlFile control;
  private @Nullable IOException failure;

  private RecoveryControlFile(Path path, OpenFile file, ControlFile control, RecoveryWal wal) {
    this.path = path;
    this.file = file;
    this.control = control;
    this.wal = wal;
  }

  /// Reads the file and keeps it open.
  ///
  /// @param wal whose durability it waits for: `minRecoveryPoint` is never beyond it
  /// @throws IOException when it is not there, or is of a version or build that is not known here
  public static RecoveryControlFile open(FileLayer layer, Path dataDirectory, RecoveryWal wal)
      throws IOException {
    Path path = dataDirectory.resolve(PATH);
    ControlFile control = ControlFile.parse(Files.readAllBytes(path));
    return new RecoveryControlFile(path, layer.open(path), control, wal);
  }

  /// What it says now, but for what only waits to be written.
  public synchronized ControlFile current() {
    return control;
  }

  /// Writes what recovery begins with. Replay stands at `lsn` of `timeline`.
  synchronized void begin(ControlFile start, long lsn, int timeline) throws IOException {
    replayEnd.set(lsn);
    replayTimeline = timeline;
    write(start);
  }

  /// The record that ends here is about to be replayed.
  void replaying(long endLsn) {
    replayEnd.setRelease(endLsn);
  }

  /// The same of a record that belongs to another timeline than those before it.
  synchronized void replaying(long endLsn, int timeline) {
    replayTimeline = timeline;
    replayEnd.set(endLsn);
  }

  @Override
  public void require(long lsn) throws IOException {
    if (Lsn.isAfter(lsn, durablePoint)) {
      requireReplayed();
    }
  }

  /// Makes `minRecoveryPoint` where replay is.
  synchronized void requireReplayed() throws IOException {
    requireSound();
    long end = replayEnd.get();
    if (control.minRecoveryPoint() == 0) {
      durablePoint = -1; // in crash recovery: nothing to ask for
    } else if (Lsn.isAfter(end, control.minRecoveryPoint())) {
      write(control.withMinRecoveryPoint(end, replayTimeline));
    }
  }

  /// The backup that recovery began with is complete.
  synchronized void endOfBackup(long endLsn) throws IOException {
    write(atLeast(control, endLsn, replayTimeline).withBackupPoints(0, 0, false));
  }

  /// All WAL of the crashed server has been replayed; what comes now is from elsewhere.
  synchronized void enterArchiveRecovery(long endLsn) throws IOException {
    durablePoint = 0;
    write(atLeast(control, endLsn, replayTimeline).withState(DBState.IN_ARCHIVE_RECOVERY));
  }

  /// Takes over the settings of the primary: whoever reads the directory must have replayed at
  /// least as much as is valid for them.
  synchronized void changeParameters(XLogRmgrRecord.ParameterChange change) throws IOException {
    ControlFile.Parameters before = control.parameters();
    ControlFile changed =
        control.withParameters(
            new ControlFile.Parameters(
                change.walLevel().orElse(before.walLevel()),
                change.walLogHints(),
                change.maxConnections(),
                change.maxWorkerProcesses(),
                change.maxWalSenders(),
                change.maxPreparedXacts(),
                change.maxLocksPerXact(),
                change.trackCommitTimestamp()));
    write(
        control.minRecoveryPoint() == 0
            ? changed
            : atLeast(changed, change.record().endLsn(), replayTimeline));
  }

  /// Notes what the last checkpoint record says of the next transaction: goes to disk with the next
  /// write.
  synchronized void noteNextXid(long nextXid) {
    control =
        control.withCheckPoint(control.checkPointLsn(), control.checkPoint().withNextXid(nextXid));
  }

  /// Makes a checkpoint record the place where recovery begins from now on. All that WAL before its
  /// redo point does is durable.
  ///
  /// @param shutDown whether recovery ends with this
  synchronized void restartPoint(long lsn, long endLsn, CheckPoint checkPoint, boolean shutDown)
      throws IOException {
    ControlFile changed = control.withCheckPoint(lsn, checkPoint);
    if (control.state() == DBState.IN_ARCHIVE_RECOVERY) {
      changed = atLeast(changed, endLsn, checkPoint.timeline());
    }
    write(shutDown ? changed.withState(DBState.SHUTDOWNED_IN_RECOVERY) : changed);
  }

  /// Recovery ends, to go on another time.
  synchronized void shutDown() throws IOException {
    requireReplayed();
    write(control.withState(DBState.SHUTDOWNED_IN_RECOVERY));
  }

  /// The directory is a primary's that was shut down with this checkpoint, and needs no recovery.
  synchronized void shutDownAsPrimary(long lsn, CheckPoint checkPoint) throws IOException {
    write(
        control
            .withCheckPoint(lsn, checkPoint)
            .withMinRecoveryPoint(0, 0)
            .withBackupPoints(0, 0, false)
            .withState(DBState.SHUTDOWNED));
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  private static ControlFile atLeast(ControlFile control, long lsn, int timeline) {
    return Lsn.isBefore(control.minRecoveryPoint(), lsn)
        ? control.withMinRecoveryPoint(lsn, timeline)
        : control;
  }

  private void write(ControlFile changed) throws IOException {
    requireSound();
    if (Lsn.isAfter(changed.minRecoveryPoint(), control.minRecoveryPoint())) {
      wal.requireDurable(changed.minRecoveryPoint());
    }
    ControlFile dated = changed.withTime(System.currentTimeMillis() / 1000);
    try {
      file.write(ByteBuffer.wrap(dated.toBytes()), 0);
      file.force();
    } catch (IOException e) {
      failure =
          new IOException("could not write \"%s\": %s".formatted(path, FileErrors.reason(e)), e);
      throw failure;
    }
    control = dated;
    if (dated.minRecoveryPoint() != 0) {
      durablePoint = dated.minRecoveryPoint();
    }
  }

  private void requireSound() throws IOException {
    if (failure != null) {
      throw new IOException("nothing is written any more since: " + failure.getMessage(), failure);
    }
  }
}
