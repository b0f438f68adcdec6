package org.walstream.wire.conninfo;

import java.util.Locale;

/// How much a client insists on TLS: libpq's `sslmode`.
public enum SslMode {
  DISABLE,
  /// Only if the server does not take us in clear.
  ALLOW,
  /// In clear only if it cannot be had.
  PREFER,
  REQUIRE,
  /// And somebody whom we trust has signed the server's certificate.
  VERIFY_CA,
  /// And it is for the host that was meant.
  VERIFY_FULL;

  static SslMode parse(String value) {
    for (SslMode mode : values()) {
      if (mode.toString().equals(value)) {
        return mode;
      }
    }
    throw ConnInfoException.invalidValue(ConnInfoOption.SSLMODE, value);
  }

  /// Whether a connection in clear will not do.
  public boolean requiresTls() {
    return compareTo(REQUIRE) >= 0;
  }

  /// Whether there must be somebody to trust.
  public boolean verifies() {
    return compareTo(VERIFY_CA) >= 0;
  }

  public boolean verifiesName() {
    return this == VERIFY_FULL;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
