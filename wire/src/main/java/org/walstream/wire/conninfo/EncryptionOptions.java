package org.walstream.wire.conninfo;

import static org.walstream.wire.conninfo.ConnInfoOption.*;

import java.util.List;
import java.util.Locale;

/// Checks the options of TLS and GSSAPI, which this program does not have: wrong values are
/// refused, and so is each that insists on encryption or on a part of it, in the words of a libpq
/// that is built without. The others have no effect on a connection in clear, which is all that is
/// made.
///
/// Counterpart: pqConnectOptions2(), fe-connect.c, without USE_SSL and ENABLE_GSS.
final class EncryptionOptions {

  /// Ascending.
  private static final List<String> TLS_VERSIONS =
      List.of("tlsv1", "tlsv1.1", "tlsv1.2", "tlsv1.3");

  private EncryptionOptions() {}

  static void check(ConnInfo conninfo) {
    if (text(conninfo, SSLROOTCERT).equals("system")) {
      throw noTls(SSLROOTCERT, "system");
    }
    SslMode mode = SslMode.parse(text(conninfo, SSLMODE));
    if (mode.compareTo(SslMode.REQUIRE) >= 0) {
      throw noTls(SSLMODE, mode.toString());
    }
    oneOf(conninfo, SSLNEGOTIATION, "postgres", "direct");
    if (text(conninfo, SSLNEGOTIATION).equals("direct")) {
      throw noTls(SSLNEGOTIATION, "direct");
    }
    tlsVersions(conninfo);
    oneOf(conninfo, SSLCERTMODE, "disable", "allow", "require");
    if (text(conninfo, SSLCERTMODE).equals("require")) {
      throw noTls(SSLCERTMODE, "require");
    }
    oneOf(conninfo, GSSENCMODE, "disable", "prefer", "require");
    if (text(conninfo, GSSENCMODE).equals("require")) {
      throw new ConnInfoException(
          "gssencmode value \"require\" invalid when GSSAPI support is not compiled in");
    }
  }

  private static void tlsVersions(ConnInfo conninfo) {
    int min = tlsVersion(conninfo, SSL_MIN_PROTOCOL_VERSION, 0);
    int max = tlsVersion(conninfo, SSL_MAX_PROTOCOL_VERSION, TLS_VERSIONS.size());
    if (min > max) {
      throw new ConnInfoException("invalid SSL protocol version range");
    }
  }

  private static int tlsVersion(ConnInfo conninfo, ConnInfoOption option, int unset) {
    String value = text(conninfo, option);
    if (value.isEmpty()) {
      return unset;
    }
    int version = TLS_VERSIONS.indexOf(value.toLowerCase(Locale.ROOT));
    if (version < 0) {
      throw new ConnInfoException(
          "invalid \"%s\" value: \"%s\"".formatted(option.keyword(), value));
    }
    return version;
  }

  private static void oneOf(ConnInfo conninfo, ConnInfoOption option, String... values) {
    if (conninfo.has(option) && !List.of(values).contains(text(conninfo, option))) {
      throw ConnInfoException.invalidValue(option, text(conninfo, option));
    }
  }

  private static ConnInfoException noTls(ConnInfoOption option, String value) {
    return new ConnInfoException(
        "%s value \"%s\" invalid when SSL support is not compiled in"
            .formatted(option.keyword(), value));
  }

  private static String text(ConnInfo conninfo, ConnInfoOption option) {
    return conninfo.get(option).orElse("");
  }
}
