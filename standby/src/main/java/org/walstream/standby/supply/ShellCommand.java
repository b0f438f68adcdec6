package org.walstream.standby.supply;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.walstream.redo.recovery.RecoveryException;

/// A command of `postgresql.conf` that the shell runs in the data directory.
///
/// Counterpart of replace_percent_placeholders(), src/common/percentrepl.c, and
/// wait_result_to_str(), src/common/wait_error.c.
final class ShellCommand {

  /// Beyond it are the shell's own answers: it could not run the command, or a signal ended it.
  static final int LAST_ANSWER = 125;

  private static final int NOT_EXECUTABLE = 126;
  private static final int NOT_FOUND = 127;
  private static final int SIGNALS = 128;
  private static final int SIGNAL_MAX = 64;

  private ShellCommand() {}

  /// The command with what its placeholders stand for; `%%` is `%`.
  ///
  /// @param parameter whose value it is
  /// @throws RecoveryException for a `%` that means nothing
  static String fill(String parameter, String command, Map<Character, String> placeholders)
      throws RecoveryException {
    var filled = new StringBuilder();
    int i = 0;
    while (i < command.length()) {
      char c = command.charAt(i++);
      if (c != '%') {
        filled.append(c);
        continue;
      }
      if (i == command.length()) {
        throw invalid(parameter, command, "String ends unexpectedly after escape character \"%\".");
      }
      char letter = command.charAt(i++);
      String value = letter == '%' ? "%" : placeholders.get(letter);
      if (value == null) {
        throw invalid(
            parameter, command, "String contains unexpected placeholder \"%" + letter + "\".");
      }
      filled.append(value);
    }
    return filled.toString();
  }

  private static RecoveryException invalid(String parameter, String command, String detail) {
    return new RecoveryException(
        "invalid value for parameter \"%s\": \"%s\"".formatted(parameter, command), detail, null);
  }

  /// Starts it, with no input; what it says is said by this process.
  static Process start(String command, Path dataDirectory) throws IOException {
    return new ProcessBuilder("sh", "-c", command)
        .directory(dataDirectory.toFile())
        .redirectInput(Path.of("/dev/null").toFile())
        .redirectOutput(ProcessBuilder.Redirect.INHERIT)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /// @return its exit code
  static int await(Process process) throws IOException {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      end(process);
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while a command ran", e);
    }
  }

  /// Ends it and all that it has started, as a server signals the whole group: a shell that has
  /// gone alone leaves what it waited for.
  static void end(Process process) {
    List<ProcessHandle> started = process.descendants().toList();
    process.destroy();
    started.forEach(ProcessHandle::destroy);
  }

  /// What an exit code says that is not 0.
  static String told(int exitCode) {
    return switch (exitCode) {
      case NOT_EXECUTABLE -> "command not executable";
      case NOT_FOUND -> "command not found";
      default ->
          exitCode > SIGNALS && exitCode <= SIGNALS + SIGNAL_MAX
              ? "child process was terminated by signal " + (exitCode - SIGNALS)
              : "child process exited with exit code " + exitCode;
    };
  }
}
