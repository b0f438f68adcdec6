package org.walstream.wire.message;

import java.nio.ByteBuffer;

/// As many rows have been sent as were asked for; there are more.
///
/// ```
/// 's'  length  (no body)
/// ```
public enum PortalSuspended implements BackendMessage {
  INSTANCE;

  public static final byte TAG = 's';

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
