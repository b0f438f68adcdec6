package org.walstream.wire.message;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
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
/// @param parameterFormats 0 for text, 1 for binary: one for each parameter, or one for all, or
///   none for text; as for `resultFormats`
/// @param parameters the values, null for NULL
/// @param resultFormats the same for the columns
public record Bind(
    String portal,
    String statement,
    List<Integer> parameterFormats,
    List<byte @Nullable []> parameters,
    List<Integer> resultFormats)
    implements FrontendMessage {

  public static final byte TAG = 'B';

  public Bind {
    parameterFormats = List.copyOf(parameterFormats);
    parameters = Collections.unmodifiableList(new ArrayList<byte @Nullable []>(parameters));
    resultFormats = List.copyOf(resultFormats);
  }

  static Bind decode(ByteBuffer body) throws ProtocolViolation {
    String portal = Body.text(body);
    String statement = Body.text(body);
    List<Integer> parameterFormats = formats(body);
    int count = Body.count(body, Body.int16(body), Integer.BYTES);
    var parameters = new ArrayList<byte @Nullable []>(count);
    for (int i = 0; i < count; i++) {
      int length = Body.int32(body);
      parameters.add(length == -1 ? null : Body.bytes(body, length));
    }
    return new Bind(portal, statement, parameterFormats, parameters, formats(body));
  }

  private static List<Integer> formats(ByteBuffer body) throws ProtocolViolation {
    int count = Body.count(body, Body.int16(body), Short.BYTES);
    var formats = new ArrayList<Integer>(count);
    for (int i = 0; i < count; i++) {
      formats.add(Body.int16(body));
    }
    return formats;
  }

  /// The format of parameter `index`.
  public int parameterFormat(int index) {
    return format(parameterFormats, index);
  }

  /// The format of column `index`.
  public int resultFormat(int index) {
    return format(resultFormats, index);
  }

  private static int format(List<Integer> formats, int index) {
    return switch (formats.size()) {
      case 0 -> 0;
      case 1 -> formats.getFirst();
      default -> index < formats.size() ? formats.get(index) : 0;
    };
  }

  @Override
  public byte tag() {
    return TAG;
  }

  @Override
  public int bodyLength() {
    int length = Body.textLength(portal) + Body.textLength(statement) + 3 * Short.BYTES;
    for (byte @Nullable [] value : parameters) {
      length += Integer.BYTES + (value == null ? 0 : value.length);
    }
    return length + (parameterFormats.size() + resultFormats.size()) * Short.BYTES;
  }

  @Override
  public void encodeBody(ByteBuffer out) {
    Body.putText(out, portal);
    Body.putText(out, statement);
    putFormats(out, parameterFormats);
    out.putShort((short) parameters.size());
    for (byte @Nullable [] value : parameters) {
      if (value == null) {
        out.putInt(-1);
      } else {
        out.putInt(value.length).put(value);
      }
    }
    putFormats(out, resultFormats);
  }

  private static void putFormats(ByteBuffer out, List<Integer> formats) {
    out.putShort((short) formats.size());
    formats.forEach(format -> out.putShort(format.shortValue()));
  }

  /// Arrays are compared by what is in them.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Bind that
        && portal.equals(that.portal)
        && statement.equals(that.statement)
        && parameterFormats.equals(that.parameterFormats)
        && Arrays.deepEquals(parameters.toArray(), that.parameters.toArray())
        && resultFormats.equals(that.resultFormats);
  }

  @Override
  public int hashCode() {
    return portal.hashCode()
        + 31 * statement.hashCode()
        + Arrays.deepHashCode(parameters.toArray());
  }
}
