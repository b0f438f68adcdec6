package org.walstream.wire.auth;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.walstream.wire.ByteText;

/// The old way of hashing passwords: `md5` and 32 hexadecimal digits.
///
/// ```
/// stored   md5 + hex(MD5(password + user))
/// sent     md5 + hex(MD5(hex(MD5(password + user)) + salt))
/// ```
///
/// Whoever steals the stored form can log in with it; PostgreSQL 18 warns of it. Counterpart of
/// pg_md5_encrypt(), src/common/md5_common.c.
public final class Md5Password {

  private static final String PREFIX = "md5";

  private Md5Password() {}

  /// The form in which a server keeps a password.
  public static String stored(String user, String password) {
    return PREFIX + md5(ByteText.bytes(password + user));
  }

  /// What a client answers to a challenge.
  ///
  /// @param stored the kept form, which a client makes from the password
  public static String answer(String stored, int salt) {
    byte[] hex = stored.substring(PREFIX.length()).getBytes(StandardCharsets.US_ASCII);
    return PREFIX
        + md5(ByteBuffer.allocate(hex.length + Integer.BYTES).put(hex).putInt(salt).array());
  }

  private static String md5(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no MD5", e); // every Java must have it
    }
  }
}
