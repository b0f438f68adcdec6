package org.walstream.testkit.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import javax.crypto.Cipher;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/// A certificate that somebody has signed, with its key.
public final class IssuedCertificate {

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int ITERATIONS = 2048;
  private static final int AES_KEY_BYTES = 32;
  private static final int AES_BLOCK_BYTES = 16;

  private final Path directory;
  private final String name;
  private final List<byte[]> chain;
  private final PrivateKey key;

  IssuedCertificate(Path directory, String name, List<byte[]> chain, PrivateKey key) {
    this.directory = directory;
    this.name = name;
    this.chain = List.copyOf(chain);
    this.key = key;
  }

  /// The certificate, and those of its authorities but for the root.
  public Path file() throws IOException {
    return Pem.write(directory.resolve(name + ".crt"), "CERTIFICATE", chain);
  }

  public X509Certificate certificate() {
    try {
      var factory = CertificateFactory.getInstance("X.509");
      var in = new ByteArrayInputStream(chain.getFirst());
      return (X509Certificate) factory.generateCertificate(in);
    } catch (CertificateException e) {
      throw new IllegalStateException("it was made here", e);
    }
  }

  /// The key in clear, in a file that only its owner may read.
  public Path key() throws IOException {
    return key(KeyForm.PKCS8, "");
  }

  /// The key, in a file that only its owner may read.
  public Path key(KeyForm form, String passphrase) throws IOException {
    Path file = directory.resolve("%s-%s.key".formatted(name, form).toLowerCase(Locale.ROOT));
    Files.writeString(file, text(form, passphrase));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return file;
  }

  private String text(KeyForm form, String passphrase) {
    String traditional = key.getAlgorithm() + " PRIVATE KEY";
    try {
      return switch (form) {
        case PKCS8 -> Pem.block("PRIVATE KEY", "", key.getEncoded());
        case TRADITIONAL -> Pem.block(traditional, "", traditional());
        case ENCRYPTED_PKCS8 -> Pem.block("ENCRYPTED PRIVATE KEY", "", encrypted(passphrase));
        case ENCRYPTED_TRADITIONAL -> oldEncrypted(traditional, passphrase);
      };
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java cannot encrypt", e);
    }
  }

  /// What is inside of PKCS#8; the curve, which it has outside, is added.
  private byte[] traditional() {
    byte[] pkcs8 = key.getEncoded();
    byte[] inner = lastOctets(pkcs8);
    if (!key.getAlgorithm().equals("EC")) {
      return inner;
    }
    byte[] secret = ((ECPrivateKey) key).getS().toByteArray();
    byte[] number = new byte[32];
    int length = Math.min(secret.length, number.length);
    System.arraycopy(secret, secret.length - length, number, number.length - length, length);
    return Der.sequence(
        Der.integer(1), Der.octets(number), Der.encode(0xa0, Der.oid("1.2.840.10045.3.1.7")));
  }

  /// The third part: behind a version of 3 bytes and the algorithm.
  private static byte[] lastOctets(byte[] pkcs8) {
    int at = headerLength(pkcs8, 0) + 3;
    at += headerLength(pkcs8, at) + (pkcs8[at + 1] & 0xff);
    return Arrays.copyOfRange(pkcs8, at + headerLength(pkcs8, at), pkcs8.length);
  }

  private static int headerLength(byte[] der, int at) {
    int length = der[at + 1] & 0xff;
    return length < 0x80 ? 2 : 2 + (length & 0x7f);
  }

  private byte[] encrypted(String passphrase) throws GeneralSecurityException {
    byte[] salt = random(8);
    byte[] iv = random(AES_BLOCK_BYTES);
    var spec = new PBEKeySpec(passphrase.toCharArray(), salt, ITERATIONS, AES_KEY_BYTES * 8);
    byte[] aes =
        SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(spec).getEncoded();
    byte[] prf = Der.sequence(Der.oid("1.2.840.113549.2.9"), new byte[] {5, 0});
    byte[] derivation =
        Der.sequence(
            Der.oid("1.2.840.113549.1.5.12"),
            Der.sequence(Der.octets(salt), Der.integer(ITERATIONS), prf));
    byte[] cipher = Der.sequence(Der.oid("2.16.840.1.101.3.4.1.42"), Der.octets(iv));
    return Der.sequence(
        Der.sequence(Der.oid("1.2.840.113549.1.5.13"), Der.sequence(derivation, cipher)),
        Der.octets(encrypt(aes, iv, key.getEncoded())));
  }

  private String oldEncrypted(String label, String passphrase) throws GeneralSecurityException {
    byte[] iv = random(AES_BLOCK_BYTES);
    byte[] salted =
        Arrays.copyOf(
            passphrase.getBytes(StandardCharsets.UTF_8),
            passphrase.getBytes(StandardCharsets.UTF_8).length + 8);
    System.arraycopy(iv, 0, salted, salted.length - 8, 8);
    MessageDigest md5 = MessageDigest.getInstance("MD5");
    byte[] first = md5.digest(salted);
    md5.update(first);
    byte[] second = md5.digest(salted);
    byte[] aes = Arrays.copyOf(first, AES_KEY_BYTES);
    System.arraycopy(second, 0, aes, first.length, second.length);
    String headers =
        "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,%s\n\n"
            .formatted(HexFormat.of().withUpperCase().formatHex(iv));
    return Pem.block(label, headers, encrypt(aes, iv, traditional()));
  }

  private static byte[] encrypt(byte[] aes, byte[] iv, byte[] clear)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
    cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(aes, "AES"), new IvParameterSpec(iv));
    return cipher.doFinal(clear);
  }

  private static byte[] random(int count) {
    byte[] bytes = new byte[count];
    RANDOM.nextBytes(bytes);
    return bytes;
  }
}
