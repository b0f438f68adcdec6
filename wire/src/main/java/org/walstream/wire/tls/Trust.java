package org.walstream.wire.tls;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.KeyStore;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CRL;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// Whose certificates are believed: those that a chain leads from to one of the roots. With lists
/// of revoked certificates, every certificate of the chain must be covered by one.
///
/// Checked by the JDK; what is wrong is said in OpenSSL's words, with the place in the chain. Names
/// of hosts are not compared here: libpq does it in its own way ([PeerName]).
final class Trust extends X509ExtendedTrustManager {

  private final X509ExtendedTrustManager checks;
  private final X509Certificate[] roots;

  private Trust(X509ExtendedTrustManager checks, List<X509Certificate> roots) {
    this.checks = checks;
    this.roots = roots.toArray(X509Certificate[]::new);
  }

  /// @param authorities roots, and certificates that may lead to them
  static Trust in(List<X509Certificate> authorities, List<X509CRL> revoked) {
    Set<TrustAnchor> anchors =
        authorities.stream()
            .filter(Trust::isSelfSigned)
            .map(root -> new TrustAnchor(root, null))
            .collect(Collectors.toSet());
    if (anchors.isEmpty()) {
      return new Trust(new Nobody(), authorities);
    }
    try {
      var parameters = new PKIXBuilderParameters(anchors, new X509CertSelector());
      var known = new ArrayList<Object>(authorities);
      known.addAll(revoked);
      parameters.addCertStore(
          CertStore.getInstance("Collection", new CollectionCertStoreParameters(known)));
      parameters.setRevocationEnabled(!revoked.isEmpty());
      if (!revoked.isEmpty()) {
        parameters.addCertPathChecker(onlyLists());
      }
      var factory = TrustManagerFactory.getInstance("PKIX");
      factory.init(new CertPathTrustManagerParameters(parameters));
      return new Trust(manager(factory), authorities);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java cannot check certificates", e);
    }
  }

  /// What the platform trusts.
  static Trust inSystem() {
    try {
      var factory = TrustManagerFactory.getInstance("PKIX");
      factory.init((KeyStore) null);
      return new Trust(manager(factory), List.of());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java cannot check certificates", e);
    }
  }

  /// Believes everybody: encryption alone was asked for.
  static TrustManager inAnybody() {
    return new Anybody();
  }

  private static X509ExtendedTrustManager manager(TrustManagerFactory factory)
      throws InvalidAlgorithmParameterException {
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof X509ExtendedTrustManager found) {
        return found;
      }
    }
    throw new InvalidAlgorithmParameterException("there is no trust manager for X.509");
  }

  /// Nobody is asked over the network.
  private static PKIXRevocationChecker onlyLists() throws GeneralSecurityException {
    var checker =
        (PKIXRevocationChecker) CertPathBuilder.getInstance("PKIX").getRevocationChecker();
    checker.setOptions(
        EnumSet.of(
            PKIXRevocationChecker.Option.PREFER_CRLS, PKIXRevocationChecker.Option.NO_FALLBACK));
    return checker;
  }

  private static boolean isSelfSigned(X509Certificate certificate) {
    return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
  }

  /// What the JDK has found wrong, as OpenSSL says it.
  static String reason(Throwable failure, X509Certificate[] chain) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      switch (cause) {
        case CertificateExpiredException expired -> {
          return "certificate has expired";
        }
        case CertificateNotYetValidException early -> {
          return "certificate is not yet valid";
        }
        case CertPathValidatorException invalid when invalid.getReason() == BasicReason.REVOKED -> {
          return "certificate revoked";
        }
        case CertPathValidatorException invalid
            when invalid.getReason() == BasicReason.UNDETERMINED_REVOCATION_STATUS -> {
          return "unable to get certificate CRL";
        }
        case CertPathValidatorException invalid
            when invalid.getReason() == BasicReason.INVALID_SIGNATURE -> {
          return "certificate signature failure";
        }
        default -> {}
      }
    }
    return failure.getCause() instanceof CertPathBuilderException
        ? noPath(chain)
        : "unsuitable certificate purpose";
  }

  private static String noPath(X509Certificate[] chain) {
    if (isSelfSigned(chain[0])) {
      return "self-signed certificate";
    }
    return isSelfSigned(chain[chain.length - 1])
        ? "self-signed certificate in certificate chain"
        : "unable to get local issuer certificate";
  }

  private interface Check {
    void run() throws CertificateException;
  }

  private static void check(X509Certificate[] chain, Check check) throws CertificateException {
    try {
      check.run();
    } catch (CertificateException e) {
      // The cause decides which alert the other side gets.
      throw new CertificateException(
          reason(e, chain), e.getCause() == null ? e : validatorCause(e));
    }
  }

  private static Throwable validatorCause(CertificateException failure) {
    for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertPathValidatorException) {
        return cause;
      }
    }
    return failure;
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable SSLEngine engine)
      throws CertificateException {
    check(chain, () -> checks.checkClientTrusted(chain, type, engine));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, @Nullable SSLEngine engine)
      throws CertificateException {
    check(chain, () -> checks.checkServerTrusted(chain, type, engine));
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable Socket socket)
      throws CertificateException {
    check(chain, () -> checks.checkClientTrusted(chain, type, socket));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, @Nullable Socket socket)
      throws CertificateException {
    check(chain, () -> checks.checkServerTrusted(chain, type, socket));
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    check(chain, () -> checks.checkClientTrusted(chain, type));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    check(chain, () -> checks.checkServerTrusted(chain, type));
  }

  /// Named to clients, so that they may choose among their certificates.
  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return roots.clone();
  }

  /// The same answer to every question.
  private abstract static class Constant extends X509ExtendedTrustManager {

    abstract void answer() throws CertificateException;

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable SSLEngine engine)
        throws CertificateException {
      answer();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, @Nullable SSLEngine engine)
        throws CertificateException {
      answer();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable Socket socket)
        throws CertificateException {
      answer();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, @Nullable Socket socket)
        throws CertificateException {
      answer();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      answer();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      answer();
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  private static final class Anybody extends Constant {
    @Override
    void answer() {}
  }

  private static final class Nobody extends Constant {
    @Override
    void answer() throws CertificateException {
      var none = new CertPathBuilderException("there is no root");
      throw new CertificateException(none.getMessage(), none);
    }
  }
}
