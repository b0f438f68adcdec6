package org.walstream.send.command;

/// A word of a replication command.
sealed interface CommandToken {

  /// A word: a keyword, or a name, which is kept in lower case unless it was quoted.
  record Word(String text, boolean quoted) implements CommandToken {
    boolean isKeyword(String keyword) {
      return !quoted && text.equalsIgnoreCase(keyword);
    }
  }

  /// A text in single quotes.
  record Text(String text) implements CommandToken {}

  /// An unsigned number of 32 bits.
  record Numeral(long value) implements CommandToken {}

  /// A position: two hexadecimal numbers with a slash between.
  record Position(long lsn) implements CommandToken {}

  /// A parenthesis, comma, semicolon or dot.
  record Symbol(char symbol) implements CommandToken {}

  /// Nothing more.
  record End() implements CommandToken {}
}
