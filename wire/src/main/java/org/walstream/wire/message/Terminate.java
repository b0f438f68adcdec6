package org.walstream.wire.message;

import java.nio.ByteBuffer;

/// The client is done and closes the connection.
///
/// ```
/// 'X'  length  (no body)
/// ```
public enum Terminate implements FrontendMessage {
  INSTANCE;

  public static final byte TAG = 'X';

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
