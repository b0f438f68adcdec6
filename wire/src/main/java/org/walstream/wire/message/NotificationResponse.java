package org.walstream.wire.message;

import java.nio.ByteBuffer;
import org.walstream.wire.ProtocolViolation;

/// What a session is told that has said LISTEN.
///
/// ```
/// 'A'  length  process id (int32)  channel (string)  payload (string)
/// ```
///
/// @param processId of whoever has notified
public record NotificationResponse(int processId, String channel, String payload)
    implements BackendMessage {

  public static final byte TAG = 'A';

  static NotificationResponse decode(ByteBuffer body) throws ProtocolViolation {
    return new NotificationResponse(Body.int32(body), Body.text(body), Body.text(body));
  }

  @Override
  public byte tag() {
    return TAG;
  }

  @Override
  public int bodyLength() {
    return Integer.BYTES + Body.textLength(channel) + Body.textLength(payload);
  }

  @Override
  public void encodeBody(ByteBuffer out) {
    out.putInt(processId);
    Body.putText(out, channel);
    Body.putText(out, payload);
  }
}
