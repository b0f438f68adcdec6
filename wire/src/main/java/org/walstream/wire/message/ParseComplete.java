package org.walstream.wire.message;

import java.nio.ByteBuffer;

/// A statement has been prepared.
///
/// ```
/// '1'  length  (no body)
/// ```
public enum ParseComplete implements BackendMessage {
  INSTANCE;

  public static final byte TAG = '1';

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
