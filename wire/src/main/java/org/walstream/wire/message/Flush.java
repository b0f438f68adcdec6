package org.walstream.wire.message;

import java.nio.ByteBuffer;

/// Asks for the answers that are ready, without ending the group of messages.
///
/// ```
/// 'H'  length  (no body)
/// ```
public enum Flush implements FrontendMessage {
  INSTANCE;

  public static final byte TAG = 'H';

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
