package org.walstream.wire.tls;

import java.nio.ByteBuffer;
import java.security.cert.CertificateException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
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

  private static final byte RECORD_TYPE = 21;
  private static final int RECORD_BYTES = 7;

  private static final Map<Integer, String> NAMES =
      Map.ofEntries(
          Map.entry(10, "unexpected_message"),
          Map.entry(40, "handshake_failure"),
          Map.entry(42, "bad_certificate"),
          Map.entry(43, "unsupported_certificate"),
          Map.entry(44, "certificate_revoked"),
          Map.entry(45, "certificate_expired"),
          Map.entry(46, "certificate_unknown"),
          Map.entry(47, "illegal_parameter"),
          Map.entry(48, "unknown_ca"),
          Map.entry(49, "access_denied"),
          Map.entry(50, "decode_error"),
          Map.entry(51, "decrypt_error"),
          Map.entry(70, "protocol_version"),
          Map.entry(71, "insufficient_security"),
          Map.entry(80, "internal_error"),
          Map.entry(90, "user_canceled"));

  private TlsAlert() {}

  /// The alert that the next record is, if it is one in clear. That is how OpenSSL's clients say
  /// that they do not believe a certificate; Java's engine, which waits for an encrypted record by
  /// then, does not understand it ("Unexpected exception").
  ///
  /// ```
  /// 21 | 3 3 | 0 2 | level | description
  /// ```
  static Optional<String> inClear(ByteBuffer records) {
    int at = records.position();
    return records.remaining() >= RECORD_BYTES
            && records.get(at) == RECORD_TYPE
            && records.get(at + 3) == 0
            && records.get(at + 4) == 2
        ? Optional.ofNullable(NAMES.get(Byte.toUnsignedInt(records.get(at + 6))))
        : Optional.empty();
  }

  /// The failure that an engine would have made of an alert.
  static SSLException received(String alert, SSLException failure) {
    return new SSLHandshakeException("Received fatal alert: " + alert, failure);
  }

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
