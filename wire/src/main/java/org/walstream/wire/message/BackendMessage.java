package org.walstream.wire.message;

import java.nio.ByteBuffer;
import org.walstream.wire.ProtocolViolation;

/// What a server says after the startup packet.
public sealed interface BackendMessage
    permits Authentication,
        BackendKeyData,
        BindComplete,
        CloseComplete,
        CommandComplete,
        CopyBothResponse,
        CopyData,
        CopyDone,
        CopyInResponse,
        CopyOutResponse,
        DataRow,
        EmptyQueryResponse,
        ErrorResponse,
        NegotiateProtocolVersion,
        NoData,
        NoticeResponse,
        NotificationResponse,
        ParameterDescription,
        ParameterStatus,
        ParseComplete,
        PortalSuspended,
        ReadyForQuery,
        RowDescription {

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
  static BackendMessage decode(byte tag, ByteBuffer body) throws ProtocolViolation {
    BackendMessage message =
        switch (tag) {
          case Authentication.TAG -> Authentication.decode(body);
          case BackendKeyData.TAG -> BackendKeyData.decode(body);
          case BindComplete.TAG -> BindComplete.INSTANCE;
          case CloseComplete.TAG -> CloseComplete.INSTANCE;
          case CommandComplete.TAG -> CommandComplete.decode(body);
          case CopyBothResponse.TAG -> CopyBothResponse.decode(body);
          case CopyData.TAG -> CopyData.decode(body);
          case CopyDone.TAG -> CopyDone.INSTANCE;
          case CopyInResponse.TAG -> CopyInResponse.decode(body);
          case CopyOutResponse.TAG -> CopyOutResponse.decode(body);
          case DataRow.TAG -> DataRow.decode(body);
          case EmptyQueryResponse.TAG -> EmptyQueryResponse.INSTANCE;
          case ErrorResponse.TAG -> ErrorResponse.decode(body);
          case NegotiateProtocolVersion.TAG -> NegotiateProtocolVersion.decode(body);
          case NoData.TAG -> NoData.INSTANCE;
          case NoticeResponse.TAG -> NoticeResponse.decode(body);
          case NotificationResponse.TAG -> NotificationResponse.decode(body);
          case ParameterDescription.TAG -> ParameterDescription.decode(body);
          case ParameterStatus.TAG -> ParameterStatus.decode(body);
          case ParseComplete.TAG -> ParseComplete.INSTANCE;
          case PortalSuspended.TAG -> PortalSuspended.INSTANCE;
          case ReadyForQuery.TAG -> ReadyForQuery.decode(body);
          case RowDescription.TAG -> RowDescription.decode(body);
          default -> throw Frame.unexpected(tag);
        };
    Body.requireEnd(body);
    return message;
  }
}
