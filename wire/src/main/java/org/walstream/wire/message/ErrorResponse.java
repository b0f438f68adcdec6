package org.walstream.wire.message;

import java.nio.ByteBuffer;
import org.walstream.wire.ProtocolViolation;

/// A command, or the whole connection, has failed.
///
/// ```
/// 'E'  length  fields: code (1)  value (string), each;  0 ends them
/// ```
public record ErrorResponse(Diagnostic diagnostic) implements BackendMessage {

  public static final byte TAG = 'E';

  static ErrorResponse decode(ByteBuffer body) throws ProtocolViolation {
    return new ErrorResponse(Diagnostic.decode(body));
  }

  @Override
  public byte tag() {
    return TAG;
  }

  @Override
  public int bodyLength() {
    return diagnostic.length();
  }

  @Override
  public void encodeBody(ByteBuffer out) {
    diagnostic.encode(out);
  }
}
