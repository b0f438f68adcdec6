package org.walstream.wire.message;

import java.nio.ByteBuffer;

/// The answer to an empty query string.
///
/// ```
/// 'I'  length  (no body)
/// ```
public enum EmptyQueryResponse implements BackendMessage {
  INSTANCE;

  public static final byte TAG = 'I';

  @Override
  public byte tag() {
    return TAG;
  }

  @Override
  public int bodyLength() {
    return 0;
  }

  @Override
  public void encodeBody(ByteBuffer out) {}
}
