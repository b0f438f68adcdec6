package org.walstream.wire.message;

import java.nio.ByteBuffer;
import org.walstream.wire.ProtocolViolation;

/// A command has been carried out; the tag says which, such as `SELECT 1`.
///
/// ```
/// 'C'  length  commandTag (string)
/// ```
public record CommandComplete(String commandTag) implements BackendMessage {

  public static final byte TAG = 'C';

  static CommandComplete decode(ByteBuffer body) throws ProtocolViolation {
    return new CommandComplete(Body.text(body));
  }

  @Override
  public byte tag() {
    return TAG;
  }

  @Override
  public int bodyLength() {
    return Body.textLength(commandTag);
  }

  @Override
  public void encodeBody(ByteBuffer out) {
    Body.putText(out, commandTag);
  }
}
