package org.walstream.wire.replication;

import java.nio.ByteBuffer;
import org.walstream.wire.ProtocolViolation;

/// What a WAL sender says to a standby inside CopyData.
public sealed interface SenderMessage permits XLogData, PrimaryKeepalive {

  /// The length of the encoded message, tag included.
  int length();

  /// Appends the message, tag included, to `out`, which needs [#length] bytes of room.
  void encode(ByteBuffer out);

  /// Reads one message: the whole remaining body of one CopyData, tag included.
  ///
  /// @throws ProtocolViolation if the tag is unknown or the length is not the tag's
  static SenderMessage decode(ByteBuffer copyData) throws ProtocolViolation {
    if (!copyData.hasRemaining()) {
      throw new ProtocolViolation("empty CopyData message in a replication stream");
    }
    byte tag = copyData.get();
    return switch (tag) {
      case XLogData.TAG -> XLogData.decode(copyData);
      case PrimaryKeepalive.TAG -> PrimaryKeepalive.decode(copyData);
      default -> throw new ProtocolViolation(unrecognized(tag));
    };
  }

  /// PostgreSQL's wording for a CopyData message that opens with an unknown tag.
  static String unrecognized(byte tag) {
    return "unrecognized streaming header: \"%s\"".formatted(printable(tag));
  }

  private static String printable(byte tag) {
    return tag > ' ' && tag < 127 ? String.valueOf((char) tag) : "\\x%02x".formatted(tag);
  }
}
