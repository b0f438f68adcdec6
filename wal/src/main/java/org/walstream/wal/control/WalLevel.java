package org.walstream.wal.control;

import java.util.Optional;

/// How much a server writes into its WAL (`wal_level`). Streaming needs [#REPLICA] at least.
///
/// Counterpart of WalLevel, src/include/access/xlog.h; the values' order is the file's.
public enum WalLevel {
  MINIMAL(0, "minimal"),
  REPLICA(1, "replica"),
  LOGICAL(2, "logical");

  private static final WalLevel[] BY_CODE = values();

  private final int code;
  private final String label;

  WalLevel(int code, String label) {
    this.code = code;
    this.label = label;
  }

  /// The level of this number, or empty when PostgreSQL has none.
  public static Optional<WalLevel> of(int code) {
    return code >= 0 && code < BY_CODE.length ? Optional.of(BY_CODE[code]) : Optional.empty();
  }

  /// The parameter's value as a user writes it.
  public String label() {
    return label;
  }

  /// As the file has it.
  int code() {
    return code;
  }
}
