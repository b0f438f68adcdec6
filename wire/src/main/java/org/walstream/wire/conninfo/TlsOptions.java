package org.walstream.wire.conninfo;

import static org.walstream.wire.conninfo.ConnInfoOption.*;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.walstream.wire.TlsVersions;
import org.walstream.wire.TlsVersions.Version;

/// How a client wants TLS: libpq's `ssl*` options, checked. The files need not be there: what
/// follows from that is found out when they are needed.
///
/// Counterpart of what pqConnectOptions2() checks of them, fe-connect.c.
///
/// @param direct begin with TLS at once, without asking
/// @param rootCertificate the authorities to believe; empty when there is no home directory
/// @param trustsSystem believe those that the platform believes instead
/// @param keyPassword what opens an encrypted key; not shown in any text
/// @param revoked the list of certificates not to believe any more
/// @param sni tell the server the name by which it was called
public record TlsOptions(
    SslMode mode,
    boolean direct,
    Optional<Path> rootCertificate,
    boolean trustsSystem,
    CertificateMode certificateMode,
    Optional<Path> certificate,
    Optional<Path> key,
    Optional<String> keyPassword,
    Optional<Path> revoked,
    Optional<Path> revokedDirectory,
    boolean sni,
    TlsVersions versions) {

  /// Whether a certificate is shown: libpq's `sslcertmode`.
  public enum CertificateMode {
    DISABLE,
    ALLOW,
    /// And the server must have asked for it.
    REQUIRE
  }

  private static final String SYSTEM = "system";

  static TlsOptions of(ConnInfo conninfo, LibpqEnvironment environment) {
    SslMode mode = SslMode.parse(text(conninfo, SSLMODE));
    boolean direct = oneOf(conninfo, SSLNEGOTIATION, "postgres", "direct").equals("direct");
    if (direct && mode.compareTo(SslMode.REQUIRE) < 0) {
      throw new ConnInfoException(
          "weak sslmode \"%s\" may not be used with sslnegotiation=direct (use \"require\", \"verify-ca\", or \"verify-full\")"
              .formatted(mode));
    }
    boolean system = text(conninfo, SSLROOTCERT).equals(SYSTEM);
    if (system && mode != SslMode.VERIFY_FULL) {
      throw new ConnInfoException(
          "weak sslmode \"%s\" may not be used with sslrootcert=system (use \"verify-full\")"
              .formatted(mode));
    }
    boolean revoked = !text(conninfo, SSLCRL).isEmpty() || !text(conninfo, SSLCRLDIR).isEmpty();
    var home = new Home(environment);
    return new TlsOptions(
        mode,
        direct,
        home.file(conninfo, SSLROOTCERT, "root.crt"),
        system,
        certificateMode(conninfo),
        home.file(conninfo, SSLCERT, "postgresql.crt"),
        home.file(conninfo, SSLKEY, "postgresql.key"),
        given(conninfo, SSLPASSWORD),
        revoked ? given(conninfo, SSLCRL).map(Path::of) : home.file("root.crl"),
        given(conninfo, SSLCRLDIR).map(Path::of),
        text(conninfo, SSLSNI).equals("1"),
        versions(conninfo));
  }

  /// `~/.postgresql`, where the files are that nobody names.
  private record Home(LibpqEnvironment environment) {

    Optional<Path> file(ConnInfo conninfo, ConnInfoOption option, String fallback) {
      return given(conninfo, option).map(Path::of).or(() -> file(fallback));
    }

    Optional<Path> file(String name) {
      return environment.home().map(home -> home.resolve(".postgresql").resolve(name));
    }
  }

  private static CertificateMode certificateMode(ConnInfo conninfo) {
    String mode = oneOf(conninfo, SSLCERTMODE, "disable", "allow", "require");
    return mode.isEmpty()
        ? CertificateMode.ALLOW
        : CertificateMode.valueOf(mode.toUpperCase(Locale.ROOT));
  }

  private static TlsVersions versions(ConnInfo conninfo) {
    Version min = version(conninfo, SSL_MIN_PROTOCOL_VERSION, Version.V1);
    Version max = version(conninfo, SSL_MAX_PROTOCOL_VERSION, Version.V1_3);
    if (min.compareTo(max) > 0) {
      throw new ConnInfoException("invalid SSL protocol version range");
    }
    return new TlsVersions(min, max);
  }

  private static Version version(ConnInfo conninfo, ConnInfoOption option, Version unset) {
    String value = text(conninfo, option);
    if (value.isEmpty()) {
      return unset;
    }
    return Version.of(value)
        .orElseThrow(() ->
            new ConnInfoException(
                "invalid \"%s\" value: \"%s\"".formatted(option.keyword(), value)));
  }

  private static String oneOf(ConnInfo conninfo, ConnInfoOption option, String... values) {
    String value = text(conninfo, option);
    if (conninfo.has(option) && !List.of(values).contains(value)) {
      throw ConnInfoException.invalidValue(option, value);
    }
    return value;
  }

  private static Optional<String> given(ConnInfo conninfo, ConnInfoOption option) {
    return conninfo.get(option).filter(value -> !value.isEmpty());
  }

  private static String text(ConnInfo conninfo, ConnInfoOption option) {
    return conninfo.get(option).orElse("");
  }

  /// Without the password.
  @Override
  public String toString() {
    return "TlsOptions[mode=%s, direct=%s, rootCertificate=%s, certificate=%s, key=%s]"
        .formatted(mode, direct, rootCertificate, certificate, key);
  }
}
