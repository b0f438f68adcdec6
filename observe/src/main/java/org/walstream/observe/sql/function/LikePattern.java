package org.walstream.observe.sql.function;

/// LIKE: `%` stands for any characters, `_` for one, and what follows the escape for itself.
///
/// Where a text does not go on as the pattern does, only the last `%` is tried again, further on:
/// what earlier ones could take, it can take as well. So it costs at most the product of both
/// lengths, however many `%` there are.
final class LikePattern {

  private LikePattern() {}

  /// @param escape a single character, or the empty text if there is none
  static boolean matches(String text, String pattern, String escape) throws RefusedEscape {
    int[] codes = new int[pattern.length()];
    int length = 0;
    for (int i = 0; i < pattern.length(); ) {
      int c = pattern.codePointAt(i);
      i += Character.charCount(c);
      if (!escape.isEmpty() && c == escape.codePointAt(0)) {
        if (i == pattern.length()) {
          throw new RefusedEscape();
        }
        int literal = pattern.codePointAt(i);
        i += Character.charCount(literal);
        codes[length++] = literal;
      } else {
        codes[length++] = c == '%' ? ANY : c == '_' ? ONE : c;
      }
    }
    return matches(text, codes, length);
  }

  private static final int ANY = -1;
  private static final int ONE = -2;

  /// The pattern ends with its escape.
  static final class RefusedEscape extends Exception {
    private static final long serialVersionUID = 1;
  }

  private static boolean matches(String text, int[] pattern, int length) {
    int at = 0;
    int next = 0;
    int lastAny = -1;
    int triedFrom = 0;
    while (at < text.length()) {
      int c = text.codePointAt(at);
      if (next < length && pattern[next] == ANY) {
        lastAny = next++;
        triedFrom = at;
      } else if (next < length && (pattern[next] == ONE || pattern[next] == c)) {
        next++;
        at += Character.charCount(c);
      } else if (lastAny >= 0) {
        triedFrom += Character.charCount(text.codePointAt(triedFrom));
        at = triedFrom;
        next = lastAny + 1;
      } else {
        return false;
      }
    }
    while (next < length && pattern[next] == ANY) {
      next++;
    }
    return next == length;
  }
}
