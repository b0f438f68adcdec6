package org.walstream.wire.message;

import java.nio.ByteBuffer;
import org.walstream.wire.ProtocolViolation;

/// Something worth telling a person; nothing has failed.
///
/// ```
/// 'N'  length  fields: code (1)  value (string), each;  0 ends them
/// ```
public record NoticeResponse(Diagnostic diagnostic) implements BackendMessage {

  public static final byte TAG = 'N';

  static NoticeResponse decode(ByteBuffer body) throws ProtocolViolation {
    return new NoticeResponse(Diagnostic.decode(body));
  }

  @Override
  public byte tag() {
    return TAG;
  }

  @Override
  public int bodyLength() {
    return diagnostic.length();
  }

  @Override
  public void encodeBody(ByteBuffer out) {
    diagnostic.encode(out);
  }
}
