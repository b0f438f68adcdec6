package org.walstream.wire.message;

import java.nio.ByteBuffer;
import org.walstream.wire.ProtocolViolation;

/// CopyData follows.
///
/// ```
/// 'H'  length  format (1)  number of columns (2)  format of each column (2 each)
/// ```
///
/// Formats are 0 for text and 1 for binary; a replication stream has format 0 and no columns.
public record CopyOutResponse(boolean binary, int columns) implements BackendMessage {

  public static final byte TAG = 'H';

  static CopyOutResponse decode(ByteBuffer body) throws ProtocolViolation {
    boolean binary = Body.int8(body) != 0;
    int columns = Body.count(body, Body.int16(body), Short.BYTES);
    for (int i = 0; i < columns; i++) {
      Body.int16(body);
    }
    return new CopyOutResponse(binary, columns);
  }

  @Override
  public byte tag() {
    return TAG;
  }

  @Override
  public int bodyLength() {
    return 1 + Short.BYTES + columns * Short.BYTES;
  }

  @Override
  public void encodeBody(ByteBuffer out) {
    byte format = (byte) (binary ? 1 : 0);
    out.put(format).putShort((short) columns);
    for (int i = 0; i < columns; i++) {
      out.putShort(format);
    }
  }
}
