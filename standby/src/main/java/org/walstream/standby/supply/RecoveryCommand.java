package org.walstream.standby.supply;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;
import org.walstream.redo.recovery.RecoveryException;
import org.walstream.redo.recovery.RecoveryListener;

/// `archive_cleanup_command`, run at each restart point, or `recovery_end_command`, run once when
/// the directory has become a primary's. `%r` is the oldest segment that is still needed. When it
/// fails that is told and nothing else.
///
/// Counterpart of ExecuteRecoveryCommand(), src/backend/access/transam/xlogarchive.c.
public final class RecoveryCommand {

  private final String parameter;
  private final Supplier<String> command;
  private final Path dataDirectory;
  private final RecoveryListener listener;

  /// @param parameter what it is called in `postgresql.conf`
  /// @param command from now on; empty as long as there is none
  public RecoveryCommand(
      String parameter, Supplier<String> command, Path dataDirectory, RecoveryListener listener) {
    this.parameter = parameter;
    this.command = command;
    this.dataDirectory = dataDirectory;
    this.listener = listener;
  }

  /// Runs it, if there is one, and waits until it has ended.
  ///
  /// @param oldestNeeded the value of `%r`
  public void run(String oldestNeeded) throws IOException {
    String given = command.get();
    int exitCode = exitCode(given, oldestNeeded);
    if (exitCode != 0) {
      listener.warning(words(given, exitCode));
    }
  }

  /// The same, but a shell that could not run it, or a signal, ends the caller too.
  public void runOrDie(String oldestNeeded) throws IOException {
    String given = command.get();
    int exitCode = exitCode(given, oldestNeeded);
    if (exitCode > ShellCommand.LAST_ANSWER) {
      throw new RecoveryException(words(given, exitCode));
    } else if (exitCode != 0) {
      listener.warning(words(given, exitCode));
    }
  }

  private int exitCode(String given, String oldestNeeded) throws IOException {
    if (given.isEmpty()) {
      return 0;
    }
    String filled = ShellCommand.fill(parameter, given, Map.of('r', oldestNeeded));
    return ShellCommand.await(ShellCommand.start(filled, dataDirectory));
  }

  private String words(String given, int exitCode) {
    return "%s \"%s\": %s".formatted(parameter, given, ShellCommand.told(exitCode));
  }
}
