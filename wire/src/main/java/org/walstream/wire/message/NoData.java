package org.walstream.wire.message;

import java.nio.ByteBuffer;

/// What was described returns no rows.
///
/// ```
/// 'n'  length  (no body)
/// ```
public enum NoData implements BackendMessage {
  INSTANCE;

  public static final byte TAG = 'n';

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
