package org.walstream.send.guc;

import java.util.Locale;
import java.util.Optional;

/// The words that PostgreSQL takes for a Boolean value: `true`, `false`, `yes`, `no`, `on`, `off`,
/// `1`, `0` and every beginning of these words that only one of them has, in capitals or not.
///
/// Counterpart of parse_bool(), src/backend/utils/adt/bool.c.
public final class GucBoolean {

  private GucBoolean() {}

  /// Empty when the text is none of them.
  public static Optional<Boolean> parse(String text) {
    String word = text.toLowerCase(Locale.ROOT);
    if (word.equals("1")
        || isPrefix(word, "on", 2)
        || isPrefix(word, "true", 1)
        || isPrefix(word, "yes", 1)) {
      return Optional.of(true);
    }
    if (word.equals("0")
        || isPrefix(word, "off", 2)
        || isPrefix(word, "false", 1)
        || isPrefix(word, "no", 1)) {
      return Optional.of(false);
    }
    return Optional.empty();
  }

  private static boolean isPrefix(String word, String whole, int least) {
    return word.length() >= least && whole.startsWith(word);
  }
}
