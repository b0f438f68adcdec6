package org.walstream.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;

/// Where the figures come from: they mean little elsewhere.
final class Machine {

  private Machine() {}

  /// One line of Markdown.
  static String describe(Path workDirectory, String postgres) {
    return "%s, %s, %d processors, %s, %s %s, %s on %s, JDK %s, %s"
        .formatted(
            LocalDate.now(ZoneOffset.UTC),
            first("/proc/cpuinfo", "model name", System.getProperty("os.arch")),
            Runtime.getRuntime().availableProcessors(),
            memory(),
            System.getProperty("os.name"),
            System.getProperty("os.version"),
            fileSystem(workDirectory),
            workDirectory,
            Runtime.version(),
            postgres);
  }

  private static String memory() {
    var kilobytes = first("/proc/meminfo", "MemTotal", "0").replaceAll("[^0-9]", "");
    return "%.0f GiB".formatted(Long.parseLong(kilobytes) / (1024.0 * 1024));
  }

  private static String fileSystem(Path directory) {
    try {
      return Files.getFileStore(directory).type();
    } catch (IOException e) {
      return "unknown file system";
    }
  }

  /// The value behind the first `name:` in a file of /proc.
  private static String first(String file, String name, String otherwise) {
    try (var lines = Files.lines(Path.of(file))) {
      return lines
          .filter(line -> line.startsWith(name))
          .findFirst()
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .orElse(otherwise);
    } catch (IOException e) {
      return otherwise;
    }
  }
}
