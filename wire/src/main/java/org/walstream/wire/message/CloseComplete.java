package org.walstream.wire.message;

import java.nio.ByteBuffer;

/// A statement or portal has been forgotten.
///
/// ```
/// '3'  length  (no body)
/// ```
public enum CloseComplete implements BackendMessage {
  INSTANCE;

  public static final byte TAG = '3';

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
