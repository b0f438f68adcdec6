package org.walstream.send.sql;

import java.util.Map;
import java.util.Optional;
import org.walstream.store.WalLog;
import org.walstream.store.WalStore;
import org.walstream.wal.WalSegmentSize;

/// What SHOW answers: the node's configuration, and what clients expect of every PostgreSQL server.
public final class ServerParameters {

  private static final Map<String, String> FIXED =
      Map.ofEntries(
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
          Map.entry("synchronous_standby_names", ""),
          Map.entry("timezone", "UTC"),
          Map.entry("transaction_read_only", "on"),
          Map.entry("wal_block_size", "8192"),
          Map.entry("wal_level", "replica"));

  private final WalStore store;
  private final StatusSource source;

  public ServerParameters(WalStore store, StatusSource source) {
    this.store = store;
    this.source = source;
  }

  /// The value of a parameter as SHOW prints it; empty when there is none of this name.
  ///
  /// @param name in lower case
  public Optional<String> show(String name) {
    return switch (name) {
      case "server_version" -> Optional.of(source.serverVersion());
      case "server_version_num" -> Optional.of(versionNumber(source.serverVersion()));
      case "wal_segment_size" ->
          store.currentLog().map(WalLog::segmentSize).map(ServerParameters::text);
      default -> source.show(name).or(() -> Optional.ofNullable(FIXED.get(name)));
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
