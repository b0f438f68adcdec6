package org.walstream.wire.tls;

import java.io.IOException;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.spec.PSSParameterSpec;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/// What two sides have agreed on: what `pg_stat_ssl` shows of a connection.
///
/// @param version such as `TLSv1.3`
/// @param cipher by OpenSSL's name
/// @param bits the length of the cipher's key
/// @param applicationProtocol what ALPN has chosen; empty when it has not
/// @param client the client's certificate, if it has shown one
/// @param server the server's certificate
public record TlsSession(
    String version,
    String cipher,
    int bits,
    String applicationProtocol,
    Optional<X509Certificate> client,
    Optional<X509Certificate> server) {

  private static final Pattern SUITE =
      Pattern.compile("TLS_(?:(?<exchange>[A-Z0-9_]+)_WITH_)(?<cipher>[A-Z0-9_]+)");
  private static final Pattern BITS = Pattern.compile("(?:AES|ARIA|CAMELLIA)_?(\\d{3})");
  private static final int CHACHA20_BITS = 256;

  static TlsSession of(SSLEngine engine) {
    SSLSession session = engine.getSession();
    Optional<X509Certificate> ours = first(session.getLocalCertificates());
    Optional<X509Certificate> theirs = peer(session);
    boolean client = engine.getUseClientMode();
    @Nullable String protocol = engine.getApplicationProtocol();
    return new TlsSession(
        session.getProtocol(),
        openSslName(session.getCipherSuite()),
        bits(session.getCipherSuite()),
        protocol == null ? "" : protocol,
        client ? ours : theirs,
        client ? theirs : ours);
  }

  private static Optional<X509Certificate> peer(SSLSession session) {
    try {
      return first(session.getPeerCertificates());
    } catch (SSLPeerUnverifiedException none) {
      return Optional.empty();
    }
  }

  private static Optional<X509Certificate> first(Certificate @Nullable [] chain) {
    return chain != null && chain.length > 0 && chain[0] instanceof X509Certificate certificate
        ? Optional.of(certificate)
        : Optional.empty();
  }

  /// `TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384` is `ECDHE-RSA-AES256-GCM-SHA384`; the names of TLS 1.3
  /// are the same to both.
  static String openSslName(String suite) {
    Matcher matcher = SUITE.matcher(suite);
    if (!matcher.matches()) {
      return suite;
    }
    String exchange = matcher.group("exchange");
    String cipher = matcher.group("cipher").replaceFirst("AES_(\\d+)", "AES$1").replace("_CBC", "");
    if (cipher.startsWith("CHACHA20_POLY1305")) {
      cipher = "CHACHA20_POLY1305";
    }
    return (exchange.equals("RSA") ? cipher : exchange + "_" + cipher).replace('_', '-');
  }

  private static int bits(String suite) {
    Matcher matcher = BITS.matcher(suite);
    return matcher.find() ? Integer.parseInt(matcher.group(1)) : CHACHA20_BITS;
  }

  /// The channel binding `tls-server-end-point`: a hash of the server's certificate, by the hash
  /// that its signature was made with, but none weaker than SHA-256; empty when there is no telling
  /// which.
  ///
  /// Source: RFC 5929, section 4.1.
  public Optional<byte[]> endPoint() {
    return server.flatMap(TlsSession::endPoint);
  }

  private static Optional<byte[]> endPoint(X509Certificate certificate) {
    Optional<String> hash = signatureHash(certificate);
    if (hash.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(MessageDigest.getInstance(hash.get()).digest(certificate.getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a certificate that was read before", e);
    }
  }

  private static Optional<String> signatureHash(X509Certificate certificate) {
    String name = certificate.getSigAlgName().toUpperCase(Locale.ROOT);
    if (name.equals("RSASSA-PSS")) {
      return pssHash(certificate);
    }
    int with = name.indexOf("WITH");
    if (with < 0) {
      return Optional.empty(); // Ed25519 has none of its own
    }
    String hash = name.substring(0, with);
    return Optional.of(
        switch (hash) {
          case "MD5", "SHA1" -> "SHA-256";
          default ->
              hash.startsWith("SHA") && !hash.contains("-") ? "SHA-" + hash.substring(3) : hash;
        });
  }

  private static Optional<String> pssHash(X509Certificate certificate) {
    try {
      var parameters = AlgorithmParameters.getInstance("RSASSA-PSS");
      parameters.init(certificate.getSigAlgParams());
      String hash = parameters.getParameterSpec(PSSParameterSpec.class).getDigestAlgorithm();
      return Optional.of(hash.equals("SHA-1") ? "SHA-256" : hash);
    } catch (GeneralSecurityException | IOException e) {
      return Optional.empty();
    }
  }
}
