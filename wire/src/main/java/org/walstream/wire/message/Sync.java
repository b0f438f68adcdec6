package org.walstream.wire.message;

import java.nio.ByteBuffer;

/// Ends a group of messages of the extended protocol: after an error the server reads on to here.
///
/// ```
/// 'S'  length  (no body)
/// ```
public enum Sync implements FrontendMessage {
  INSTANCE;

  public static final byte TAG = 'S';

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
