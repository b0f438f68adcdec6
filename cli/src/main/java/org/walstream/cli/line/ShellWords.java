package org.walstream.cli.line;

import java.util.ArrayList;
import java.util.List;

/// A command line as a shell splits it into words: blanks, both quotes, backslashes. Nothing is
/// expanded, and what is not closed ends with the line, which may be one that is being typed.
public final class ShellWords {

  private static final char NONE = 0;

  private ShellWords() {}

  public static List<String> of(String line) {
    var words = new ArrayList<String>();
    var word = new StringBuilder();
    boolean within = false;
    char quote = NONE;
    for (int at = 0; at < line.length(); at++) {
      char c = line.charAt(at);
      if (c == quote) {
        quote = NONE;
      } else if (quote == NONE && (c == '\'' || c == '"')) {
        quote = c;
        within = true;
      } else if (quote == NONE && Character.isWhitespace(c)) {
        if (within) {
          words.add(word.toString());
          word.setLength(0);
        }
        within = false;
      } else {
        if (c == '\\' && quote != '\'' && at + 1 < line.length()) {
          c = line.charAt(++at);
        }
        word.append(c);
        within = true;
      }
    }
    if (within) {
      words.add(word.toString());
    }
    return words;
  }
}
