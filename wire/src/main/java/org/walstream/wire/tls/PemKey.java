package org.walstream.wire.tls;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// A private key out of a PEM file, in each of the forms in which OpenSSL writes them.
///
/// ```
/// PRIVATE KEY             PKCS#8
/// ENCRYPTED PRIVATE KEY   PKCS#8 under a passphrase (PBES2)
/// RSA PRIVATE KEY         PKCS#1, in clear or under a passphrase (Proc-Type: 4,ENCRYPTED)
/// EC PRIVATE KEY          SEC1, the same
/// ```
///
/// Source: RFC 5958, RFC 8017 (A.1.2), RFC 5915, RFC 8018; the old encryption is OpenSSL's own
/// (EVP_BytesToKey).
final class PemKey {

  /// Where a passphrase comes from, if one is needed.
  interface Passphrases {
    /// @throws PemException if there is none to be had
    char[] ask() throws IOException;
  }

  private static final byte[] RSA = oid("2a864886f70d010101");
  private static final byte[] EC = oid("2a8648ce3d0201");
  private static final byte[] NULL = {5, 0};

  /// The JDK's names of what PKCS#8 names by numbers.
  private static final Map<String, String> FACTORIES =
      Map.of(
          "2a864886f70d010101", "RSA",
          "2a864886f70d01010a", "RSASSA-PSS",
          "2a8648ce3d0201", "EC",
          "2b6570", "EdDSA",
          "2b6571", "EdDSA");

  private static final String PBES2 = "2a864886f70d01050d";
  private static final String PBKDF2 = "2a864886f70d01050c";
  private static final String HMAC_SHA1 = "2a864886f70d0207";

  private static final Map<String, String> PRFS =
      Map.of(
          HMAC_SHA1,
          "PBKDF2WithHmacSHA1",
          "2a864886f70d0208",
          "PBKDF2WithHmacSHA224",
          "2a864886f70d0209",
          "PBKDF2WithHmacSHA256",
          "2a864886f70d020a",
          "PBKDF2WithHmacSHA384",
          "2a864886f70d020b",
          "PBKDF2WithHmacSHA512");

  /// A cipher and the bytes of its key.
  private record Encryption(String cipher, String algorithm, int keyBytes) {}

  private static final Encryption DES3 = new Encryption("DESede/CBC/PKCS5Padding", "DESede", 24);

  private static final Map<String, Encryption> ENCRYPTIONS =
      Map.of(
          "60864801650304" + "0102",
          aes(16),
          "60864801650304" + "0116",
          aes(24),
          "60864801650304" + "012a",
          aes(32),
          "2a864886f70d0307",
          DES3);

  private static final Map<String, Encryption> OLD_ENCRYPTIONS =
      Map.of(
          "AES-128-CBC",
          aes(16),
          "AES-192-CBC",
          aes(24),
          "AES-256-CBC",
          aes(32),
          "DES-EDE3-CBC",
          DES3);

  private PemKey() {}

  private static Encryption aes(int keyBytes) {
    return new Encryption("AES/CBC/PKCS5Padding", "AES", keyBytes);
  }

  /// The first key of `file`.
  static PrivateKey read(Path file, Passphrases passphrases) throws IOException {
    for (PemBlock block : PemBlock.read(file)) {
      if (block.label().endsWith("PRIVATE KEY")) {
        return key(block, passphrases);
      }
    }
    throw new PemException("no start line");
  }

  private static PrivateKey key(PemBlock block, Passphrases passphrases) throws IOException {
    byte[] content =
        block.headers().containsKey("DEK-Info")
            ? decryptOld(block, passphrases.ask())
            : block.content();
    return pkcs8(
        switch (block.label()) {
          case "PRIVATE KEY" -> content;
          case "ENCRYPTED PRIVATE KEY" -> decrypt(content, passphrases.ask());
          case "RSA PRIVATE KEY" -> wrap(Der.encode(Der.SEQUENCE, RSA, NULL), content);
          case "EC PRIVATE KEY" -> fromSec1(content);
          default -> throw new PemException("unsupported");
        });
  }

  private static PrivateKey pkcs8(byte[] encoded) throws PemException {
    List<Der.Value> parts = parts(Der.value(encoded), 3);
    String algorithm = FACTORIES.get(identifier(parts.get(1)));
    if (algorithm == null) {
      throw new PemException("unsupported algorithm");
    }
    try {
      return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
    } catch (GeneralSecurityException e) {
      throw new PemException("bad object header", e);
    }
  }

  private static byte[] wrap(byte[] algorithm, byte[] key) {
    return Der.encode(
        Der.SEQUENCE,
        Der.encode(Der.INTEGER, new byte[1]),
        algorithm,
        Der.encode(Der.OCTET_STRING, key));
  }

