package org.walstream.testkit.tls;

import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/// Somebody who signs certificates.
///
/// ```java
/// var authority = CertificateAuthority.in(directory, "root");
/// var server = authority.certificate("CN=localhost").dns("localhost").ip("127.0.0.1").issue("server");
/// // server.file(), server.key(KeyForm.PKCS8, "")
/// ```
public final class CertificateAuthority {

  private static final byte[] CRITICAL = {1, 1, (byte) 0xff};
  private static final byte[] MAY_SIGN = {3, 2, 1, 6};
  private static final Duration LIFE = Duration.ofDays(30);
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Path directory;
  private final X500Principal name;
  private final KeyPair keys;

  /// Its own certificate and those above it.
  private final List<byte[]> chain;

  private CertificateAuthority(
      Path directory, X500Principal name, KeyPair keys, List<byte[]> chain) {
    this.directory = directory;
    this.name = name;
    this.keys = keys;
    this.chain = chain;
  }

  /// One that nobody has signed, which keeps its files in `directory`.
  public static CertificateAuthority in(Path directory, String name) {
    var subject = new X500Principal("CN=" + name);
    KeyPair keys = keys("EC");
    byte[] own = sign(keys, subject, authorityOf(subject, keys.getPublic()));
    return new CertificateAuthority(directory, subject, keys, List.of(own));
  }

  /// One that this one has signed.
  public CertificateAuthority below(String belowName) {
    var subject = new X500Principal("CN=" + belowName);
    KeyPair belowKeys = keys("EC");
    var belowChain = new ArrayList<byte[]>();
    belowChain.add(sign(keys, name, authorityOf(subject, belowKeys.getPublic())));
    belowChain.addAll(chain);
    return new CertificateAuthority(directory, subject, belowKeys, belowChain);
  }

  /// What is to be signed of a certificate, but for the names of who signs and how.
  private record Body(
      X500Principal subject, PublicKey key, Instant from, Instant until, List<byte[]> extensions) {}

  private static Body authorityOf(X500Principal subject, PublicKey key) {
    List<byte[]> extensions =
        List.of(
            extension("2.5.29.19", true, Der.sequence(CRITICAL)),
            extension("2.5.29.15", true, MAY_SIGN));
    Instant now = Instant.now();
    return new Body(subject, key, now.minus(LIFE), now.plus(LIFE), extensions);
  }

  private static byte[] sign(KeyPair issuerKeys, X500Principal issuer, Body body) {
    byte[] algorithm = algorithm(issuerKeys);
    return signed(
        issuerKeys,
        Der.sequence(
            Der.encode(0xa0, Der.integer(2)),
            Der.integer(new BigInteger(63, RANDOM).add(BigInteger.ONE)),
            algorithm,
            issuer.getEncoded(),
            Der.sequence(Der.time(body.from), Der.time(body.until)),
            body.subject.getEncoded(),
            body.key.getEncoded(),
            Der.encode(0xa3, Der.sequence(body.extensions.toArray(byte[][]::new)))));
  }

  private static byte[] signed(KeyPair issuerKeys, byte[] content) {
    try {
      Signature signature = Signature.getInstance("SHA256withECDSA");
      signature.initSign(issuerKeys.getPrivate());
      signature.update(content);
      return Der.sequence(content, algorithm(issuerKeys), Der.bits(signature.sign()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java cannot sign", e);
    }
  }

  private static byte[] algorithm(KeyPair issuerKeys) {
    if (!issuerKeys.getPrivate().getAlgorithm().equals("EC")) {
      throw new IllegalArgumentException("authorities here sign with elliptic curves");
    }
    return Der.sequence(Der.oid("1.2.840.10045.4.3.2"));
  }

  private static byte[] extension(String oid, boolean critical, byte[] value) {
    return critical
        ? Der.sequence(Der.oid(oid), CRITICAL, Der.octets(value))
        : Der.sequence(Der.oid(oid), Der.octets(value));
  }

  private static KeyPair keys(String algorithm) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      if (algorithm.equals("EC")) {
        generator.initialize(new ECGenParameterSpec("secp256r1"));
      }
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java cannot make keys", e);
    }
  }

  /// The authority's own certificate, and those above it: for `ssl_ca_file` and `sslrootcert`.
  public Path file() throws IOException {
    return Pem.write(directory.resolve(fileName() + ".crt"), "CERTIFICATE", chain);
  }

  private String fileName() {
    return name.getName().substring("CN=".length()).replace(' ', '-');
  }

  /// A list of what is not to be believed any more.
  public Path revoke(IssuedCertificate... revoked) throws IOException {
    Instant now = Instant.now();
    byte[][] entries = new byte[revoked.length][];
    for (int i = 0; i < revoked.length; i++) {
      entries[i] =
          Der.sequence(Der.integer(revoked[i].certificate().getSerialNumber()), Der.time(now));
    }
    byte[] list =
        signed(
            keys,
            Der.sequence(
                Der.integer(1),
                algorithm(keys),
                name.getEncoded(),
                Der.time(now.minus(LIFE)),
                Der.time(now.plus(LIFE)),
                entries.length == 0 ? new byte[0] : Der.sequence(entries)));
    return Pem.write(directory.resolve(fileName() + ".crl"), "X509 CRL", List.of(list));
  }

  /// Begins a certificate.
  ///
  /// @param subject such as `CN=localhost,O=walstream`
  public Request certificate(String subject) {
    return new Request(new X500Principal(subject));
  }

  /// A certificate that is to be.
  public final class Request {

    private final X500Principal subject;
    private final List<byte[]> names = new ArrayList<>();
    private String algorithm = "EC";
    private Instant until = Instant.now().plus(LIFE);
    private @Nullable KeyPair signer;

    private Request(X500Principal subject) {
      this.subject = subject;
    }

    /// An alternative name.
    public Request dns(String host) {
      names.add(Der.encode(0x82, host.getBytes(StandardCharsets.US_ASCII)));
      return this;
    }

    /// An alternative address.
    public Request ip(String address) {
      names.add(Der.encode(0x87, InetAddress.ofLiteral(address).getAddress()));
      return this;
    }

    public Request rsa() {
      algorithm = "RSA";
      return this;
    }

    public Request expired() {
      until = Instant.now().minusSeconds(1);
      return this;
    }

    /// Signed by itself, and by nobody else.
    public Request selfSigned() {
      signer = keys("EC");
      return this;
    }

    /// Makes it, in files that begin with `name`.
    public IssuedCertificate issue(String name) {
      var extensions = new ArrayList<byte[]>();
      extensions.add(extension("2.5.29.19", false, Der.sequence()));
      if (!names.isEmpty()) {
        extensions.add(extension("2.5.29.17", false, Der.sequence(names.toArray(byte[][]::new))));
      }
      KeyPair own = signer == null ? keys(algorithm) : signer;
      var body = new Body(subject, own.getPublic(), until.minus(LIFE), until, extensions);
      var all = new ArrayList<byte[]>();
      if (signer == null) {
        all.add(sign(keys, CertificateAuthority.this.name, body));
        all.addAll(chain.subList(0, chain.size() - 1)); // the root is known to who believes it
      } else {
        all.add(sign(signer, subject, body));
      }
      return new IssuedCertificate(directory, name, all, own.getPrivate());
    }
  }
}
