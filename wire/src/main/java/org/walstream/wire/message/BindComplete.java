package org.walstream.wire.message;

import java.nio.ByteBuffer;

/// A portal has been made.
///
/// ```
/// '2'  length  (no body)
/// ```
public enum BindComplete implements BackendMessage {
  INSTANCE;

  public static final byte TAG = '2';

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
