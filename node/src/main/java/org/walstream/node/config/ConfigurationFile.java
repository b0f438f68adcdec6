package org.walstream.node.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Reads a file in `postgresql.conf` syntax into its settings, in order, files it includes in their
/// place.
///
/// ```
/// name = value        # the equals sign may be missing; white space does not matter
/// name = 'it''s \n'   # '' and backslash escapes inside quotes
/// include 'other.conf'   include_if_exists 'other.conf'   include_dir 'conf.d'
/// ```
///
/// Later settings win over earlier ones; the caller sees them all. Counterpart of
/// src/backend/utils/misc/guc-file.l.
public final class ConfigurationFile {

  /// One `name = value`, and where it stands.
  public record Setting(String name, String value, Path file, int line) {

    ConfigurationException error(String message) {
      return new ConfigurationException("%s in file \"%s\" line %d".formatted(message, file, line));
    }
  }

  // CONF_FILE_MAX_DEPTH: includes nested deeper than this are a circle
  private static final int DEPTH_MAX = 10;

  private final List<Setting> settings = new ArrayList<>();

  private ConfigurationFile() {}

  /// Reads `file` and all it includes.
  ///
  /// @throws ConfigurationException naming file and line of the first wrong token
  /// @throws IOException if a file cannot be read
  public static List<Setting> read(Path file) throws IOException, ConfigurationException {
    var reader = new ConfigurationFile();
    reader.readFile(file, 0);
    return List.copyOf(reader.settings);
  }

  private void readFile(Path file, int depth) throws IOException, ConfigurationException {
    if (depth > DEPTH_MAX) {
      throw new ConfigurationException(
          "could not open configuration file \"" + file + "\": maximum nesting depth exceeded");
    }
    int number = 0;
    // One character a byte: comments may be in any encoding.
    for (String line : Files.readString(file, StandardCharsets.ISO_8859_1).split("\n", -1)) {
      number++;
      var setting = new ConfigurationLine(line).parse(file, number);
      if (setting != null) {
        take(setting, depth);
      }
    }
  }

  private void take(Setting setting, int depth) throws IOException, ConfigurationException {
    switch (setting.name.toLowerCase(Locale.ROOT)) {
      case "include" -> readFile(beside(setting), depth + 1);
      case "include_if_exists" -> {
        if (Files.exists(beside(setting))) {
          readFile(beside(setting), depth + 1);
        }
      }
      case "include_dir" -> {
        if (!Files.isDirectory(beside(setting))) {
          throw setting.error(
              "could not open configuration directory \"%s\": No such file or directory"
                  .formatted(beside(setting)));
        }
        try (var files = Files.list(beside(setting))) {
          for (Path file : files.filter(ConfigurationFile::isIncluded).sorted().toList()) {
            readFile(file, depth + 1);
          }
        }
      }
      default -> settings.add(setting);
    }
  }

  private static Path beside(Setting setting) throws ConfigurationException {
    try {
      if (setting.value.isBlank()) {
        throw setting.error("empty configuration file or directory name");
      }
      return setting.file.resolveSibling(setting.value);
    } catch (InvalidPathException e) {
      throw setting.error("invalid file name \"" + setting.value + "\"");
    }
  }

  private static boolean isIncluded(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith(".conf") && !name.startsWith(".");
  }
}
