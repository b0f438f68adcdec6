package org.walstream.wire.auth;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.walstream.wire.ByteText;

/// The arithmetic of SCRAM-SHA-256.
///
/// ```
/// SaltedPassword   Hi(prepared password, salt, iterations)
/// ClientKey        HMAC(SaltedPassword, "Client Key")
/// StoredKey        H(ClientKey)
/// ServerKey        HMAC(SaltedPassword, "Server Key")
/// proof            ClientKey xor HMAC(StoredKey, everything said)
/// signature        HMAC(ServerKey, everything said)
/// ```
///
/// Source: RFC 5802, section 3; src/common/scram-common.c.
final class ScramHash {

  static final String MECHANISM = "SCRAM-SHA-256";

  /// With the proof bound to the TLS channel that it goes over.
  static final String MECHANISM_PLUS = "SCRAM-SHA-256-PLUS";

  /// How messages begin that are bound to the server's certificate.
  static final String BOUND_HEADER = "p=tls-server-end-point,,";

  static final int KEY_BYTES = 32;

  private static final String HMAC = "HmacSHA256";
  private static final int NONCE_BYTES = 18;

  private ScramHash() {}

  /// @param password as [ByteText] gives it
  static byte[] saltedPassword(String password, byte[] salt, int iterations) {
    Mac mac = mac(Saslprep.prepare(ByteText.bytes(password)));
    mac.update(salt);
    byte[] u = mac.doFinal(ByteBuffer.allocate(Integer.BYTES).putInt(1).array());
    byte[] result = u.clone();
    for (int i = 1; i < iterations; i++) {
      u = mac.doFinal(u);
      for (int j = 0; j < result.length; j++) {
        result[j] ^= u[j];
      }
    }
    return result;
  }

  static byte[] clientKey(byte[] saltedPassword) {
    return hmac(saltedPassword, "Client Key");
  }

  static byte[] serverKey(byte[] saltedPassword) {
    return hmac(saltedPassword, "Server Key");
  }

  static byte[] storedKey(byte[] clientKey) {
    return hash(clientKey);
  }

  static byte[] signature(byte[] key, String authMessage) {
    return hmac(key, authMessage);
  }

  /// What `c` stands for in client-final: the header of client-first, and what the channel is known
  /// by if that header says that it is bound.
  static byte[] bound(String gs2Header, Optional<byte[]> endPoint) {
    byte[] header = gs2Header.getBytes(StandardCharsets.UTF_8);
    byte[] data = gs2Header.startsWith("p") ? endPoint.orElse(new byte[0]) : new byte[0];
    return ByteBuffer.allocate(header.length + data.length).put(header).put(data).array();
  }

  static byte[] xor(byte[] a, byte[] b) {
    byte[] result = a.clone();
    for (int i = 0; i < result.length; i++) {
      result[i] ^= b[i];
    }
    return result;
  }

  static byte[] hash(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no SHA-256", e); // every Java must have it
    }
  }

  static byte[] random(int count) {
    byte[] bytes = new byte[count];
    new SecureRandom().nextBytes(bytes);
    return bytes;
  }

  static String nonce() {
    return Base64.getEncoder().encodeToString(random(NONCE_BYTES));
  }

  private static byte[] hmac(byte[] key, String message) {
    return mac(key).doFinal(message.getBytes(StandardCharsets.UTF_8));
  }

  /// An empty key, which the provider does not take, counts as one zero byte does.
  private static Mac mac(byte[] key) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(key.length == 0 ? new byte[1] : key, HMAC));
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no " + HMAC, e);
    }
  }
}
