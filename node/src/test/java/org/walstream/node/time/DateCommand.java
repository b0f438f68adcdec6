package org.walstream.node.time;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// GNU's `date`: what the C library of this machine makes of a moment.
final class DateCommand {

  private DateCommand() {}

  /// Whether `date` is GNU's, and the C library too: others read `TZ` in their own ways.
  static boolean isHere() {
    try {
      return run(List.of("getconf", "GNU_LIBC_VERSION"), Map.of(), "").startsWith("glibc")
          && run(List.of("date", "--version"), Map.of(), "").contains("GNU coreutils");
    } catch (UncheckedIOException e) {
      return false; // neither program
    }
  }

  /// @param environment `TZ` and `TZDIR`, which are not set where they are not in here
  /// @return for each moment `2026-11-24 10:00:00 UTC`
  static List<String> texts(Map<String, String> environment, List<Long> epochSeconds) {
    String input = epochSeconds.stream().map(s -> "@" + s + "\n").collect(Collectors.joining());
    return run(List.of("date", "-f", "-", "+%F %T %Z"), environment, input).lines().toList();
  }

  private static String run(List<String> command, Map<String, String> environment, String input) {
    var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().remove("TZ");
    builder.environment().remove("TZDIR");
    builder.environment().putAll(environment);
    builder.environment().put("LC_ALL", "C");
    try {
      Process process = builder.start();
      var writer = Thread.ofVirtual().start(() -> write(process.getOutputStream(), input));
      var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      writer.join();
      process.waitFor();
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void write(OutputStream to, String input) {
    try (to) {
      to.write(input.getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
