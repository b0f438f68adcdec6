package org.walstream.send.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.walstream.wire.SqlState;
import org.walstream.wire.server.ServerError;

/// Cuts SQL into words: names, `"quoted names"`, `'texts'`, numbers, single symbols. Comments of
/// both kinds count as blanks. Understands just enough to tell apart what is answered and what is
/// not; what it has no word for (dollar quotes, `E''`) is a symbol, and no statement with symbols
/// of that kind is answered.
final class Tokens {

  private final String sql;
  private final List<Token> tokens = new ArrayList<>();
  private int at;

  private Tokens(String sql) {
    this.sql = sql;
  }

  /// @throws ServerError if a quote or a comment does not end
  static List<Token> of(String sql) throws ServerError {
    var scanner = new Tokens(sql);
    scanner.skipBlanks();
    while (scanner.at < sql.length()) {
      scanner.tokens.add(scanner.next());
      scanner.skipBlanks();
    }
    return scanner.tokens;
  }

  private Token next() throws ServerError {
    char c = sql.charAt(at);
    if (c == '\'') {
      return new Token.Text(quoted('\'', "unterminated quoted string"));
    } else if (c == '"') {
      return new Token.Word(quoted('"', "unterminated quoted identifier"), true);
    } else if (isDigit(c)) {
      return new Token.Numeral(run(true));
    } else if (Character.isLetter(c) || c == '_') {
      return new Token.Word(run(false).toLowerCase(Locale.ROOT), false);
    }
    at++;
    return new Token.Symbol(c);
  }

  private String run(boolean digits) {
    int start = at;
    while (at < sql.length() && (digits ? isDigit(sql.charAt(at)) : isNamePart(sql.charAt(at)))) {
      at++;
    }
    return sql.substring(start, at);
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isNamePart(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '$';
  }

  /// What stands between two `quote`s; a doubled one inside means itself.
  private String quoted(char quote, String unterminated) throws ServerError {
    var text = new StringBuilder();
    int start = at++;
    while (at < sql.length()) {
      char c = sql.charAt(at++);
      if (c != quote) {
        text.append(c);
      } else if (at < sql.length() && sql.charAt(at) == quote) {
        text.append(c);
        at++;
      } else {
        return text.toString();
      }
    }
    throw syntaxError(unterminated + " at or near \"" + sql.substring(start) + "\"");
  }

  private void skipBlanks() throws ServerError {
    while (at < sql.length()) {
      if (Character.isWhitespace(sql.charAt(at))) {
        at++;
      } else if (sql.startsWith("--", at)) {
        int end = sql.indexOf('\n', at);
        at = end < 0 ? sql.length() : end;
      } else if (sql.startsWith("/*", at)) {
        skipComment();
      } else {
        return;
      }
    }
  }

  /// Comments nest in PostgreSQL.
  private void skipComment() throws ServerError {
    int start = at;
    int depth = 0;
    do {
      if (sql.startsWith("/*", at)) {
        depth++;
        at += 2;
      } else if (sql.startsWith("*/", at)) {
        depth--;
        at += 2;
      } else if (at < sql.length()) {
        at++;
      } else {
        throw syntaxError("unterminated /* comment at or near \"" + sql.substring(start) + "\"");
      }
    } while (depth > 0);
  }

  private static ServerError syntaxError(String message) {
    return ServerError.error(SqlState.SYNTAX_ERROR, message);
  }
}
