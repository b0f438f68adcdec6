package org.walstream.send.sql;

/// A word of SQL, and where in the query string it begins and ends.
sealed interface Token {

  int start();

  int end();

  /// A keyword or a name; names are in lower case unless they were quoted.
  record Word(String text, boolean quoted, int start, int end) implements Token {
    boolean is(String keyword) {
      return !quoted && text.equals(keyword);
    }
  }

  /// A string constant of whatever form: `'…'`, `E'…'`, `$$…$$`.
  record Text(String text, int start, int end) implements Token {}

  record Numeral(String digits, int start, int end) implements Token {}

  /// A parenthesis, an operator's character, a comma, a semicolon.
  record Symbol(char symbol, int start, int end) implements Token {}

  record End(int start) implements Token {
    @Override
    public int end() {
      return start;
    }
  }
}
