package org.walstream.standby;

import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.walstream.file.FileErrors;
import org.walstream.redo.recovery.RecoveryListener;
import org.walstream.standby.supply.Archiver;
import org.walstream.standby.supply.ArchiverStatus;
import org.walstream.standby.supply.RecoveryCommand;

/// What a standby does with its archive beside replay, and does not wait for: WAL that has come is
/// archived once more (`archive_mode = always`), and at each restart point the archive may be
/// cleaned up (`archive_cleanup_command`).
final class ArchiveWork implements Closeable {

  private final RecoveryCommand archiveCleanup;
  private final @Nullable Archiver archiver;
  private final RecoveryListener listener;
  private final ExecutorService commands =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("archive cleanup").factory());

  /// @param archiver started; null when nothing is archived
  ArchiveWork(
      RecoveryCommand archiveCleanup, @Nullable Archiver archiver, RecoveryListener listener) {
    this.archiveCleanup = archiveCleanup;
    this.archiver = archiver;
    this.listener = listener;
  }

  /// There may be a segment to be archived. Any thread.
  void segmentCame() {
    if (archiver != null) {
      archiver.wake();
    }
  }

  /// A restart point has been made.
  ///
  /// @param oldestNeeded the segment that recovery would begin with
  void restartsAt(String oldestNeeded) {
    commands.execute(() -> {
      try {
        archiveCleanup.run(oldestNeeded);
      } catch (IOException e) {
        listener.warning(FileErrors.text(e));
      }
    });
  }

  Optional<ArchiverStatus> archiver() {
    return Optional.ofNullable(archiver).map(Archiver::status);
  }

  /// Returns once what runs has ended.
  @Override
  public void close() {
    commands.close();
    if (archiver != null) {
      archiver.close();
    }
  }
}
