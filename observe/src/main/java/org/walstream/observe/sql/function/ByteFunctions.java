package org.walstream.observe.sql.function;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.walstream.wire.SqlState;
import org.walstream.wire.server.ServerError;

/// `bytea`, and the texts that stand for it.
public final class ByteFunctions {

  private static final int BASE64_LINE = 76;

  private ByteFunctions() {}

  /// What a cast to bytea takes: `\x616263`, or characters with `\\` and `\123`.
  public static byte @Nullable [] bytes(@Nullable String text) throws SQLException {
    if (text == null) {
      return null;
    }
    return text.startsWith("\\x") ? hex(text.substring(2)) : unescaped(text);
  }

  private static byte[] hex(String digits) throws SQLException {
    try {
      return HexFormat.of().parseHex(digits.replaceAll("\\s", ""));
    } catch (IllegalArgumentException e) {
      throw new RefusedException(
          ServerError.error(SqlState.INVALID_PARAMETER_VALUE, "invalid hexadecimal data"));
    }
  }

  private static byte[] unescaped(String text) throws SQLException {
    byte[] written = text.getBytes(StandardCharsets.UTF_8);
    var bytes = new ByteArrayOutputStream();
    for (int i = 0; i < written.length; i++) {
      if (written[i] != '\\') {
        bytes.write(written[i]);
      } else if (i + 1 < written.length && written[i + 1] == '\\') {
        bytes.write(written[++i]);
      } else if (new String(written, i, Math.min(4, written.length - i), StandardCharsets.US_ASCII)
          .matches("\\\\[0-3][0-7]{2}")) {
        bytes.write(Integer.parseInt(new String(written, i + 1, 3, StandardCharsets.US_ASCII), 8));
        i += 3;
      } else {
        throw new RefusedException(
            ServerError.error(
                SqlState.INVALID_TEXT_REPRESENTATION, "invalid input syntax for type bytea"));
      }
    }
    return bytes.toByteArray();
  }

  public static @Nullable String encode(byte @Nullable [] bytes, @Nullable String format)
      throws SQLException {
    if (bytes == null || format == null) {
      return null;
    }
    return switch (format.toLowerCase(Locale.ROOT)) {
      case "hex" -> HexFormat.of().formatHex(bytes);
      case "base64" -> Base64.getMimeEncoder(BASE64_LINE, new byte[] {'\n'}).encodeToString(bytes);
      case "escape" -> escaped(bytes);
      default -> throw unrecognized(format);
    };
  }

  private static String escaped(byte[] bytes) {
    var text = new ByteArrayOutputStream();
    for (byte b : bytes) {
      if (b == 0 || b < 0) {
        text.writeBytes("\\%03o".formatted(b & 0xFF).getBytes(StandardCharsets.US_ASCII));
      } else if (b == '\\') {
        text.writeBytes(new byte[] {'\\', '\\'});
      } else {
        text.write(b);
      }
    }
    return text.toString(StandardCharsets.UTF_8);
  }

  public static byte @Nullable [] decode(@Nullable String text, @Nullable String format)
      throws SQLException {
    if (text == null || format == null) {
      return null;
    }
    return switch (format.toLowerCase(Locale.ROOT)) {
      case "hex" -> hex(text);
      case "base64" -> base64(text);
      case "escape" -> unescaped(text);
      default -> throw unrecognized(format);
    };
  }

  private static byte[] base64(String text) throws SQLException {
    try {
      return Base64.getDecoder().decode(text.replaceAll("\\s", ""));
    } catch (IllegalArgumentException e) {
      throw new RefusedException(
          ServerError.error(SqlState.INVALID_PARAMETER_VALUE, "invalid base64 end sequence"));
    }
  }

  private static RefusedException unrecognized(String encoding) {
    return new RefusedException(
        ServerError.error(
            SqlState.INVALID_PARAMETER_VALUE, "unrecognized encoding: \"%s\"".formatted(encoding)));
  }

  public static @Nullable String convertFrom(byte @Nullable [] bytes, @Nullable String encoding)
      throws SQLException {
    if (bytes == null || encoding == null) {
      return null;
    }
    requireUtf8(encoding);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  public static byte @Nullable [] convertTo(@Nullable String text, @Nullable String encoding)
      throws SQLException {
    if (text == null || encoding == null) {
      return null;
    }
    requireUtf8(encoding);
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void requireUtf8(String encoding) throws SQLException {
    if (!encoding.replaceAll("[-_ ]", "").equalsIgnoreCase("UTF8")) {
      throw new RefusedException(
          ServerError.error(
              SqlState.FEATURE_NOT_SUPPORTED,
              "not supported by this node: encoding \"%s\"".formatted(encoding)));
    }
  }

  public static byte @Nullable [] sha256(byte @Nullable [] bytes) throws NoSuchAlgorithmException {
    return bytes == null ? null : MessageDigest.getInstance("SHA-256").digest(bytes);
  }
}
