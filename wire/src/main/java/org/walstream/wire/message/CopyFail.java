package org.walstream.wire.message;

import java.nio.ByteBuffer;
import org.walstream.wire.ProtocolViolation;

/// The client gives up a copy that it was sending.
///
/// ```
/// 'f'  length  reason (string)
/// ```
public record CopyFail(String reason) implements FrontendMessage {

  public static final byte TAG = 'f';

  static CopyFail decode(ByteBuffer body) throws ProtocolViolation {
    return new CopyFail(Body.text(body));
  }

  @Override
  public byte tag() {
    return TAG;
  }

  @Override
  public int bodyLength() {
    return Body.textLength(reason);
  }

  @Override
  public void encodeBody(ByteBuffer out) {
    Body.putText(out, reason);
  }
}
