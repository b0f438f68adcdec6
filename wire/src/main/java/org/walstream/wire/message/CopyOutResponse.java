package org.walstream.wire.message;

import java.nio.ByteBuffer;
import org.walstream.wire.ProtocolViolation;

/// CopyData follows.
///
/// ```
/// 'H'  length  CopyFormat
/// ```
public record CopyOutResponse(CopyFormat format) implements BackendMessage {

  public static final byte TAG = 'H';

  static CopyOutResponse decode(ByteBuffer body) throws ProtocolViolation {
    return new CopyOutResponse(CopyFormat.decode(body));
  }

  @Override
  public byte tag() {
    return TAG;
  }

  @Override
  public int bodyLength() {
    return format.length();
  }

  @Override
  public void encodeBody(ByteBuffer out) {
    format.encode(out);
  }
}
