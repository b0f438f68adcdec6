package org.walstream.wire.message;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.walstream.wire.ProtocolViolation;

/// One row of a result.
///
/// ```
/// 'D'  length  number of columns (2), then for each:  length (4), -1 for null;  value (length)
/// ```
///
/// @param values a null stands for SQL's
public record DataRow(List<byte @Nullable []> values) implements BackendMessage {

  public static final byte TAG = 'D';

  /// A row of values in text format.
  public static DataRow ofText(@Nullable String... values) {
    var row = new ArrayList<byte @Nullable []>(values.length);
    for (String value : values) {
      row.add(value == null ? null : value.getBytes(StandardCharsets.UTF_8));
    }
    return new DataRow(Collections.unmodifiableList(row));
  }

  static DataRow decode(ByteBuffer body) throws ProtocolViolation {
    int count = Body.count(body, Body.int16(body), Integer.BYTES);
    var values = new ArrayList<byte @Nullable []>(count);
    for (int i = 0; i < count; i++) {
      int length = Body.int32(body);
      values.add(length == -1 ? null : Body.bytes(body, length));
    }
    return new DataRow(Collections.unmodifiableList(values));
  }

  /// The value of column `index` as text; null for SQL's null.
  public @Nullable String text(int index) {
    byte[] value = values.get(index);
    return value == null ? null : new String(value, StandardCharsets.UTF_8);
  }

  @Override
  public byte tag() {
    return TAG;
  }

  @Override
  public int bodyLength() {
    int length = Short.BYTES;
    for (byte[] value : values) {
      length += Integer.BYTES + (value == null ? 0 : value.length);
    }
    return length;
  }

  @Override
  public void encodeBody(ByteBuffer out) {
    out.putShort((short) values.size());
    for (byte[] value : values) {
      if (value == null) {
        out.putInt(-1);
      } else {
        out.putInt(value.length).put(value);
      }
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof DataRow that
        && Arrays.deepEquals(values.toArray(), that.values.toArray());
  }

  @Override
  public int hashCode() {
    return Arrays.deepHashCode(values.toArray());
  }
}
