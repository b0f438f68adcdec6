package org.walstream.wire.message;

import java.nio.ByteBuffer;
import org.walstream.wire.ProtocolViolation;

/// The server waits for CopyData.
///
/// ```
/// 'G'  length  CopyFormat
/// ```
public record CopyInResponse(CopyFormat format) implements BackendMessage {

  public static final byte TAG = 'G';

  static CopyInResponse decode(ByteBuffer body) throws ProtocolViolation {
    return new CopyInResponse(CopyFormat.decode(body));
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
