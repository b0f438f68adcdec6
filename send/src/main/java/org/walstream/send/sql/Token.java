package org.walstream.send.sql;

/// A word of SQL.
sealed interface Token {

  /// A keyword or a name; names are in lower case unless they were quoted.
  record Word(String text, boolean quoted) implements Token {
    boolean is(String keyword) {
      return !quoted && text.equals(keyword);
    }
  }

  record Text(String text) implements Token {}

  record Numeral(String digits) implements Token {}

  /// A parenthesis, an operator, a comma, a semicolon.
  record Symbol(char symbol) implements Token {}

  record End() implements Token {}
}
