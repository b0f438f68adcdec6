package org.walstream.wire.message;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.walstream.wire.ProtocolVersion;
import org.walstream.wire.ProtocolViolation;

/// The first packet of a connection: it has no tag.
///
/// ```
/// length (4, itself included)  code (4)  what belongs to the code:
///     3.x << 16   Startup          name, value (strings), each;  0 ends them
///      80877102   CancelRequest    process id (4)  secret key (4 to 256)
///      80877103   SslRequest       nothing: the answer is one byte, 'S' or 'N'
///      80877104   GssEncRequest    nothing: the answer is one byte, 'G' or 'N'
/// ```
public sealed interface StartupPacket {

  /// Longer ones are refused before they are read, as PostgreSQL does.
  int LENGTH_MAX = 10_000;

  int CANCEL_CODE = 80877102;
  int SSL_CODE = 80877103;
  int GSSENC_CODE = 80877104;

  /// Begins a session.
  ///
  /// @param parameters in the order given: `user`, `database`, `replication`, settings
  record Startup(ProtocolVersion version, Map<String, String> parameters) implements StartupPacket {
    public Startup {
      parameters = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    }
  }

  /// Asks, over a connection of its own, to cancel what a session is doing.
  @SuppressWarnings("ArrayRecordComponent") // equality is by content, below
  record CancelRequest(int processId, byte[] secretKey) implements StartupPacket {
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof CancelRequest that
          && processId == that.processId
          && Arrays.equals(secretKey, that.secretKey);
    }

    @Override
    public int hashCode() {
      return 31 * processId + Arrays.hashCode(secretKey);
    }

    @Override
    public String toString() {
      return "CancelRequest[processId=" + processId + "]";
    }
  }

  /// Asks for TLS.
  record SslRequest() implements StartupPacket {}

  /// Asks for encryption by GSSAPI.
  record GssEncRequest() implements StartupPacket {}

  /// Reads what follows the length.
  ///
  /// @throws ProtocolViolation if the body is not what its code asks for
  static StartupPacket decode(ByteBuffer body) throws ProtocolViolation {
    int code = Body.int32(body);
    StartupPacket packet =
        switch (code) {
          case CANCEL_CODE -> cancel(body);
          case SSL_CODE -> new SslRequest();
          case GSSENC_CODE -> new GssEncRequest();
          default -> new Startup(ProtocolVersion.ofCode(code), parameters(body));
        };
    if (body.hasRemaining()) {
      throw new ProtocolViolation(
          "invalid startup packet layout: expected terminator as last byte");
    }
    return packet;
  }

  private static CancelRequest cancel(ByteBuffer body) throws ProtocolViolation {
    int processId = Body.int32(body);
    if (body.remaining() < 4 || body.remaining() > BackendKeyData.SECRET_LENGTH_MAX) {
      throw new ProtocolViolation("invalid length of cancel request packet");
    }
    return new CancelRequest(processId, Body.rest(body));
  }

  private static Map<String, String> parameters(ByteBuffer body) throws ProtocolViolation {
    var parameters = new LinkedHashMap<String, String>();
    for (String name = Body.text(body); !name.isEmpty(); name = Body.text(body)) {
      parameters.put(name, Body.text(body));
    }
    return parameters;
  }

  /// The length of the whole packet.
  default int length() {
    return 2 * Integer.BYTES
        + switch (this) {
          case SslRequest ssl -> 0;
          case GssEncRequest gss -> 0;
          case CancelRequest cancel -> Integer.BYTES + cancel.secretKey.length;
          case Startup startup ->
              startup.parameters.entrySet().stream()
                      .mapToInt(e -> Body.textLength(e.getKey()) + Body.textLength(e.getValue()))
                      .sum()
                  + 1;
        };
  }

  /// Appends the whole packet to `out`, which needs [#length] bytes of room.
  default void encode(ByteBuffer out) {
    out.putInt(length());
    switch (this) {
      case SslRequest ssl -> out.putInt(SSL_CODE);
      case GssEncRequest gss -> out.putInt(GSSENC_CODE);
      case CancelRequest cancel ->
          out.putInt(CANCEL_CODE).putInt(cancel.processId).put(cancel.secretKey);
      case Startup startup -> {
        out.putInt(startup.version.code());
        startup.parameters.forEach((name, value) -> {
          Body.putText(out, name);
          Body.putText(out, value);
        });
        out.put((byte) 0);
      }
    }
  }
}
