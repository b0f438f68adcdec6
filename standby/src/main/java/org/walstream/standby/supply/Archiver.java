package org.walstream.standby.supply;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.walstream.file.FileErrors;
import org.walstream.file.FileLayer;
import org.walstream.file.ThreadEnd;
import org.walstream.redo.recovery.RecoveryListener;

/// Hands finished files of WAL to `archive_command`, oldest first, histories before segments, on a
/// thread of its own.
///
/// ```
///   archive_status/NAME.ready ──archive_command says 0──▶ archive_status/NAME.done
///        ▲         └── says anything else: again after a second, three times; then after a minute,
///        │             or when there is another file
///    ArchiveMode
/// ```
///
/// `%p` is where the file is, relative to the data directory, `%f` its name.
///
/// Counterpart of pgarch_ArchiverCopyLoop(), src/backend/postmaster/pgarch.c, and
/// shell_archive_file(), src/backend/archive/shell_archive.c.
public final class Archiver implements Closeable {

  private static final String READY = ".ready";
  private static final int TRIES = 3;
  private static final long BETWEEN_TRIES = TimeUnit.SECONDS.toNanos(1);
  private static final long BETWEEN_ROUNDS = TimeUnit.SECONDS.toNanos(60);

  private static final Comparator<String> HISTORIES_FIRST =
      Comparator.comparing((String name) -> !name.endsWith(".history"))
          .thenComparing(Comparator.naturalOrder());

  private final FileLayer files;
  private final Path dataDirectory;
  private final Path pgWal;
  private final Path archiveStatus;
  private final Supplier<String> command;
  private final RecoveryListener listener;
  private final Clock clock;
  private final Thread thread;

  private volatile ArchiverStatus status;
  private volatile boolean awake = true;
  private volatile boolean closing;

  /// @param command `archive_command`, from now on; empty as long as there is none
  public Archiver(
      FileLayer files,
      Path dataDirectory,
      Supplier<String> command,
      RecoveryListener listener,
      Clock clock) {
    this.files = files;
    this.dataDirectory = dataDirectory;
    this.pgWal = dataDirectory.resolve("pg_wal");
    this.archiveStatus = pgWal.resolve("archive_status");
    this.command = command;
    this.listener = listener;
    this.clock = clock;
    this.status = ArchiverStatus.none(clock.instant());
    this.thread = Thread.ofPlatform().daemon().name("archiver").unstarted(this::run);
  }

  public void start() {
    thread.start();
  }

  /// There is another file, maybe. Any thread.
  public void wake() {
    awake = true;
    LockSupport.unpark(thread);
  }

  public ArchiverStatus status() {
    return status;
  }

  private void run() {
    while (!closing) {
      awake = false;
      archiveAll();
      rest(BETWEEN_ROUNDS, true);
    }
  }

  private void rest(long nanos, boolean untilAwake) {
    long deadline = System.nanoTime() + nanos;
    while (!closing && !(untilAwake && awake) && deadline - System.nanoTime() > 0) {
      LockSupport.parkNanos(this, deadline - System.nanoTime());
    }
  }

  private void archiveAll() {
    try {
      for (List<String> ready = ready(); !ready.isEmpty(); ready = ready()) {
        if (command.get().isEmpty()) {
          listener.warning("\"archive_mode\" enabled, yet archiving is not configured");
          return;
        }
        for (String name : ready) {
          if (closing || !archive(name)) {
            return;
          }
        }
      }
    } catch (IOException e) {
      listener.warning("could not archive WAL: " + FileErrors.text(e));
    }
  }

  private List<String> ready() throws IOException {
    if (!files.exists(archiveStatus)) {
      return List.of();
    }
    return files.list(archiveStatus).stream()
        .filter(name -> name.endsWith(READY))
        .map(name -> name.substring(0, name.length() - READY.length()))
        .sorted(HISTORIES_FIRST)
        .toList();
  }

  /// @return whether the next file is to be tried now
  private boolean archive(String name) throws IOException {
    for (int tries = 0; !closing; ) {
      if (!files.exists(pgWal.resolve(name))) {
        files.delete(mark(name, READY));
        listener.warning(
            "removed orphan archive status file \"pg_wal/archive_status/%s%s\""
                .formatted(name, READY));
        return true;
      }
      if (isArchived(name)) {
        files.rename(mark(name, READY), mark(name, ".done"));
        status = status.archived(name, clock.instant());
        return true;
      }
      status = status.failed(name, clock.instant());
      if (++tries == TRIES) {
        listener.warning(
            "archiving write-ahead log file \"%s\" failed too many times, will try again later"
                .formatted(name));
        return false;
      }
      rest(BETWEEN_TRIES, false);
    }
    return false;
  }

  private boolean isArchived(String name) throws IOException {
    String filled =
        ShellCommand.fill(
            "archive_command", command.get(), Map.of('p', "pg_wal/" + name, 'f', name));
    int exitCode = ShellCommand.await(ShellCommand.start(filled, dataDirectory));
    if (exitCode != 0) {
      listener.log(
          "archive command failed with exit code %d; it was: %s".formatted(exitCode, filled));
    }
    return exitCode == 0;
  }

  private Path mark(String name, String suffix) {
    return archiveStatus.resolve(name + suffix);
  }

  /// Ends it once the command that runs has ended. What is left is for whoever comes next.
  @Override
  public void close() {
    closing = true;
    LockSupport.unpark(thread);
    ThreadEnd.await(thread);
  }
}