  /// SEC1 has the curve behind the key, PKCS#8 before it.
  private static byte[] fromSec1(byte[] sec1) throws PemException {
    List<Der.Value> parts = parts(Der.value(sec1), 2);
    for (Der.Value part : parts) {
      if (part.tag() == Der.CONTEXT_0) {
        return wrap(
            Der.encode(Der.SEQUENCE, EC, part.content()),
            Der.encode(Der.SEQUENCE, parts.get(0).encoded(), parts.get(1).encoded()));
      }
    }
    throw new PemException("missing parameters");
  }

  /// ```
  /// SEQUENCE { SEQUENCE { PBES2, SEQUENCE { SEQUENCE { PBKDF2, SEQUENCE { salt, count, [length], [prf] } },
  ///                                         SEQUENCE { cipher, iv } } },
  ///            encrypted }
  /// ```
  private static byte[] decrypt(byte[] encoded, char[] passphrase) throws PemException {
    List<Der.Value> outer = parts(Der.value(encoded), 2);
    List<Der.Value> scheme = parts(outer.get(0), 2);
    if (!hex(scheme.get(0)).equals(PBES2)) {
      throw new PemException("unsupported encryption of a private key: it is not PBES2");
    }
    List<Der.Value> both = parts(scheme.get(1), 2);
    List<Der.Value> derivation = parts(both.get(0), 2);
    List<Der.Value> cipher = parts(both.get(1), 2);
    @Nullable Encryption encryption = ENCRYPTIONS.get(hex(cipher.get(0)));
    @Nullable String prf = PRFS.get(prf(parts(derivation.get(1), 2)));
    if (!hex(derivation.get(0)).equals(PBKDF2) || encryption == null || prf == null) {
      throw new PemException("unsupported cipher");
    }
    List<Der.Value> parameters = parts(derivation.get(1), 2);
    try {
      var spec =
          new PBEKeySpec(
              passphrase,
              parameters.get(0).content(),
              new BigInteger(1, parameters.get(1).content()).intValueExact(),
              encryption.keyBytes * 8);
      byte[] key = SecretKeyFactory.getInstance(prf).generateSecret(spec).getEncoded();
      return decrypt(encryption, key, cipher.get(1).content(), outer.get(1).content());
    } catch (GeneralSecurityException | ArithmeticException | IllegalArgumentException e) {
      throw badDecrypt(e);
    }
  }

  private static String prf(List<Der.Value> parameters) throws PemException {
    for (Der.Value parameter : parameters) {
      if (parameter.tag() == Der.SEQUENCE) {
        return identifier(parameter);
      }
    }
    return HMAC_SHA1;
  }

  private static byte[] decryptOld(PemBlock block, char[] passphrase) throws PemException {
    String[] how = block.headers().getOrDefault("DEK-Info", "").split(",", 2);
    Encryption encryption = OLD_ENCRYPTIONS.get(how[0]);
    if (encryption == null || how.length < 2) {
      throw new PemException("unsupported encryption");
    }
    try {
      byte[] iv = HexFormat.of().parseHex(how[1]);
      byte[] words = new String(passphrase).getBytes(StandardCharsets.UTF_8);
      return decrypt(encryption, oldKey(words, iv, encryption.keyBytes), iv, block.content());
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw badDecrypt(e);
    }
  }

  /// MD5 of what came before, the passphrase and eight bytes of salt, until there is enough.
  private static byte[] oldKey(byte[] passphrase, byte[] iv, int bytes)
      throws GeneralSecurityException {
    MessageDigest md5 = MessageDigest.getInstance("MD5");
    byte[] key = new byte[0];
    byte[] digest = new byte[0];
    while (key.length < bytes) {
      md5.update(digest);
      md5.update(passphrase);
      md5.update(iv, 0, Math.min(8, iv.length));
      digest = md5.digest();
      int had = key.length;
      key = Arrays.copyOf(key, had + digest.length);
      System.arraycopy(digest, 0, key, had, digest.length);
    }
    return Arrays.copyOf(key, bytes);
  }

  private static byte[] decrypt(Encryption encryption, byte[] key, byte[] iv, byte[] encrypted)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance(encryption.cipher);
    cipher.init(
        Cipher.DECRYPT_MODE, new SecretKeySpec(key, encryption.algorithm), new IvParameterSpec(iv));
    return cipher.doFinal(encrypted);
  }

  private static PemException badDecrypt(Exception cause) {
    return new PemException("bad decrypt", cause);
  }

  private static List<Der.Value> parts(Der.Value sequence, int atLeast) throws PemException {
    List<Der.Value> parts =
        sequence.tag() == Der.SEQUENCE ? sequence.parts() : List.<Der.Value>of();
    if (parts.size() < atLeast) {
      throw new PemException("bad object header");
    }
    return parts;
  }

  private static String identifier(Der.Value algorithm) throws PemException {
    return hex(parts(algorithm, 1).getFirst());
  }

  private static String hex(Der.Value value) {
    return HexFormat.of().formatHex(value.content());
  }

  private static byte[] oid(String hex) {
    return Der.encode(Der.OBJECT_IDENTIFIER, HexFormat.of().parseHex(hex));
  }
}
