package org.walstream.wire.message;

import java.nio.ByteBuffer;
import org.walstream.wire.ProtocolViolation;

/// What stands around every message but the first: its tag and its length.
public final class Frame {

  /// Tag and length.
  public static final int HEADER_LENGTH = 5;

  /// The length counts itself.
  private static final int LENGTH_BYTES = 4;

  private Frame() {}

  public static void putHeader(ByteBuffer out, byte tag, int bodyLength) {
    out.put(tag).putInt(bodyLength + LENGTH_BYTES);
  }

  /// The length of the body behind the header that stands at index `at`.
  ///
  /// @throws ProtocolViolation if it is negative or more than `bodyLengthMax`
  public static int bodyLength(ByteBuffer buffer, int at, int bodyLengthMax)
      throws ProtocolViolation {
    int length = buffer.getInt(at + 1);
    if (length < LENGTH_BYTES || length - LENGTH_BYTES > bodyLengthMax) {
      throw new ProtocolViolation(
          "invalid message length %d of message type %s"
              .formatted(length, printable(buffer.get(at))));
    }
    return length - LENGTH_BYTES;
  }

  static ProtocolViolation unexpected(byte tag) {
    return new ProtocolViolation("unexpected message type " + printable(tag));
  }

  private static String printable(byte tag) {
    return tag > ' ' && tag < 127 ? "\"" + (char) tag + "\"" : "0x%02X".formatted(tag);
  }
}
