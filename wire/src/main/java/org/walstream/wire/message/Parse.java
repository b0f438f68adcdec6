package org.walstream.wire.message;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.walstream.wire.ProtocolViolation;

/// Prepares a statement: the extended protocol's first step.
///
/// ```
/// 'P'  length  statement name (string)  sql (string)  number of parameter types (2)  type oid (4 each)
/// ```
///
/// @param parameterTypes the types of the first parameters, as far as the client gives them; 0 for
///   one that the server is to find out
public record Parse(String statement, String sql, List<Integer> parameterTypes)
    implements FrontendMessage {

  public static final byte TAG = 'P';

  public Parse {
    parameterTypes = List.copyOf(parameterTypes);
  }

  static Parse decode(ByteBuffer body) throws ProtocolViolation {
    String statement = Body.text(body);
    String sql = Body.text(body);
    int count = Body.count(body, Body.int16(body), Integer.BYTES);
    var types = new ArrayList<Integer>(count);
    for (int i = 0; i < count; i++) {
      types.add(Body.int32(body));
    }
    return new Parse(statement, sql, types);
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
        + parameterTypes.size() * Integer.BYTES;
  }

  @Override
  public void encodeBody(ByteBuffer out) {
    Body.putText(out, statement);
    Body.putText(out, sql);
    out.putShort((short) parameterTypes.size());
    parameterTypes.forEach(out::putInt);
  }
}
