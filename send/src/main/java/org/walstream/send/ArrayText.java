package org.walstream.send;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Arrays of one dimension in PostgreSQL's text format, made and taken apart: `{a,"b c",NULL}`, and
/// vectors: `1 2 3`.
///
/// Source: PostgreSQL manual, "Array Input and Output Syntax".
public final class ArrayText {

  private ArrayText() {}

  public static List<@Nullable String> elements(String text) {
    if (!text.startsWith("{")) {
      return text.isEmpty() ? List.of() : new ArrayList<>(List.of(text.split(" ")));
    }
    List<@Nullable String> elements = new ArrayList<>();
    var element = new StringBuilder();
    boolean quoted = false;
    boolean wasQuoted = false;
    for (int i = 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && i + 1 < text.length()) {
        element.append(text.charAt(++i));
      } else if (c == '"') {
        quoted = !quoted;
        wasQuoted = true;
      } else if (quoted || (c != ',' && c != '}')) {
        element.append(c);
      } else {
        String value = element.toString();
        if (c == ',' || !elements.isEmpty() || wasQuoted || !value.isEmpty()) {
          elements.add(!wasQuoted && value.equalsIgnoreCase("NULL") ? null : value);
        }
        element.setLength(0);
        wasQuoted = false;
      }
    }
    return elements;
  }

  /// `{a,"b c",NULL}`
  public static String of(List<? extends @Nullable String> elements) {
    var text = new StringBuilder("{");
    for (String element : elements) {
      text.append(text.length() == 1 ? "" : ",")
          .append(element == null ? "NULL" : element(element));
    }
    return text.append('}').toString();
  }

  private static String element(String text) {
    boolean plain =
        !text.isEmpty()
            && !text.equalsIgnoreCase("null")
            && text.chars().noneMatch(c -> "{}\",\\".indexOf(c) >= 0 || Character.isWhitespace(c));
    return plain ? text : '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
