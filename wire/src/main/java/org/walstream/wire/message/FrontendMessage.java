package org.walstream.wire.message;

import java.nio.ByteBuffer;
import org.walstream.wire.ProtocolViolation;

/// What a client says after the startup packet.
public sealed interface FrontendMessage
    permits AuthenticationResponse,
        Bind,
        Close,
        CopyData,
        CopyDone,
        CopyFail,
        Describe,
        Execute,
        Flush,
        Parse,
        Query,
        Sync,
        Terminate {

  /// The message's first byte.
  byte tag();

  /// How many bytes [#encodeBody] writes.
  int bodyLength();

  void encodeBody(ByteBuffer out);

  /// The length of the whole message.
  default int length() {
    return Frame.HEADER_LENGTH + bodyLength();
  }

  /// Appends the whole message to `out`, which needs [#length] bytes of room.
  default void encode(ByteBuffer out) {
    Frame.putHeader(out, tag(), bodyLength());
    encodeBody(out);
  }

  /// Reads the body of a message with `tag`.
  ///
  /// @throws ProtocolViolation if the tag is unknown or the body is not what the tag asks for
  static FrontendMessage decode(byte tag, ByteBuffer body) throws ProtocolViolation {
    FrontendMessage message =
        switch (tag) {
          case AuthenticationResponse.TAG -> AuthenticationResponse.decode(body);
          case Bind.TAG -> Bind.decode(body);
          case Close.TAG -> Close.decode(body);
          case CopyData.TAG -> CopyData.decode(body);
          case CopyDone.TAG -> CopyDone.INSTANCE;
          case CopyFail.TAG -> CopyFail.decode(body);
          case Describe.TAG -> Describe.decode(body);
          case Execute.TAG -> Execute.decode(body);
          case Flush.TAG -> Flush.INSTANCE;
          case Parse.TAG -> Parse.decode(body);
          case Query.TAG -> Query.decode(body);
          case Sync.TAG -> Sync.INSTANCE;
          case Terminate.TAG -> Terminate.INSTANCE;
          default -> throw Frame.unexpected(tag);
        };
    Body.requireEnd(body);
    return message;
  }
}
