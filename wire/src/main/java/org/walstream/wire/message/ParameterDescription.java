package org.walstream.wire.message;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.walstream.wire.ProtocolViolation;

/// The types of a prepared statement's parameters.
///
/// ```
/// 't'  length  number of parameters (2)  type oid (4 each)
/// ```
public record ParameterDescription(List<Integer> typeOids) implements BackendMessage {

  public static final byte TAG = 't';

  public ParameterDescription {
    typeOids = List.copyOf(typeOids);
  }

  static ParameterDescription decode(ByteBuffer body) throws ProtocolViolation {
    int count = Body.count(body, Body.int16(body), Integer.BYTES);
    var typeOids = new ArrayList<Integer>(count);
    for (int i = 0; i < count; i++) {
      typeOids.add(Body.int32(body));
    }
    return new ParameterDescription(typeOids);
  }

  @Override
  public byte tag() {
    return TAG;
  }

  @Override
  public int bodyLength() {
    return Short.BYTES + typeOids.size() * Integer.BYTES;
  }

  @Override
  public void encodeBody(ByteBuffer out) {
    out.putShort((short) typeOids.size());
    typeOids.forEach(out::putInt);
  }
}
