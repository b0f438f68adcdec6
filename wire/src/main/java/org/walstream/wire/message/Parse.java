package org.walstream.wire.message;

import java.nio.ByteBuffer;
import org.walstream.wire.ProtocolViolation;

/// Prepares a statement: the extended protocol's first step.
///
/// ```
/// 'P'  length  statement name (string)  sql (string)  number of parameter types (2)  type oid (4 each)
/// ```
///
/// @param parameterTypes how many types of parameters the client gives; the types themselves are
///   not kept, since no statement here takes parameters
public record Parse(String statement, String sql, int parameterTypes) implements FrontendMessage {

  public static final byte TAG = 'P';

  static Parse decode(ByteBuffer body) throws ProtocolViolation {
    String statement = Body.text(body);
    String sql = Body.text(body);
    int count = Body.count(body, Body.int16(body), Integer.BYTES);
    Body.bytes(body, count * Integer.BYTES);
    return new Parse(statement, sql, count);
  }

  @Override
  public byte tag() {
    return TAG;
  }

  @Override
  public int bodyLength() {
    return Body.textLength(statement)
        + Body.textLength(sql)
        + Short.BYTES
        + parameterTypes * Integer.BYTES;
  }

  @Override
  public void encodeBody(ByteBuffer out) {
    Body.putText(out, statement);
    Body.putText(out, sql);
    out.putShort((short) parameterTypes);
    for (int i = 0; i < parameterTypes; i++) {
      out.putInt(0);
    }
  }
}
