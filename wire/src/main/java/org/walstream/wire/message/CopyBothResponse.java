package org.walstream.wire.message;

import java.nio.ByteBuffer;
import org.walstream.wire.ProtocolViolation;

/// The connection is now in CopyBoth mode: CopyData flows both ways. What START_REPLICATION
/// answers.
///
/// ```
/// 'W'  length  CopyFormat
/// ```
public record CopyBothResponse(CopyFormat format) implements BackendMessage {

  public static final byte TAG = 'W';

  static CopyBothResponse decode(ByteBuffer body) throws ProtocolViolation {
    return new CopyBothResponse(CopyFormat.decode(body));
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
