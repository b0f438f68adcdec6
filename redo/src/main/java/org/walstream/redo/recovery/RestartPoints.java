package org.walstream.redo.recovery;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.walstream.redo.control.ControlReplay;
import org.walstream.redo.replay.PageReplay;
import org.walstream.redo.storage.DataFiles;
import org.walstream.wal.Lsn;
import org.walstream.wal.control.CheckPoint;
import org.walstream.wal.rmgr.XLogRmgrRecord;

/// Where recovery would begin again after a crash, and how that moves on. It can only be the redo
/// point of a checkpoint: from there on WAL has an image of every page that it changes first, so a
/// page that a crash has torn does not matter. Which checkpoint and when is our own choice.
///
/// Before a checkpoint's record C takes over, everything that WAL before its redo point does must
/// be durable:
///
/// ```
///   minRecoveryPoint   where replay is: nothing on disk is newer
///   pages, replication origins, SLRUs    written
///   files, then directories              forced
///   transactions prepared before C.redo  written and forced
///   pg_control         checkPoint = C
///   WAL before C.redo  may go
/// ```
///
/// Most of that is done beside replay: when it is time, changed pages are written, and files are
/// forced by another thread. Replay stands still once that has ended, for what has changed
/// meanwhile.
///
/// A checkpoint that has been replayed while pages were missing is no candidate: beginning there,
/// recovery would not learn that they had been missed.
///
/// Counterpart of RecoveryRestartPoint() and CreateRestartPoint(),
/// src/backend/access/transam/xlog.c. The thread's that reads WAL.
final class RestartPoints {

  /// Records between two looks at the clock.
  private static final int PATIENCE = 4096;

  /// @param endLsn the end of its record
  private record Candidate(long lsn, long endLsn, CheckPoint checkPoint) {}

  private final RecoveryControlFile controlFile;
  private final PageReplay pages;
  private final ControlReplay control;
  private final DataFiles files;
  private final RecoveryWal wal;
  private final RecoveryListener listener;
  private final Supplier<RecoveryOptions.Budget> budget;
  private final LongSupplier nanoTime;
  private final Executor beside;
  private final RestartPointRequests requests;

  private @Nullable Candidate candidate;

  /// Forces files, until a restart point has come of it.
  private @Nullable FutureTask<Boolean> forcing;

  private long lastRedoLsn;
  private long lastNanos;
  private int records;

  /// @param budget in force from now on
  /// @param beside does what replay does not wait for
  /// @param requests who wants one at once
  RestartPoints(
      RecoveryControlFile controlFile,
      PageReplay pages,
      ControlReplay control,
      DataFiles files,
      RecoveryWal wal,
      RecoveryListener listener,
      Supplier<RecoveryOptions.Budget> budget,
      LongSupplier nanoTime,
      Executor beside,
      RestartPointRequests requests) {
    this.controlFile = controlFile;
    this.pages = pages;
    this.control = control;
    this.files = files;
    this.wal = wal;
    this.listener = listener;
    this.budget = budget;
    this.nanoTime = nanoTime;
    this.beside = beside;
    this.requests = requests;
    this.lastRedoLsn = controlFile.current().checkPoint().redoLsn();
    this.lastNanos = nanoTime.getAsLong();
  }

  /// A checkpoint's record has been replayed.
  void replayed(XLogRmgrRecord.Checkpoint record) throws IOException {
    CheckPoint checkPoint = record.checkPoint();
    controlFile.noteNextXid(checkPoint.nextXid());
    control.settle();
    pages.drain();
    if (!pages.hasInvalidPages()) {
      candidate = new Candidate(record.record().lsn(), record.record().endLsn(), checkPoint);
    }
  }

  /// Makes a restart point if it is time for one. Called after every record.
  void makeIfDue(long replayedLsn) throws IOException {
    makeIfAsked();
    if (candidate != null && (forcing != null || isDue(replayedLsn))) {
      makeOnceForced();
    }
  }

  /// The same when there is time to look at the clock.
  void makeIfTime() throws IOException {
    makeIfAsked();
    if (candidate != null && (forcing != null || timeIsUp())) {
      makeOnceForced();
    }
  }

  private void makeIfAsked() throws IOException {
    if (requests.isAny()) {
      long request = requests.last();
      endForcing();
      make();
      requests.answer(request);
    }
  }

  private void makeOnceForced() throws IOException {
    FutureTask<Boolean> task = forcing;
    if (task == null) {
      pages.write();
      task =
          new FutureTask<>(() -> {
            files.sync();
            return true;
          });
      forcing = task;
      beside.execute(task);
    }
    if (task.isDone()) {
      endForcing();
      make();
    }
  }

  /// @throws IOException when something could not be forced
  private void endForcing() throws IOException {
    FutureTask<Boolean> task = forcing;
    forcing = null;
    if (task == null) {
      return;
    }
    try {
      var _ = task.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failed) {
        throw failed;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while files were forced", e);
    }
  }

  private boolean isDue(long replayedLsn) {
    if (replayedLsn - lastRedoLsn >= budget.get().walBytes()) {
      return true;
    }
    if (++records < PATIENCE) {
      return false;
    }
    records = 0;
    return timeIsUp();
  }

  private boolean timeIsUp() {
    return nanoTime.getAsLong() - lastNanos >= budget.get().time().toNanos();
  }

  private void make() throws IOException {
    Candidate next = takeNewer();
    if (next == null) {
      return;
    }
    make(next, false);
  }

  /// Brings everything to disk and ends recovery, with a restart point if there is a newer one.
  void makeLast() throws IOException {
    endForcing();
    control.settle();
    Candidate next = takeNewer();
    if (next == null) {
      controlFile.requireReplayed();
      pages.write();
      control.flush();
      files.sync();
      controlFile.shutDown();
      return;
    }
    make(next, true);
  }

  /// The candidate, if it is further than where recovery begins now; none is left.
  private @Nullable Candidate takeNewer() {
    Candidate taken = candidate;
    candidate = null;
    return taken != null && Lsn.isAfter(taken.checkPoint.redoLsn(), lastRedoLsn) ? taken : null;
  }

  private void make(Candidate point, boolean shutDown) throws IOException {
    long redoLsn = point.checkPoint.redoLsn();
    control.settle();
    controlFile.requireReplayed();
    pages.write();
    control.removeRewriteMappings(redoLsn);
    control.writeOrigins();
    control.flush();
    files.sync();
    control.writePreparedTransactions(redoLsn);
    controlFile.restartPoint(point.lsn, point.endLsn, point.checkPoint, shutDown);
    lastRedoLsn = redoLsn;
    lastNanos = nanoTime.getAsLong();
    wal.restartsAt(lastRedoLsn, point.checkPoint.timeline());
    listener.log("recovery restart point at " + Lsn.format(lastRedoLsn));
  }
}
