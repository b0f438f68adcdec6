package org.walstream.wire.message;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.walstream.wire.ProtocolViolation;

/// The columns of the rows that follow.
///
/// ```
/// 'T'  length  number of columns (2), then for each:
///      name (string)  table oid (4)  attribute number (2)  type oid (4)  type length (2)
///      type modifier (4)  format (2)
/// ```
public record RowDescription(List<Column> columns) implements BackendMessage {

  public static final byte TAG = 'T';

  private static final int COLUMN_BYTES_MIN = 19;

  /// A column that belongs to no table.
  ///
  /// @param typeLength bytes of the type, -1 when they vary
  /// @param format 0 for text, 1 for binary
  public record Column(String name, int typeOid, int typeLength, int typeModifier, int format) {

    /// A column in text format.
    public Column(String name, int typeOid, int typeLength, int typeModifier) {
      this(name, typeOid, typeLength, typeModifier, 0);
    }
  }

  public RowDescription {
    columns = List.copyOf(columns);
  }

  static RowDescription decode(ByteBuffer body) throws ProtocolViolation {
    int count = Body.count(body, Body.int16(body), COLUMN_BYTES_MIN);
    var columns = new ArrayList<Column>(count);
    for (int i = 0; i < count; i++) {
      String name = Body.text(body);
      Body.int32(body);
      Body.int16(body);
      int typeOid = Body.int32(body);
      int typeLength = Body.int16(body);
      int typeModifier = Body.int32(body);
      int format = Body.int16(body);
      columns.add(new Column(name, typeOid, typeLength, typeModifier, format));
    }
    return new RowDescription(columns);
  }

  @Override
  public byte tag() {
    return TAG;
  }

  @Override
  public int bodyLength() {
    return Short.BYTES
        + columns.stream().mapToInt(c -> Body.textLength(c.name) + COLUMN_BYTES_MIN - 1).sum();
  }

  @Override
  public void encodeBody(ByteBuffer out) {
    out.putShort((short) columns.size());
    for (Column column : columns) {
      Body.putText(out, column.name);
      out.putInt(0).putShort((short) 0);
      out.putInt(column.typeOid).putShort((short) column.typeLength).putInt(column.typeModifier);
      out.putShort((short) column.format);
    }
  }
}
