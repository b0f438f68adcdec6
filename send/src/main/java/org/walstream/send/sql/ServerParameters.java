package org.walstream.send.sql;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.walstream.store.ServedTimeline;
import org.walstream.store.ServedWal;
import org.walstream.wal.WalSegmentSize;

/// What SHOW answers: the node's configuration, and what clients expect of every PostgreSQL server.
public final class ServerParameters {

  private static final Map<String, String> FIXED =
      Map.ofEntries(
          Map.entry("archive_command", ""),
          Map.entry("archive_mode", "off"),
          Map.entry("block_size", "8192"),
          Map.entry("fsync", "on"),
          Map.entry("hot_standby", "on"),
          Map.entry("restore_command", ""),
          Map.entry("client_encoding", "UTF8"),
          Map.entry("data_directory_mode", "0700"),
          Map.entry("datestyle", "ISO, MDY"),
          Map.entry("default_transaction_read_only", "on"),
          Map.entry("in_hot_standby", "on"),
          Map.entry("integer_datetimes", "on"),
          Map.entry("intervalstyle", "postgres"),
          Map.entry("is_superuser", "off"),
          Map.entry("password_encryption", "scram-sha-256"),
          Map.entry("server_encoding", "UTF8"),
          Map.entry("standard_conforming_strings", "on"),
          Map.entry("timezone", "UTC"),
          Map.entry("transaction_read_only", "on"),
          Map.entry("wal_block_size", "8192"),
          Map.entry("wal_level", "replica"));

  private final ServedWal store;
  private final Supplier<String> serverVersion;
  private final Function<String, Optional<String>> configured;

  /// @param serverVersion the version of PostgreSQL whose WAL this is, as `server_version` reports
  ///   it
  /// @param configured a parameter of the configuration by its name, as SHOW prints it
  public ServerParameters(
      ServedWal store,
      Supplier<String> serverVersion,
      Function<String, Optional<String>> configured) {
    this.store = store;
    this.serverVersion = serverVersion;
    this.configured = configured;
  }

  /// The names of what the server says beyond its configuration.
  public static Set<String> fixedNames() {
    return FIXED.keySet();
  }

  /// The value of a parameter as SHOW prints it; empty when there is none of this name.
  ///
  /// @param name in lower case
  public Optional<String> show(String name) {
    return switch (name) {
      case "server_version" -> Optional.of(serverVersion.get());
      case "server_version_num" -> Optional.of(versionNumber(serverVersion.get()));
      case "wal_segment_size" ->
          store.currentLog().map(ServedTimeline::segmentSize).map(ServerParameters::text);
      default -> configured.apply(name).or(() -> Optional.ofNullable(FIXED.get(name)));
    };
  }

  private static String text(WalSegmentSize size) {
    int megabytes = size.bytes() >> 20;
    return megabytes == 1024 ? "1GB" : megabytes + "MB";
  }

  /// `180006` for `18.6 (…)`.
  static String versionNumber(String version) {
    String[] numbers = version.split("[^0-9]+", 3);
    int minor = numbers.length > 1 && !numbers[1].isEmpty() ? Integer.parseInt(numbers[1]) : 0;
    return Integer.toString(Integer.parseInt(numbers[0]) * 10_000 + minor);
  }
}
