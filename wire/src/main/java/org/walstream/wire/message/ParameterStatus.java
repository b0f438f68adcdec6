package org.walstream.wire.message;

import java.nio.ByteBuffer;
import org.walstream.wire.ProtocolViolation;

/// A setting that clients want to know of, at the start and whenever it changes: `server_version`,
/// `in_hot_standby`.
///
/// ```
/// 'S'  length  name (string)  value (string)
/// ```
public record ParameterStatus(String name, String value) implements BackendMessage {

  public static final byte TAG = 'S';

  static ParameterStatus decode(ByteBuffer body) throws ProtocolViolation {
    return new ParameterStatus(Body.text(body), Body.text(body));
  }

  @Override
  public byte tag() {
    return TAG;
  }

  @Override
  public int bodyLength() {
    return Body.textLength(name) + Body.textLength(value);
  }

  @Override
  public void encodeBody(ByteBuffer out) {
    Body.putText(out, name);
    Body.putText(out, value);
  }
}
