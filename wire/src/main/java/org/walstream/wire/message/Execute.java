package org.walstream.wire.message;

import java.nio.ByteBuffer;
import org.walstream.wire.ProtocolViolation;

/// Runs a portal.
///
/// ```
/// 'E'  length  portal (string)  most rows to return (4), 0 for all
/// ```
public record Execute(String portal, int rowsMax) implements FrontendMessage {

  public static final byte TAG = 'E';

  static Execute decode(ByteBuffer body) throws ProtocolViolation {
    return new Execute(Body.text(body), Body.int32(body));
  }

  @Override
  public byte tag() {
    return TAG;
  }

  @Override
  public int bodyLength() {
    return Body.textLength(portal) + Integer.BYTES;
  }

  @Override
  public void encodeBody(ByteBuffer out) {
    Body.putText(out, portal);
    out.putInt(rowsMax);
  }
}
