package org.walstream.wire.tls;

import java.security.cert.CertificateException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// What has gone wrong in a handshake, in OpenSSL's words, which are those that PostgreSQL and
/// libpq pass on.
///
/// Source: RFC 8446, section 6, for alerts; ssl/ssl_err.c of OpenSSL for how it calls them.
final class TlsAlert {

  private static final Pattern RECEIVED = Pattern.compile("Received fatal alert: (\\w+)");

  /// The alerts that SSL 3.0 had already.
  private static final Set<String> OLD =
      Set.of(
          "unexpected_message",
          "bad_record_mac",
          "decompression_failure",
          "handshake_failure",
          "no_certificate",
          "bad_certificate",
          "unsupported_certificate",
          "certificate_revoked",
          "certificate_expired",
          "certificate_unknown",
          "illegal_parameter");

  private TlsAlert() {}

  static String reason(SSLException failure) {
    Matcher received = RECEIVED.matcher(String.valueOf(failure.getMessage()));
    if (received.find()) {
      String alert = received.group(1).toLowerCase(Locale.ROOT);
      String since =
          OLD.contains(alert)
              ? "ssl/tls"
              : alert.equals("certificate_required") ? "tlsv13" : "tlsv1";
      return "%s alert %s".formatted(since, alert.replace('_', ' '));
    }
    if (certificateFailure(failure) != null) {
      return "certificate verify failed";
    }
    String text = String.valueOf(failure.getMessage());
    if (text.contains("protocol") && (text.contains("version") || text.contains("not enabled"))) {
      return "unsupported protocol";
    }
    if (text.contains("no cipher suites in common")) {
      return "no shared cipher";
    }
    return text.startsWith("Unsupported or unrecognized") ? "wrong version number" : text;
  }

  /// Why the other side's certificate is not believed; null if that is not what has gone wrong.
  static @Nullable CertificateException certificateFailure(Throwable failure) {
    for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateException certificate) {
        return certificate;
      }
    }
    return null;
  }
}
