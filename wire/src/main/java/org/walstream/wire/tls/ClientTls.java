package org.walstream.wire.tls;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import org.walstream.wire.conninfo.SecretFile;
import org.walstream.wire.conninfo.TlsOptions;
import org.walstream.wire.conninfo.TlsOptions.CertificateMode;
import org.walstream.wire.transport.Transport;

/// TLS as a client: libpq's `ssl*` options, their files read for one connection, as libpq does it:
/// a certificate that has been renewed is used from the next connection on.
///
/// Counterpart of initialize_SSL() and open_client_SSL(), src/interfaces/libpq/fe-secure-openssl.c.
public final class ClientTls {

  /// WAL comes in records of 16 kB; several are asked for at a time.
  private static final int READ_AHEAD_BYTES = 128 << 10;

  private final TlsOptions options;
  private final String host;
  private final Identity identity;
  private final SSLContext context;

  private ClientTls(TlsOptions options, String host, Identity identity, SSLContext context) {
    this.options = options;
    this.host = host;
    this.identity = identity;
    this.context = context;
  }

  /// Reads the files for a connection to `host`, a name or an address, perhaps empty.
  ///
  /// @throws TlsException in libpq's words
  public static ClientTls load(TlsOptions options, String host) throws TlsException {
    TrustManager trust = trust(options);
    Identity identity = identity(options);
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(new KeyManager[] {identity}, new TrustManager[] {trust}, null);
      return new ClientTls(options, host, identity, context);
    } catch (GeneralSecurityException e) {
      throw new TlsException("could not create SSL context: " + e.getMessage(), e);
    }
  }

  private static TrustManager trust(TlsOptions options) throws TlsException {
    if (options.trustsSystem()) {
      return Trust.inSystem();
    }
    Optional<Path> file = options.rootCertificate().filter(Files::exists);
    if (file.isEmpty()) {
      if (options.mode().verifies()) {
        throw new TlsException(noRoot(options.rootCertificate()));
      }
      return Trust.inAnybody();
    }
    try {
      return Trust.in(PemCertificates.read(file.get()), revoked(options));
    } catch (PemException e) {
      throw new TlsException(
          "could not read root certificate file \"%s\": %s".formatted(file.get(), e.getMessage()),
          e);
    }
  }

  private static String noRoot(Optional<Path> file) {
    return file.map(path -> "root certificate file \"%s\" does not exist".formatted(path))
            .orElse("could not get home directory to locate root certificate file")
        + "\nEither provide the file, use the system's trusted roots with sslrootcert=system, or"
        + " change sslmode to disable server certificate verification.";
  }

  /// As in libpq, lists that are not there, or cannot be read, are as good as none.
  private static List<X509CRL> revoked(TlsOptions options) {
    var lists = new ArrayList<X509CRL>();
    try {
      if (options.revoked().isPresent()) {
        lists.addAll(PemCertificates.readRevoked(options.revoked().get()));
      }
      if (options.revokedDirectory().isPresent()) {
        lists.addAll(PemCertificates.readRevokedDirectory(options.revokedDirectory().get()));
      }
      return List.copyOf(lists);
    } catch (PemException none) {
      return List.of();
    }
  }

  private static Identity identity(TlsOptions options) throws TlsException {
    Optional<Path> file = options.certificate().filter(path -> !Files.notExists(path));
    if (file.isEmpty() || options.certificateMode() == CertificateMode.DISABLE) {
      return Identity.none();
    }
    List<X509Certificate> chain;
    try {
      chain = PemCertificates.read(file.get());
    } catch (PemException e) {
      throw new TlsException(
          "could not read certificate file \"%s\": %s".formatted(file.get(), e.getMessage()), e);
    }
    Path keyFile =
        options
            .key()
            .orElseThrow(() -> new TlsException("certificate present, but not private key file"));
    var identity = Identity.of(key(keyFile, options), chain);
    if (!identity.isSound()) {
      throw new TlsException(
          "certificate does not match private key file \"%s\": key values mismatch"
              .formatted(keyFile));
    }
    return identity;
  }

  private static PrivateKey key(Path file, TlsOptions options) throws TlsException {
    try {
      switch (SecretFile.check(file)) {
        case SOUND, SOMEBODY_ELSES -> {} // who can read it may use it
        case MISSING ->
            throw new TlsException(
                "certificate present, but not private key file \"%s\"".formatted(file));
        case NOT_A_FILE ->
            throw new TlsException("private key file \"%s\" is not a regular file".formatted(file));
        case EXPOSED ->
            throw new TlsException(
                ("private key file \"%s\" has group or world access; file must have permissions"
                        + " u=rw (0600) or less if owned by the current user, or permissions"
                        + " u=rw,g=r (0640) or less if owned by root")
                    .formatted(file));
      }
      return PemKey.read(
          file,
          () ->
              options
                  .keyPassword()
                  .orElseThrow(() -> new PemException("bad password read"))
                  .toCharArray());
    } catch (TlsException e) {
      throw e;
    } catch (IOException e) {
      throw new TlsException(
          "could not load private key file \"%s\": %s".formatted(file, e.getMessage()), e);
    }
  }

  /// Shakes hands with a server, and checks that it is the one that was meant.
  ///
  /// @throws TlsException in libpq's words
  public TlsTransport connect(Transport transport) throws IOException {
    TlsTransport secured = shakeHands(transport);
    TlsSession session = secured.session();
    if (session.applicationProtocol().isEmpty() && options.direct()) {
      throw new TlsException(
          "direct SSL connection was established without ALPN protocol negotiation extension");
    }
    if (options.certificateMode() == CertificateMode.REQUIRE && session.client().isEmpty()) {
      throw new TlsException(
          identity.wasAskedFor()
              ? "server accepted connection without a valid SSL certificate"
              : "server did not request an SSL certificate");
    }
    if (options.mode().verifiesName()) {
      Optional<String> complaint =
          session
              .server()
              .map(certificate -> PeerName.complaint(certificate, host))
              .orElse(Optional.of("certificate could not be obtained"));
      if (complaint.isPresent()) {
        throw new TlsException(complaint.get());
      }
    }
    return secured;
  }

  private TlsTransport shakeHands(Transport transport) throws IOException {
    SSLEngine engine = context.createSSLEngine();
    engine.setUseClientMode(true);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setProtocols(options.versions().names());
    parameters.setApplicationProtocols(new String[] {ServerTls.APPLICATION_PROTOCOL});
    if (options.sni() && isName(host)) {
      parameters.setServerNames(List.of(new SNIHostName(host)));
    }
    engine.setSSLParameters(parameters);
    try {
      return TlsTransport.over(transport, engine, ByteBuffer.allocate(0), READ_AHEAD_BYTES);
    } catch (SSLException e) {
      throw new TlsException("SSL error: " + TlsAlert.reason(e) + hint(e), e);
    } catch (EOFException e) {
      throw new TlsException(String.valueOf(e.getMessage()), e);
    }
  }

  private String hint(SSLException failure) {
    return TlsAlert.reason(failure).contains("protocol version")
        ? "\nThis may indicate that the server does not support any SSL protocol version between %s and %s."
            .formatted(options.versions().min(), options.versions().max())
        : "";
  }

  /// Addresses are never named to the server.
  private static boolean isName(String host) {
    return !host.isEmpty() && !host.matches("[0-9.]*") && host.indexOf(':') < 0 && isHostName(host);
  }

  private static boolean isHostName(String host) {
    try {
      var _ = new SNIHostName(host);
      return true;
    } catch (IllegalArgumentException e) {
      return false; // nothing that a server could know it by
    }
  }
}
