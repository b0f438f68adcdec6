package org.walstream.wire.message;

import java.nio.ByteBuffer;

/// One side has nothing more to copy. In CopyBoth mode each side says it for itself; a WAL sender
/// at the end of a timeline says it first, the receiver answers with its own, and only then the
/// result follows.
///
/// ```
/// 'c'  length  (no body)
/// ```
public enum CopyDone implements FrontendMessage, BackendMessage {
  INSTANCE;

  public static final byte TAG = 'c';

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

  @Override
  public int length() {
    return Frame.HEADER_LENGTH;
  }

  @Override
  public void encode(ByteBuffer out) {
    Frame.putHeader(out, TAG, 0);
  }
}
