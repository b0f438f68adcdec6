package org.walstream.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/// Runs one program to its end and keeps what it printed; standard error goes where standard output
/// goes.
final class Command {

  record Result(int exitCode, String output) {}

  private Command() {}

  static Result run(List<String> command) {
    try {
      var process =
          new ProcessBuilder(command)
              .directory(Path.of("/").toFile()) // readable by whomever the program runs as
              .redirectErrorStream(true)
              .start();
      process.getOutputStream().close();
      var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Result(process.waitFor(), output);
    } catch (IOException e) {
      throw new UncheckedIOException("could not run " + String.join(" ", command), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while running " + command.getFirst(), e);
    }
  }

  /// @throws IllegalStateException with everything the program printed, unless it exits with 0
  static String require(List<String> command) {
    var result = run(command);
    if (result.exitCode() != 0) {
      throw new IllegalStateException(
          "%s: exit code %d%n%s"
              .formatted(String.join(" ", command), result.exitCode(), result.output()));
    }
    return result.output();
  }

  /// Sends a signal that Java has no word for, such as INT, HUP or STOP.
  static void signal(long pid, String name) {
    run(List.of("sh", "-c", "kill -" + name + " " + pid));
  }
}
