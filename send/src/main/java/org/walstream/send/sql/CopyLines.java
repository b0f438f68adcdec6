package org.walstream.send.sql;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.walstream.send.RowSet;
import org.walstream.send.server.BinaryFormat;
import org.walstream.wire.server.ServerError;

/// Rows as COPY writes them, in text or in binary:
///
/// ```
/// PGCOPY \n 0xFF \r \n 0   flags (4)  length of more (4)   once
/// columns (2)  { length (4), bytes } …                    a row; a length of -1 is NULL
/// -1 (2)                                                  the end
/// ```
///
/// Source: PostgreSQL manual, COPY, "Binary Format".
final class CopyLines {

  private static final byte[] SIGNATURE = {
    'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0
  };

  private CopyLines() {}

  static Iterable<byte[]> of(RowSet rows, CopyOptions options) throws ServerError {
    if (options.binary()) {
      return binary(rows);
    }
    List<String> names = rows.columns().stream().map(RowSet.Column::name).toList();
    List<String> header = options.header() ? List.of(options.line(names, List.of())) : List.of();
    return () ->
        Stream.concat(header.stream(), rows.rows().stream().map(row -> options.line(row, names)))
            .map(line -> line.getBytes(StandardCharsets.UTF_8))
            .iterator();
  }

  /// All of it at once: a type without a binary format is told before anything is sent.
  private static List<byte[]> binary(RowSet rows) throws ServerError {
    var lines = new ArrayList<byte[]>();
    byte[] before = SIGNATURE;
    for (List<@Nullable String> row : rows.rows()) {
      var line = new ByteArrayOutputStream();
      line.writeBytes(before);
      before = new byte[0];
      line.writeBytes(ByteBuffer.allocate(Short.BYTES).putShort((short) row.size()).array());
      for (int i = 0; i < row.size(); i++) {
        String text = row.get(i);
        byte[] value = text == null ? null : BinaryFormat.of(rows.columns().get(i).type(), text);
        line.writeBytes(
            ByteBuffer.allocate(Integer.BYTES).putInt(value == null ? -1 : value.length).array());
        line.writeBytes(value == null ? new byte[0] : value);
      }
      lines.add(line.toByteArray());
    }
    byte[] end = ByteBuffer.allocate(before.length + 2).put(before).putShort((short) -1).array();
    lines.add(end);
    return lines;
  }
}
