package org.walstream.standby.supply;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.walstream.redo.recovery.RecoveryException;

/// `restore_command`: a shell command, run in the data directory, that fetches one file of WAL.
///
/// ```
/// %f  the name of the file      %r  the oldest segment that is still needed
/// %p  where to put it           %%  %
/// ```
///
/// Its exit code says whether there is such a file: 0 yes, 1 to 125 no. What a shell says of a
/// command that it could not run, or that a signal ended, is no answer, and ends recovery: else a
/// mistake in the command would look like the end of the WAL.
///
/// Counterpart of RestoreArchivedFile(), src/backend/access/transam/xlogarchive.c, and
/// BuildRestoreCommand(), src/common/archive.c.
///
/// One thread's, but for [#stop].
public final class RestoreCommand {

  private final Supplier<String> command;
  private final Path dataDirectory;

  // Guarded by this.
  private @Nullable Process running;
  private boolean stopped;

  /// @param command as the user wrote it, from now on; empty as long as there is none
  public RestoreCommand(Supplier<String> command, Path dataDirectory) {
    this.command = command;
    this.dataDirectory = dataDirectory;
  }

  /// Ends the command that runs, and lets no other begin: nothing is there from now on. Any thread.
  public synchronized void stop() {
    stopped = true;
    if (running != null) {
      ShellCommand.end(running);
    }
  }

  private synchronized @Nullable Process start(String filled) throws IOException {
    running = stopped ? null : ShellCommand.start(filled, dataDirectory);
    return running;
  }

  private synchronized boolean isStopped() {
    return stopped;
  }

  /// Fetches `fileName`.
  ///
  /// @param into where it is wanted, relative to the data directory
  /// @param oldestNeeded the value of `%r`
  /// @return whether it is there now
  boolean restore(String fileName, String into, String oldestNeeded) throws IOException {
    Path file = dataDirectory.resolve(into);
    Files.deleteIfExists(file);
    String given = command.get();
    if (given.isEmpty()) {
      return false;
    }
    int exitCode = run(fill(given, fileName, into, oldestNeeded));
    if (isStopped()) {
      return false;
    }
    if (exitCode > ShellCommand.LAST_ANSWER) {
      throw new RecoveryException(
          "could not restore file \"%s\" from archive: %s"
              .formatted(fileName, ShellCommand.told(exitCode)),
          "The command was: " + given,
          "An exit code of 1 to 125 says that there is no such file; any other ends recovery.");
    }
    return exitCode == 0 && Files.exists(file);
  }

  private int run(String filled) throws IOException {
    Process process = start(filled);
    return process == null ? 1 : ShellCommand.await(process);
  }

  /// @throws RecoveryException for a `%` that means nothing
  private static String fill(String given, String fileName, String into, String oldestNeeded)
      throws RecoveryException {
    return ShellCommand.fill(
        "restore_command", given, Map.of('f', fileName, 'p', into, 'r', oldestNeeded));
  }
}
