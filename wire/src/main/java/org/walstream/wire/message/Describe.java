package org.walstream.wire.message;

import java.nio.ByteBuffer;
import org.walstream.wire.ProtocolViolation;

/// Asks what a statement or a portal will return.
///
/// ```
/// 'D'  length  kind (1): 'S' statement, 'P' portal  name (string)
/// ```
public record Describe(boolean portal, String name) implements FrontendMessage {

  public static final byte TAG = 'D';

  static Describe decode(ByteBuffer body) throws ProtocolViolation {
    return new Describe(Body.isPortal(body), Body.text(body));
  }

  @Override
  public byte tag() {
    return TAG;
  }

  @Override
  public int bodyLength() {
    return 1 + Body.textLength(name);
  }

  @Override
  public void encodeBody(ByteBuffer out) {
    out.put((byte) (portal ? 'P' : 'S'));
    Body.putText(out, name);
  }
}
