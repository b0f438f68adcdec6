package org.walstream.wire.message;

import java.nio.ByteBuffer;

/// A piece of what is being copied. In a replication stream the data is one replication message.
///
/// ```
/// 'd'  length  data (…)
/// ```
///
/// @param data from position to limit; shared with the caller, not copied
public record CopyData(ByteBuffer data) implements FrontendMessage, BackendMessage {

  public static final byte TAG = 'd';

  static CopyData decode(ByteBuffer body) {
    ByteBuffer data = body.slice();
    body.position(body.limit());
    return new CopyData(data);
  }

  @Override
  public byte tag() {
    return TAG;
  }

  @Override
  public int bodyLength() {
    return data.remaining();
  }

  @Override
  public void encodeBody(ByteBuffer out) {
    out.put(data.duplicate());
  }

  @Override
  public int length() {
    return Frame.HEADER_LENGTH + bodyLength();
  }

  @Override
  public void encode(ByteBuffer out) {
    Frame.putHeader(out, TAG, bodyLength());
    encodeBody(out);
  }
}
