package org.walstream.redo.recovery;

import java.io.IOException;
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
/// Pages are written and files forced by the [BackgroundWriter], and replay goes on: what it
/// changes meanwhile belongs to WAL behind C.redo, so it does not matter whether it is on disk. It
/// is interrupted twice, to begin with what is in its own memory (SLRUs, origins), and to publish
/// when all else is durable.
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
  private record Candidate(long lsn, long endLsn, CheckPoint checkPoint) {

    long redoLsn() {
      return checkPoint.redoLsn();
    }
  }

  /// One that is being made.
  ///
  /// @param request the last that it answers
  private record Begun(Candidate point, long request) {}

  private final RecoveryControlFile controlFile;
  private final PageReplay pages;
  private final ControlReplay control;
  private final DataFiles files;
  private final RecoveryWal wal;
  private final RecoveryListener listener;
  private final Supplier<RecoveryOptions.Budget> budget;
  private final LongSupplier nanoTime;
  private final BackgroundWriter writer;
  private final RestartPointRequests requests;

  private @Nullable Candidate candidate;

  private @Nullable Begun begun;
  private long lastRedoLsn;
  private long lastNanos;
  private int records;

  /// @param budget in force from now on
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
      BackgroundWriter writer,
      RestartPointRequests requests) {
    this.controlFile = controlFile;
    this.pages = pages;
    this.control = control;
    this.files = files;
    this.wal = wal;
    this.listener = listener;
    this.budget = budget;
    this.nanoTime = nanoTime;
    this.writer = writer;
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

  /// Begins a restart point if it is time for one, ends one that has become durable. Called after
  /// every record.
  void makeIfDue(long replayedLsn) throws IOException {
    advance(candidate != null && isDue(replayedLsn));
  }

  /// The same when there is time to look at the clock: replay rests.
  void makeIfTime(long replayedLsn) throws IOException {
    advance(candidate != null && timeIsUp());
    if (!writer.isAtWork()) {
      writer.beginIfTime(replayedLsn);
    }
  }

  private void advance(boolean due) throws IOException {
    if (writer.isDone()) {
      end();
    }
    if (!writer.isAtWork() && (due || requests.isAny())) {
      begin();
    }
  }

  private void begin() throws IOException {
    long request = requests.last();
    Candidate point = takeNewer();
    if (point == null) {
      requests.answer(request);
      return;
    }
    prepare(point);
    begun = new Begun(point, request);
    writer.begin();
  }

  private void end() throws IOException {
    writer.end();
    Begun made = begun;
    begun = null;
    if (made != null) {
      publish(made.point, false);
      requests.answer(made.request);
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

  /// Brings everything to disk and ends recovery, with a restart point if there is a newer one.
  void makeLast() throws IOException {
    writer.end();
    Begun current = begun;
    begun = null;
    Candidate newest = takeNewer();
    Candidate last = newest == null && current != null ? current.point : newest;
    if (last == null) {
      control.settle();
      controlFile.requireReplayed();
      control.flush();
    } else {
      prepare(last);
    }
    pages.write();
    files.sync();
    if (last == null) {
      controlFile.shutDown();
    } else {
      publish(last, true);
    }
  }

  /// The candidate, if it is further than where recovery begins now; none is left.
  private @Nullable Candidate takeNewer() {
    Candidate taken = candidate;
    candidate = null;
    return taken != null && Lsn.isAfter(taken.redoLsn(), lastRedoLsn) ? taken : null;
  }

  /// Hands over to the files what the reader itself has in memory.
  private void prepare(Candidate point) throws IOException {
    control.settle();
    controlFile.requireReplayed();
    control.removeRewriteMappings(point.redoLsn());
    control.writeOrigins();
    control.flush();
  }

  /// @param shutDown whether recovery ends with this
  private void publish(Candidate point, boolean shutDown) throws IOException {
    long redoLsn = point.redoLsn();
    control.writePreparedTransactions(redoLsn);
    controlFile.restartPoint(point.lsn, point.endLsn, point.checkPoint, shutDown);
    lastRedoLsn = redoLsn;
    lastNanos = nanoTime.getAsLong();
    wal.restartsAt(lastRedoLsn, point.checkPoint.timeline());
    listener.log("recovery restart point at " + Lsn.format(lastRedoLsn));
  }
}
