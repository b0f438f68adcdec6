package org.walstream.wire.conninfo;

import java.util.Locale;

/// How much a client insists on TLS: libpq's `sslmode`. Without TLS in this program the first three
/// talk in clear, as libpq does when it is built without TLS, and the others are refused before
/// anything is sent.
public enum SslMode {
  DISABLE,
  ALLOW,
  PREFER,
  REQUIRE,
  VERIFY_CA,
  VERIFY_FULL;

  static SslMode parse(String value) {
    for (SslMode mode : values()) {
      if (mode.toString().equals(value)) {
        return mode;
      }
    }
    throw ConnInfoException.invalidValue(ConnInfoOption.SSLMODE, value);
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
