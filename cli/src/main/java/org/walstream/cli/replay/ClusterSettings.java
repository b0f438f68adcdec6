package org.walstream.cli.replay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.walstream.node.config.ConfigurationException;
import org.walstream.node.config.ConfigurationFile;
import org.walstream.redo.recovery.RecoveryOptions;
import org.walstream.send.guc.GucBoolean;
import org.walstream.send.guc.GucException;
import org.walstream.send.guc.GucNumber;
import org.walstream.send.guc.GucUnit;

/// What the server's own configuration says about recovery: `postgresql.conf`, then
/// `postgresql.auto.conf`, as they are in the data directory; a directory may have neither.
///
/// @param restoreCommand empty when there is none
/// @param sharedBuffers in bytes
/// @param walLogHints empty when the directory has no configuration
record ClusterSettings(
    String restoreCommand,
    long sharedBuffers,
    RecoveryOptions.Budget restartPoints,
    boolean allowInPlaceTablespaces,
    Optional<Boolean> walLogHints) {

  private static final int BLOCK_BYTES = 8192;

  /// @throws ConfigurationException naming file and line
  static ClusterSettings read(Path dataDirectory) throws IOException, ConfigurationException {
    var values = new HashMap<String, String>();
    boolean isConfigured = false;
    for (String name : new String[] {"postgresql.conf", "postgresql.auto.conf"}) {
      Path file = dataDirectory.resolve(name);
      if (Files.exists(file)) {
        isConfigured |= name.equals("postgresql.conf");
        for (ConfigurationFile.Setting setting : ConfigurationFile.read(file)) {
          values.put(setting.name().toLowerCase(Locale.ROOT), setting.value());
        }
      }
    }
    return new ClusterSettings(
        values.getOrDefault("restore_command", ""),
        BLOCK_BYTES * number(values, "shared_buffers", GucUnit.BLOCKS, 16384),
        new RecoveryOptions.Budget(
            Duration.ofSeconds(number(values, "checkpoint_timeout", GucUnit.SECONDS, 300)),
            number(values, "max_wal_size", GucUnit.MEGABYTES, 1024) << 20),
        isOn(values, "allow_in_place_tablespaces"),
        isConfigured || values.containsKey("wal_log_hints")
            ? Optional.of(isOn(values, "wal_log_hints"))
            : Optional.empty());
  }

  private static boolean isOn(Map<String, String> values, String name) {
    return GucBoolean.parse(values.getOrDefault(name, "off")).orElse(false);
  }

  private static long number(Map<String, String> values, String name, GucUnit unit, long otherwise)
      throws ConfigurationException {
    String text = values.get(name);
    if (text == null) {
      return otherwise;
    }
    try {
      return GucNumber.parse(name, text, unit, 1, Integer.MAX_VALUE);
    } catch (GucException e) {
      throw new ConfigurationException(e.oneLine());
    }
  }
}
