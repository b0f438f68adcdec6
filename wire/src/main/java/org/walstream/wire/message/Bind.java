package org.walstream.wire.message;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
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
/// @param resultFormats 0 for text, 1 for binary: one for each column, or one for all, or none for
///   text
public record Bind(String portal, String statement, int parameters, List<Integer> resultFormats)
    implements FrontendMessage {

  public static final byte TAG = 'B';

  public Bind {
    resultFormats = List.copyOf(resultFormats);
  }

  static Bind decode(ByteBuffer body) throws ProtocolViolation {
    String portal = Body.text(body);
    String statement = Body.text(body);
    formats(body);
    int parameters = Body.count(body, Body.int16(body), Integer.BYTES);
    for (int i = 0; i < parameters; i++) {
      int length = Body.int32(body);
      if (length != -1) {
        Body.bytes(body, length);
      }
    }
    return new Bind(portal, statement, parameters, formats(body));
  }

  private static List<Integer> formats(ByteBuffer body) throws ProtocolViolation {
    int count = Body.count(body, Body.int16(body), Short.BYTES);
    var formats = new ArrayList<Integer>(count);
    for (int i = 0; i < count; i++) {
      formats.add(Body.int16(body));
    }
    return formats;
  }

  /// The format of column `index`.
  public int resultFormat(int index) {
    return switch (resultFormats.size()) {
      case 0 -> 0;
      case 1 -> resultFormats.getFirst();
      default -> index < resultFormats.size() ? resultFormats.get(index) : 0;
    };
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
        + resultFormats.size() * Short.BYTES;
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
    out.putShort((short) resultFormats.size());
    resultFormats.forEach(format -> out.putShort(format.shortValue()));
  }
}
