package org.walstream.wire.auth;

import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a server keeps of a password: enough to check a proof of it, not enough to make one.
///
/// ```
/// SCRAM-SHA-256$4096:hH3v…==$qk0t…=:m2fY…=
///               │    │       │      └ server key, base64: proves the server to the client
///               │    │       └ stored key, base64: checks the client's proof
///               │    └ salt, base64
///               └ iterations
/// ```
///
/// The same text as rolpassword in pg_authid, so that secrets can be carried over. Source: RFC
/// 5803; src/common/scram-common.c.
@SuppressWarnings("ArrayRecordComponent") // never compared
public record ScramSecret(int iterations, byte[] salt, byte[] storedKey, byte[] serverKey) {

  static final int DEFAULT_ITERATIONS = 4096;
  static final int SALT_BYTES = 16;

  private static final Pattern TEXT =
      Pattern.compile(
          "SCRAM-SHA-256\\$(\\d{1,9}):([A-Za-z0-9+/=]+)\\$([A-Za-z0-9+/=]+):([A-Za-z0-9+/=]+)");

  /// Makes the secret of a password, with a random salt.
  ///
  /// @param password its bytes as [org.walstream.wire.ByteText]
  public static ScramSecret of(String password) {
    return of(password, ScramHash.random(SALT_BYTES), DEFAULT_ITERATIONS);
  }

  static ScramSecret of(String password, byte[] salt, int iterations) {
    byte[] salted = ScramHash.saltedPassword(password, salt, iterations);
    return new ScramSecret(
        iterations,
        salt,
        ScramHash.storedKey(ScramHash.clientKey(salted)),
        ScramHash.serverKey(salted));
  }

  /// Reads a secret's text; empty when it is none.
  public static Optional<ScramSecret> parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    try {
      var base64 = Base64.getDecoder();
      byte[] storedKey = base64.decode(matcher.group(3));
      byte[] serverKey = base64.decode(matcher.group(4));
      int iterations = Integer.parseInt(matcher.group(1));
      if (iterations == 0
          || storedKey.length != ScramHash.KEY_BYTES
          || serverKey.length != ScramHash.KEY_BYTES) {
        return Optional.empty();
      }
      return Optional.of(
          new ScramSecret(iterations, base64.decode(matcher.group(2)), storedKey, serverKey));
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
  }

  /// The secret's text.
  public String format() {
    var base64 = Base64.getEncoder();
    return "%s$%d:%s$%s:%s"
        .formatted(
            ScramHash.MECHANISM,
            iterations,
            base64.encodeToString(salt),
            base64.encodeToString(storedKey),
            base64.encodeToString(serverKey));
  }

  /// True when `password` is the one this secret was made of.
  public boolean matches(String password) {
    return MessageDigest.isEqual(of(password, salt, iterations).storedKey, storedKey);
  }

  /// Without the keys.
  @Override
  public String toString() {
    return "ScramSecret";
  }
}
