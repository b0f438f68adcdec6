package org.walstream.standby.supply;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.walstream.redo.recovery.RecoveryException;
import org.walstream.redo.recovery.RecoveryListener;

/// `archive_cleanup_command`, run at each restart point, or `recovery_end_command`, run once when
/// the directory has become a primary's. `%r` is the oldest segment that is still needed. When it
/// fails that is told and nothing else.
///
/// Counterpart of ExecuteRecoveryCommand(), src/backend/access/transam/xlogarchive.c.
public final class RecoveryCommand {

  private final String parameter;
  private final String command;
  private final Path dataDirectory;
  private final RecoveryListener listener;

  /// @param parameter what it is called in `postgresql.conf`
  /// @param command empty when there is none
  public RecoveryCommand(
      String parameter, String command, Path dataDirectory, RecoveryListener listener) {
    this.parameter = parameter;
    this.command = command;
    this.dataDirectory = dataDirectory;
    this.listener = listener;
  }

  /// Runs it, if there is one, and waits until it has ended.
  ///
  /// @param oldestNeeded the value of `%r`
  public void run(String oldestNeeded) throws IOException {
    int exitCode = exitCode(oldestNeeded);
    if (exitCode != 0) {
      listener.warning(words(exitCode));
    }
  }

  /// The same, but a shell that could not run it, or a signal, ends the caller too.
  public void runOrDie(String oldestNeeded) throws IOException {
    int exitCode = exitCode(oldestNeeded);
    if (exitCode > ShellCommand.LAST_ANSWER) {
      throw new RecoveryException(words(exitCode));
    } else if (exitCode != 0) {
      listener.warning(words(exitCode));
    }
  }

  private int exitCode(String oldestNeeded) throws IOException {
    if (command.isEmpty()) {
      return 0;
    }
    String filled = ShellCommand.fill(parameter, command, Map.of('r', oldestNeeded));
    return ShellCommand.await(ShellCommand.start(filled, dataDirectory));
  }

  private String words(int exitCode) {
    return "%s \"%s\": %s".formatted(parameter, command, ShellCommand.told(exitCode));
  }
}
