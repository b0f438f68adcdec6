package org.walstream.wire.message;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.walstream.wire.ProtocolViolation;

/// The pieces that bodies of messages are made of, read with every length checked.
final class Body {

  private Body() {}

  static int textLength(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length + 1;
  }

  static void putText(ByteBuffer out, String text) {
    out.put(text.getBytes(StandardCharsets.UTF_8)).put((byte) 0);
  }

  /// Reads a string and the zero byte behind it.
  static String text(ByteBuffer body) throws ProtocolViolation {
    return new String(textBytes(body), StandardCharsets.UTF_8);
  }

  /// Reads a string, as bytes, and the zero byte behind it.
  static byte[] textBytes(ByteBuffer body) throws ProtocolViolation {
    int end = body.position();
    while (end < body.limit() && body.get(end) != 0) {
      end++;
    }
    if (end == body.limit()) {
      throw new ProtocolViolation("invalid string in message");
    }
    byte[] bytes = bytes(body, end - body.position());
    body.get();
    return bytes;
  }

  static byte[] bytes(ByteBuffer body, int count) throws ProtocolViolation {
    require(body, count);
    byte[] bytes = new byte[count];
    body.get(bytes);
    return bytes;
  }

  static byte[] rest(ByteBuffer body) {
    byte[] bytes = new byte[body.remaining()];
    body.get(bytes);
    return bytes;
  }

  static String restAsText(ByteBuffer body) {
    return new String(rest(body), StandardCharsets.UTF_8);
  }

  /// Without the zero byte: for a body that is nothing but the text.
  static void putBareText(ByteBuffer out, String text) {
    out.put(text.getBytes(StandardCharsets.UTF_8));
  }

  static byte int8(ByteBuffer body) throws ProtocolViolation {
    require(body, 1);
    return body.get();
  }

  static int int16(ByteBuffer body) throws ProtocolViolation {
    require(body, 2);
    return body.getShort();
  }

  static int int32(ByteBuffer body) throws ProtocolViolation {
    require(body, 4);
    return body.getInt();
  }

  /// Reads a number of things to come, each of at least `bytesEach` bytes.
  static int count(ByteBuffer body, int count, int bytesEach) throws ProtocolViolation {
    if (count < 0) {
      throw new ProtocolViolation("invalid message format: negative count " + count);
    }
    require(body, Math.multiplyFull(count, bytesEach));
    return count;
  }

  /// Reads which of the two kinds of things with names is meant: a portal, or a statement.
  static boolean isPortal(ByteBuffer body) throws ProtocolViolation {
    byte kind = int8(body);
    if (kind != 'P' && kind != 'S') {
      throw new ProtocolViolation("invalid kind of name in message: %d".formatted(kind));
    }
    return kind == 'P';
  }

  static void require(ByteBuffer body, long count) throws ProtocolViolation {
    if (count < 0 || body.remaining() < count) {
      throw new ProtocolViolation("insufficient data left in message");
    }
  }

  static void requireEnd(ByteBuffer body) throws ProtocolViolation {
    if (body.hasRemaining()) {
      throw new ProtocolViolation(
          "invalid message format: %d bytes too many".formatted(body.remaining()));
    }
  }
}
