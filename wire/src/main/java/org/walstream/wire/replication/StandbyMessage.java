package org.walstream.wire.replication;

import java.nio.ByteBuffer;
import org.walstream.wire.ProtocolViolation;

/// What a standby says to its WAL sender inside CopyData.
public sealed interface StandbyMessage permits StandbyStatusUpdate, HotStandbyFeedback {

  /// The length of the encoded message, tag included.
  int length();

  /// Appends the message, tag included, to `out`, which needs [#length] bytes of room.
  void encode(ByteBuffer out);

  /// Reads one message: the whole remaining body of one CopyData, tag included.
  ///
  /// @throws ProtocolViolation if the tag is unknown or the length is not the tag's
  static StandbyMessage decode(ByteBuffer copyData) throws ProtocolViolation {
    if (!copyData.hasRemaining()) {
      throw new ProtocolViolation("empty CopyData message in a replication stream");
    }
    byte tag = copyData.get();
    return switch (tag) {
      case StandbyStatusUpdate.TAG -> StandbyStatusUpdate.decode(copyData);
      case HotStandbyFeedback.TAG -> HotStandbyFeedback.decode(copyData);
      default ->
          throw new ProtocolViolation("unexpected message type \"%c\"".formatted(tag & 0xff));
    };
  }

  /// @throws ProtocolViolation unless a message's body has exactly the length its tag asks for
  static void requireLength(byte tag, int expected, int actual) throws ProtocolViolation {
    if (actual != expected) {
      throw new ProtocolViolation(
          "replication message \"%c\" has a body of %d bytes, expected %d"
              .formatted(tag, actual, expected));
    }
  }
}
