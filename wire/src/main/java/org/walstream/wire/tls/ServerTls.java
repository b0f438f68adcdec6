package org.walstream.wire.tls;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import org.walstream.wire.TlsVersions;
import org.walstream.wire.conninfo.SecretFile;
import org.walstream.wire.transport.Transport;

/// TLS as a server: PostgreSQL's `ssl_*` parameters, their files read and checked. Immutable; when
/// the files change, another one is made for the connections that come then. Thread-safe.
///
/// Counterpart of be_tls_init() and be_tls_open_server(), src/backend/libpq/be-secure-openssl.c.
public final class ServerTls {

  /// The protocol's name in ALPN.
  static final String APPLICATION_PROTOCOL = "postgresql";

  private static final int READ_AHEAD_BYTES = 2 << 10;

  /// What the parameters say.
  ///
  /// @param roots `ssl_ca_file`: whose clients' certificates are believed; without it none is asked
  ///   for
  /// @param revoked `ssl_crl_file`
  /// @param revokedDirectory `ssl_crl_dir`
  public record Files(
      Path certificate,
      Path key,
      Optional<Path> roots,
      Optional<Path> revoked,
      Optional<Path> revokedDirectory,
      Optional<PassphraseCommand> passphrase,
      TlsVersions versions) {}

  private final SSLContext context;
  private final boolean asksClients;
  private final TlsVersions versions;

  private ServerTls(SSLContext context, boolean asksClients, TlsVersions versions) {
    this.context = context;
    this.asksClients = asksClients;
    this.versions = versions;
  }

  /// Reads the files for the first time.
  ///
  /// @throws TlsException in PostgreSQL's words
  public static ServerTls load(Files files) throws TlsException {
    return load(files, false);
  }

  /// Reads the files again: nobody can be asked for a passphrase now.
  ///
  /// @throws TlsException in PostgreSQL's words
  public static ServerTls reload(Files files) throws TlsException {
    return load(files, true);
  }

  private static ServerTls load(Files files, boolean again) throws TlsException {
    checkVersions(files.versions);
    List<X509Certificate> chain = chain(files.certificate);
    var identity = Identity.of(key(files, again), chain);
    if (!identity.isSound()) {
      throw new TlsException(
          "could not load private key file \"%s\": key values mismatch".formatted(files.key));
    }
    Optional<Trust> trust = trust(files);
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          new KeyManager[] {identity},
          new TrustManager[] {trust.isPresent() ? trust.get() : Trust.in(List.of(), List.of())},
          null);
      context.getServerSessionContext().setSessionCacheSize(1); // nobody comes back to a session
      return new ServerTls(context, trust.isPresent(), files.versions);
    } catch (GeneralSecurityException e) {
      throw new TlsException("could not create SSL context: " + e.getMessage(), e);
    }
  }

  private static void checkVersions(TlsVersions versions) throws TlsException {
    if (versions.min().compareTo(versions.max()) > 0) {
      throw new TlsException(
          "could not set SSL protocol version range: \"ssl_min_protocol_version\" cannot be higher"
              + " than \"ssl_max_protocol_version\"");
    }
    if (versions.isHopeless()) {
      throw new TlsException(
          "\"ssl_max_protocol_version\" setting \"%s\" not supported by this build"
              .formatted(versions.max()));
    }
  }

  private static List<X509Certificate> chain(Path file) throws TlsException {
    try {
      return PemCertificates.read(file);
    } catch (PemException e) {
      throw new TlsException(
          "could not load server certificate file \"%s\": %s".formatted(file, e.getMessage()), e);
    }
  }

  private static PrivateKey key(Files files, boolean again) throws TlsException {
    Path file = files.key;
    try {
      Optional<String> complaint = SecretFile.check(file).complaint("private key file", file);
      if (complaint.isPresent()) {
        throw new TlsException(complaint.get());
      }
      return PemKey.read(file, () -> passphrase(files, again));
    } catch (TlsException e) {
      throw e;
    } catch (IOException e) {
      throw new TlsException(
          "could not load private key file \"%s\": %s".formatted(file, e.getMessage()), e);
    }
  }

  private static char[] passphrase(Files files, boolean again) throws IOException {
    boolean mayAsk =
        !again || files.passphrase.map(PassphraseCommand::supportsReload).orElse(false);
    if (!mayAsk) {
      throw new TlsException(
          "private key file \"%s\" cannot be reloaded because it requires a passphrase"
              .formatted(files.key));
    }
    if (files.passphrase.isEmpty()) {
      throw new PemException("it requires a passphrase, and ssl_passphrase_command is not set");
    }
    return files.passphrase.get().run();
  }

  private static Optional<Trust> trust(Files files) throws TlsException {
    if (files.roots.isEmpty()) {
      return Optional.empty();
    }
    List<X509Certificate> roots;
    try {
      roots = PemCertificates.read(files.roots.get());
    } catch (PemException e) {
      throw new TlsException(
          "could not load root certificate file \"%s\": %s"
              .formatted(files.roots.get(), e.getMessage()),
          e);
    }
    return Optional.of(Trust.in(roots, revoked(files)));
  }

  private static List<X509CRL> revoked(Files files) throws TlsException {
    var lists = new ArrayList<X509CRL>();
    try {
      if (files.revoked.isPresent()) {
        lists.addAll(PemCertificates.readRevoked(files.revoked.get()));
      }
    } catch (PemException e) {
      throw new TlsException(
          "could not load SSL certificate revocation list file \"%s\": %s"
              .formatted(files.revoked.orElseThrow(), e.getMessage()),
          e);
    }
    try {
      if (files.revokedDirectory.isPresent()) {
        lists.addAll(PemCertificates.readRevokedDirectory(files.revokedDirectory.get()));
      }
    } catch (PemException e) {
      throw new TlsException(
          "could not load SSL certificate revocation list directory \"%s\": %s"
              .formatted(files.revokedDirectory.orElseThrow(), e.getMessage()),
          e);
    }
    return lists;
  }

  /// Whether clients' certificates can be checked: they are asked for, and a wrong one ends the
  /// handshake.
  public boolean asksClients() {
    return asksClients;
  }

  /// Shakes hands with a client.
  ///
  /// @param already bytes that came before it was clear that they are TLS's
  /// @throws TlsException if it fails, as PostgreSQL logs it
  public TlsTransport accept(Transport transport, ByteBuffer already) throws IOException {
    SSLEngine engine = context.createSSLEngine();
    engine.setUseClientMode(false);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setProtocols(versions.names());
    parameters.setApplicationProtocols(new String[] {APPLICATION_PROTOCOL});
    parameters.setUseCipherSuitesOrder(true);
    parameters.setWantClientAuth(asksClients);
    engine.setSSLParameters(parameters);
    try {
      return TlsTransport.over(transport, engine, already, READ_AHEAD_BYTES);
    } catch (SSLException e) {
      throw new TlsException("could not accept SSL connection: " + reason(e), e);
    } catch (EOFException e) {
      throw new TlsException("could not accept SSL connection: EOF detected", e);
    }
  }

  private static String reason(SSLException failure) {
    @Nullable CertificateException why = TlsAlert.certificateFailure(failure);
    return why == null
        ? TlsAlert.reason(failure)
        : "%s: Client certificate verification failed: %s."
            .formatted(TlsAlert.reason(failure), why.getMessage());
  }
}
