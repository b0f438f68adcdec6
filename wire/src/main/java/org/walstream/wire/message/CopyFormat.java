package org.walstream.wire.message;

import java.nio.ByteBuffer;
import org.walstream.wire.ProtocolViolation;

/// What the three answers that begin a copy say of the data to come.
///
/// ```
/// format (1)  number of columns (2)  format of each column (2 each)
/// ```
///
/// Formats are 0 for text and 1 for binary; all columns have the same.
public record CopyFormat(boolean binary, int columns) {

  /// A replication stream's: format 0, and no columns.
  public static final CopyFormat REPLICATION = new CopyFormat(false, 0);

  static CopyFormat decode(ByteBuffer body) throws ProtocolViolation {
    boolean binary = Body.int8(body) != 0;
    int columns = Body.count(body, Body.int16(body), Short.BYTES);
    for (int i = 0; i < columns; i++) {
      Body.int16(body);
    }
    return new CopyFormat(binary, columns);
  }

  int length() {
    return 1 + Short.BYTES + columns * Short.BYTES;
  }

  void encode(ByteBuffer out) {
    byte format = (byte) (binary ? 1 : 0);
    out.put(format).putShort((short) columns);
    for (int i = 0; i < columns; i++) {
      out.putShort(format);
    }
  }
}
