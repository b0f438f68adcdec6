package org.walstream.wire.message;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.walstream.wire.ProtocolViolation;

/// What a [CancelRequest] must show to be believed.
///
/// ```
/// 'K'  length  process id (4)  secret key (4 bytes in protocol 3.0, up to 256 in 3.2)
/// ```
@SuppressWarnings("ArrayRecordComponent") // equality is by content, below
public record BackendKeyData(int processId, byte[] secretKey) implements BackendMessage {

  public static final byte TAG = 'K';
  public static final int SECRET_LENGTH_MAX = 256;

  static BackendKeyData decode(ByteBuffer body) throws ProtocolViolation {
    int processId = Body.int32(body);
    if (body.remaining() < 4 || body.remaining() > SECRET_LENGTH_MAX) {
      throw new ProtocolViolation(
          "invalid length %d of the secret key in BackendKeyData".formatted(body.remaining()));
    }
    return new BackendKeyData(processId, Body.rest(body));
  }

  @Override
  public byte tag() {
    return TAG;
  }

  @Override
  public int bodyLength() {
    return Integer.BYTES + secretKey.length;
  }

  @Override
  public void encodeBody(ByteBuffer out) {
    out.putInt(processId).put(secretKey);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof BackendKeyData that
        && processId == that.processId
        && Arrays.equals(secretKey, that.secretKey);
  }

  @Override
  public int hashCode() {
    return 31 * processId + Arrays.hashCode(secretKey);
  }

  @Override
  public String toString() {
    return "BackendKeyData[processId=" + processId + "]";
  }
}
