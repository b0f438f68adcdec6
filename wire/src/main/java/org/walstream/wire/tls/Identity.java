package org.walstream.wire.tls;

import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/// The one certificate that this side shows, whatever the other says it would like, and its key.
///
/// The JDK's own key managers choose among several, and keep a certificate back that none of the
/// other side's authorities has signed; OpenSSL, and so PostgreSQL, shows what it has.
final class Identity extends X509ExtendedKeyManager {

  private static final String ALIAS = "walstream";

  private final @Nullable PrivateKey key;
  private final X509Certificate[] chain;
  private volatile boolean askedFor;

  private Identity(@Nullable PrivateKey key, List<X509Certificate> chain) {
    this.key = key;
    this.chain = chain.toArray(X509Certificate[]::new);
  }

  /// @param chain the certificate first, then those of its authorities
  static Identity of(PrivateKey key, List<X509Certificate> chain) {
    return new Identity(key, chain);
  }

  /// Shows nothing.
  static Identity none() {
    return new Identity(null, List.of());
  }

  /// Whether the other side has wanted to see a certificate.
  boolean wasAskedFor() {
    return askedFor;
  }

  /// Whether the key is the certificate's.
  boolean isSound() {
    PublicKey publicKey = chain[0].getPublicKey();
    if (key == null || !publicKey.getAlgorithm().equals(key.getAlgorithm())) {
      return false;
    }
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> key.getAlgorithm();
        };
    try {
      byte[] something = ALIAS.getBytes(StandardCharsets.US_ASCII);
      Signature signature = Signature.getInstance(algorithm);
      if (algorithm.equals("RSASSA-PSS")) {
        signature.setParameter(
            new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
      }
      signature.initSign(key);
      signature.update(something);
      byte[] signed = signature.sign();
      signature.initVerify(publicKey);
      signature.update(something);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false; // a key that cannot be used with this certificate
    }
  }

  private @Nullable String choose(String... keyTypes) {
    askedFor = true;
    String algorithm = key == null ? "" : key.getAlgorithm();
    return Arrays.stream(keyTypes).anyMatch(type -> fits(type, algorithm)) ? ALIAS : null;
  }

  /// A type may say of the issuer's key too (`EC_RSA`), which does not matter.
  private static boolean fits(String type, String algorithm) {
    String wanted = type.contains("_") ? type.substring(0, type.indexOf('_')) : type;
    return wanted.equals(algorithm)
        || (algorithm.equals("RSA") && wanted.equals("RSASSA-PSS"))
        || (algorithm.equals("EdDSA") && wanted.startsWith("Ed"));
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    return choose(keyType);
  }

  @Override
  public @Nullable String chooseEngineClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    return choose(keyTypes);
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return choose(keyType);
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return choose(keyTypes);
  }

  @Override
  public String[] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    return new String[] {ALIAS};
  }

  @Override
  public String[] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return new String[] {ALIAS};
  }

  @Override
  public X509Certificate[] getCertificateChain(String alias) {
    return chain.clone();
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(String alias) {
    return key;
  }
}
