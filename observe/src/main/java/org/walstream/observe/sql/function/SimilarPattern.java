package org.walstream.observe.sql.function;

/// The pattern of `SIMILAR TO` as a regular expression: `%` and `_` of LIKE, beside `|`, `*`, `+`,
/// `?`, `{m,n}`, parentheses and brackets. It has to match all of a text.
///
/// ```
/// %(b|d)_%    ^(?:.*(?:b|d)..*)$
/// ```
final class SimilarPattern {

  private SimilarPattern() {}

  static String regex(String pattern, String escape) {
    var regex = new StringBuilder("^(?:");
    boolean inBrackets = false;
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      if (!escape.isEmpty() && c == escape.charAt(0) && i + 1 < pattern.length()) {
        regex.append('\\').append(pattern.charAt(++i));
      } else if (inBrackets) {
        regex.append(c == '\\' ? "\\\\" : String.valueOf(c));
        inBrackets = c != ']';
      } else {
        inBrackets = c == '[';
        regex.append(
            switch (c) {
              case '%' -> ".*";
              case '_' -> ".";
              case '(' -> "(?:";
              case '.', '^', '$', '\\' -> "\\" + c;
              default -> String.valueOf(c);
            });
      }
    }
    return regex.append(")$").toString();
  }
}
