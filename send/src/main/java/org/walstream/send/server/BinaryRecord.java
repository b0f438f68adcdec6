package org.walstream.send.server;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.walstream.send.SqlType;

/// A record in binary, big-endian, made of its text. Of what types its fields are the text does not
/// tell: each is sent as a text.
///
/// ```
/// int32 fields │ int32 OID of the type │ int32 length, -1 for NULL │ value │ …
/// ```
///
/// Source: record_send(), src/backend/utils/adt/rowtypes.c.
final class BinaryRecord {

  private BinaryRecord() {}

  /// @param text such as `(a,"b c",)`
  static byte[] of(String text) {
    List<byte @Nullable []> fields = new ArrayList<>();
    int length = Integer.BYTES;
    for (String field : fields(text)) {
      byte[] value = field == null ? null : field.getBytes(StandardCharsets.UTF_8);
      fields.add(value);
      length += 2 * Integer.BYTES + (value == null ? 0 : value.length);
    }
    var out = ByteBuffer.allocate(length).putInt(fields.size());
    for (byte @Nullable [] value : fields) {
      out.putInt(SqlType.TEXT.oid());
      if (value == null) {
        out.putInt(-1);
      } else {
        out.putInt(value.length).put(value);
      }
    }
    return out.array();
  }

  private static List<@Nullable String> fields(String text) {
    var fields = new ArrayList<@Nullable String>();
    var field = new StringBuilder();
    boolean quoted = false;
    boolean empty = true; // nothing has been there, not even quotes
    for (int i = 1; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean last = i == text.length() - 1;
      if (!quoted && (c == ',' || last)) {
        fields.add(empty ? null : field.toString());
        field.setLength(0);
        empty = true;
      } else if (c == '"') {
        boolean doubled = quoted && text.charAt(i + 1) == '"';
        if (doubled) {
          field.append(c);
          i++;
        } else {
          quoted = !quoted;
        }
        empty = false;
      } else {
        field.append(c == '\\' ? text.charAt(++i) : c);
        empty = false;
      }
    }
    return fields;
  }
}
