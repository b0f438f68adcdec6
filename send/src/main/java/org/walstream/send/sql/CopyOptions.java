package org.walstream.send.sql;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// How COPY writes rows.
///
/// Source: PostgreSQL manual, COPY, "File Formats".
///
/// @param nullText what stands for NULL
record CopyOptions(boolean csv, char delimiter, String nullText, boolean header) {

  static final CopyOptions TEXT = new CopyOptions(false, '\t', "\\N", false);
  static final CopyOptions CSV = new CopyOptions(true, ',', "", false);

  /// One line, with its end.
  String line(List<? extends @Nullable String> values) {
    var line = new StringBuilder();
    for (int i = 0; i < values.size(); i++) {
      String value = values.get(i);
      line.append(i == 0 ? "" : delimiter);
      if (value == null) {
        line.append(nullText);
      } else {
        line.append(csv ? quoted(value, values.size()) : escaped(value));
      }
    }
    return line.append('\n').toString();
  }

  private String escaped(String value) {
    var text = new StringBuilder();
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '\b' -> text.append("\\b");
        case '\f' -> text.append("\\f");
        case '\n' -> text.append("\\n");
        case '\r' -> text.append("\\r");
        case '\t' -> text.append("\\t");
        case 0x0b -> text.append("\\v");
        case '\\' -> text.append("\\\\");
        default -> text.append(c == delimiter ? "\\" : "").append(c);
      }
    }
    return text.toString();
  }

  /// In quotes where it would be read as something else.
  private String quoted(String value, int columns) {
    boolean plain =
        !value.equals(nullText)
            && value.chars().noneMatch(c -> c == delimiter || c == '"' || c == '\n' || c == '\r')
            && !(columns == 1 && value.equals("\\."));
    return plain ? value : '"' + value.replace("\"", "\"\"") + '"';
  }
}
