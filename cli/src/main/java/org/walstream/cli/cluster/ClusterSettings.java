package org.walstream.cli.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.walstream.node.config.ConfigurationException;
import org.walstream.node.config.ConfigurationFile;
import org.walstream.redo.recovery.RecoveryOptions;
import org.walstream.send.guc.GucBoolean;
import org.walstream.send.guc.GucException;
import org.walstream.send.guc.GucNumber;
import org.walstream.send.guc.GucUnit;
import org.walstream.standby.supply.ArchiveMode;

/// What the server's own configuration says: `postgresql.conf`, then `postgresql.auto.conf`, as
/// they are in the data directory; a directory may have neither. What nobody asks for is not looked
/// at: it is the server's.
public final class ClusterSettings {

  private static final int BLOCK_BYTES = 8192;

  /// In the order in which a server takes them: those of the command line, then those of the files,
  /// each where it stands last.
  private final Map<String, String> values;

  private final boolean isConfigured;

  private ClusterSettings(Map<String, String> values, boolean isConfigured) {
    this.values = values;
    this.isConfigured = isConfigured;
  }

  /// @param overrides names and values of the command line
  /// @throws ConfigurationException naming file and line
  public static ClusterSettings read(Path dataDirectory, Map<String, String> overrides)
      throws IOException, ConfigurationException {
    var values = new LinkedHashMap<String, String>();
    overrides.forEach((name, value) -> values.put(name.toLowerCase(Locale.ROOT), value));
    Set<String> overridden = Set.copyOf(values.keySet());
    for (String name : new String[] {"postgresql.conf", "postgresql.auto.conf"}) {
      Path file = dataDirectory.resolve(name);
      if (Files.exists(file)) {
        for (ConfigurationFile.Setting setting : ConfigurationFile.read(file)) {
          String key = setting.name().toLowerCase(Locale.ROOT);
          if (!overridden.contains(key)) {
            values.remove(key);
            values.put(key, setting.value());
          }
        }
      }
    }
    return new ClusterSettings(values, Files.exists(dataDirectory.resolve("postgresql.conf")));
  }

  /// The names of all that is set, in lower case, in the order in which a server takes them.
  public Collection<String> names() {
    return values.keySet();
  }

  /// A setting as it is written.
  public String text(String name, String otherwise) {
    return values.getOrDefault(name, otherwise);
  }

  /// @throws ConfigurationException when it is neither on nor off
  public boolean isOn(String name) throws ConfigurationException {
    return isOn(name, false);
  }

  /// @param otherwise what it is when it is not set
  /// @throws ConfigurationException when it is neither on nor off
  public boolean isOn(String name, boolean otherwise) throws ConfigurationException {
    String text = text(name, otherwise ? "on" : "off");
    return GucBoolean.parse(text)
        .orElseThrow(() ->
            new ConfigurationException(
                "parameter \"%s\" requires a Boolean value".formatted(name)));
  }

  /// A number in `unit`.
  public long number(String name, GucUnit unit, long least, long otherwise)
      throws ConfigurationException {
    String text = values.get(name);
    if (text == null) {
      return otherwise;
    }
    try {
      return GucNumber.parse(name, text, unit, least, Integer.MAX_VALUE);
    } catch (GucException e) {
      throw new ConfigurationException(e.oneLine());
    }
  }

  /// `restore_command`; empty when there is none.
  public String restoreCommand() {
    return text("restore_command", "");
  }

  /// `shared_buffers`, in bytes.
  public long sharedBuffers() throws ConfigurationException {
    return BLOCK_BYTES * number("shared_buffers", GucUnit.BLOCKS, 1, 16384);
  }

  /// How often a server would make a restart point.
  public RecoveryOptions.Budget restartPoints() throws ConfigurationException {
    return new RecoveryOptions.Budget(
        Duration.ofSeconds(number("checkpoint_timeout", GucUnit.SECONDS, 1, 300)),
        number("max_wal_size", GucUnit.MEGABYTES, 1, 1024) << 20);
  }

  /// `archive_mode`.
  public ArchiveMode archiveMode() throws ConfigurationException {
    return text("archive_mode", "off").equalsIgnoreCase("always")
        ? ArchiveMode.ALWAYS
        : isOn("archive_mode") ? ArchiveMode.ON : ArchiveMode.OFF;
  }

  /// `wal_log_hints`; empty when the directory has no configuration.
  public Optional<Boolean> walLogHints() throws ConfigurationException {
    return isConfigured || values.containsKey("wal_log_hints")
        ? Optional.of(isOn("wal_log_hints"))
        : Optional.empty();
  }

  public boolean allowInPlaceTablespaces() throws ConfigurationException {
    return isOn("allow_in_place_tablespaces");
  }
}
