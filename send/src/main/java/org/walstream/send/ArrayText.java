package org.walstream.send;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Takes arrays of one dimension in PostgreSQL's text format apart: `{a,"b c",NULL}`, and vectors:
/// `1 2 3`.
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
}
