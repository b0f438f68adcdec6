package org.walstream.wire.message;

import java.nio.ByteBuffer;
import org.walstream.wire.ProtocolViolation;

/// A command in text: SQL, or one of the replication commands.
///
/// ```
/// 'Q'  length  sql (string)
/// ```
public record Query(String sql) implements FrontendMessage {

  public static final byte TAG = 'Q';

  static Query decode(ByteBuffer body) throws ProtocolViolation {
    return new Query(Body.text(body));
  }

  @Override
  public byte tag() {
    return TAG;
  }

  @Override
  public int bodyLength() {
    return Body.textLength(sql);
  }

  @Override
  public void encodeBody(ByteBuffer out) {
    Body.putText(out, sql);
  }
}
