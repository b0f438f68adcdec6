package org.walstream.redo.recovery;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.walstream.redo.replay.PageReplay;
import org.walstream.redo.storage.DataFiles;

/// Brings changed pages to disk while replay goes on, in rounds: all that have changed are written,
/// then all files forced. One round at a time, on a thread of its own.
///
/// A round is made for each restart point. A standby that has come to rest makes others between
/// these, as often as its period says, so that little is left to be written and forced when it is
/// promoted, which somebody waits for. What changes all the time is written once in a round;
/// whoever has WAL to catch up with makes none, as most of those pages would change again.
///
/// Counterpart of src/backend/postmaster/bgwriter.c, and of `bgwriter_flush_after`. The thread's
/// that reads WAL.
final class BackgroundWriter {

  private final PageReplay pages;
  private final DataFiles files;
  private final Runnable ended;
  private final LongSupplier nanoTime;
  private final Executor beside;
  private final long periodNanos;

  private @Nullable FutureTask<Boolean> round;
  private long lastNanos;
  private long lastReplayedLsn;

  /// @param ended called on the other thread at the end of each round
  /// @param beside does what replay does not wait for
  /// @param periodNanos between two rounds that nobody has asked for; [Long#MAX_VALUE] for none
  BackgroundWriter(
      PageReplay pages,
      DataFiles files,
      Runnable ended,
      LongSupplier nanoTime,
      Executor beside,
      long periodNanos) {
    this.pages = pages;
    this.files = files;
    this.ended = ended;
    this.nanoTime = nanoTime;
    this.beside = beside;
    this.periodNanos = periodNanos;
    this.lastNanos = nanoTime.getAsLong();
  }

  /// Begins a round, when none is at work. What has changed by now is on disk after [#end].
  void begin() {
    var begun =
        new FutureTask<>(
            () -> {
              pages.writeBeside();
              files.sync();
              return true;
            }) {
          @Override
          protected void done() {
            ended.run();
          }
        };
    round = begun;
    beside.execute(begun);
  }

  /// Replay rests at `replayedLsn`: begins a round if it is time and anything has been replayed.
  void beginIfTime(long replayedLsn) {
    if (replayedLsn != lastReplayedLsn && nanoTime.getAsLong() - lastNanos >= periodNanos) {
      lastReplayedLsn = replayedLsn;
      begin();
    }
  }

  /// True from [#begin] to [#end].
  boolean isAtWork() {
    return round != null;
  }

  /// True when [#end] need not wait.
  boolean isDone() {
    FutureTask<Boolean> current = round;
    return current != null && current.isDone();
  }

  /// Waits for the round that is at work, if there is one. No other thread writes after that.
  ///
  /// @throws IOException when something could not be written or forced
  void end() throws IOException {
    FutureTask<Boolean> current = round;
    if (current == null) {
      return;
    }
    round = null;
    lastNanos = nanoTime.getAsLong();
    try {
      var _ = current.get();
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
}
