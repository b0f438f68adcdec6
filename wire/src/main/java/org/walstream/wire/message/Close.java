package org.walstream.wire.message;

import java.nio.ByteBuffer;
import org.walstream.wire.ProtocolViolation;

/// Forgets a prepared statement or a portal.
///
/// ```
/// 'C'  length  kind (1): 'S' statement, 'P' portal  name (string)
/// ```
public record Close(boolean portal, String name) implements FrontendMessage {

  public static final byte TAG = 'C';

  static Close decode(ByteBuffer body) throws ProtocolViolation {
    return new Close(Body.isPortal(body), Body.text(body));
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
