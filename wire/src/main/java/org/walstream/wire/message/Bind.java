package org.walstream.wire.message;

import java.nio.ByteBuffer;
import org.walstream.wire.ProtocolViolation;

/// Makes a portal, which can be executed, of a prepared statement.
///
/// ```
/// 'B'  length  portal (string)  statement (string)
///      number of parameter formats (2)  format (2 each)
///      number of parameters (2)  for each: length (4), -1 for null;  value (length)
///      number of result formats (2)  format (2 each)
/// ```
///
/// @param parameters how many parameters are bound; their values are not kept, since no statement
///   here takes any
/// @param binaryResult true when any column is wanted in binary format
public record Bind(String portal, String statement, int parameters, boolean binaryResult)
    implements FrontendMessage {

  public static final byte TAG = 'B';

  static Bind decode(ByteBuffer body) throws ProtocolViolation {
    String portal = Body.text(body);
    String statement = Body.text(body);
    anyBinary(body);
    int parameters = Body.count(body, Body.int16(body), Integer.BYTES);
    for (int i = 0; i < parameters; i++) {
      int length = Body.int32(body);
      if (length != -1) {
        Body.bytes(body, length);
      }
    }
    return new Bind(portal, statement, parameters, anyBinary(body));
  }

  private static boolean anyBinary(ByteBuffer body) throws ProtocolViolation {
    int count = Body.count(body, Body.int16(body), Short.BYTES);
    boolean any = false;
    for (int i = 0; i < count; i++) {
      any |= Body.int16(body) != 0;
    }
    return any;
  }

  @Override
  public byte tag() {
    return TAG;
  }

  @Override
  public int bodyLength() {
    return Body.textLength(portal)
        + Body.textLength(statement)
        + 3 * Short.BYTES
        + parameters * Integer.BYTES
        + (binaryResult ? Short.BYTES : 0);
  }

  /// Parameters are written as nulls.
  @Override
  public void encodeBody(ByteBuffer out) {
    Body.putText(out, portal);
    Body.putText(out, statement);
    out.putShort((short) 0).putShort((short) parameters);
    for (int i = 0; i < parameters; i++) {
      out.putInt(-1);
    }
    out.putShort((short) (binaryResult ? 1 : 0));
    if (binaryResult) {
      out.putShort((short) 1);
    }
  }
}
