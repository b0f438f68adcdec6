package org.walstream.send.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.walstream.wire.SqlState;
import org.walstream.wire.server.ServerError;

/// Cuts SQL into words: names, `"quoted names"`, `'texts'`, `E'texts'`, `$$texts$$`, numbers,
/// single symbols. Comments of both kinds count as blanks. It is what tells where a statement ends
/// and which of them concern the session only; queries are read by the [QueryEngine].
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
    int start = at;
    char c = sql.charAt(at);
    if (c == '\'') {
      return text(start, quoted('\'', false, "unterminated quoted string"));
    } else if (c == '"') {
      String name = quoted('"', false, "unterminated quoted identifier");
      return new Token.Word(name, true, start, at);
    } else if ((c == 'e' || c == 'E') && at + 1 < sql.length() && sql.charAt(at + 1) == '\'') {
      at++;
      return text(start, quoted('\'', true, "unterminated quoted string"));
    } else if (c == '$' && dollarTag() > 0) {
      return text(start, dollarQuoted());
    } else if (isDigit(c)) {
      String digits = run(true);
      return new Token.Numeral(digits, start, at);
    } else if (Character.isLetter(c) || c == '_') {
      String name = run(false).toLowerCase(Locale.ROOT);
      return new Token.Word(name, false, start, at);
    }
    at++;
    return new Token.Symbol(c, start, at);
  }

  private Token.Text text(int start, String text) {
    return new Token.Text(text, start, at);
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
  ///
  /// @param escapes whether a backslash takes the next character's own meaning away
  private String quoted(char quote, boolean escapes, String unterminated) throws ServerError {
    var text = new StringBuilder();
    int start = at++;
    while (at < sql.length()) {
      char c = sql.charAt(at++);
      if (escapes && c == '\\' && at < sql.length()) {
        text.append(escaped(sql.charAt(at++)));
      } else if (c != quote) {
        text.append(c);
      } else if (at < sql.length() && sql.charAt(at) == quote) {
        text.append(c);
        at++;
      } else {
        return text.toString();
      }
    }
    throw syntaxError(unterminated, start);
  }

  private static char escaped(char c) {
    return switch (c) {
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      default -> c;
    };
  }

  /// The length of the `$tag$` that begins here; 0 if none does.
  private int dollarTag() {
    int end = at + 1;
    while (end < sql.length()
        && (Character.isLetterOrDigit(sql.charAt(end)) || sql.charAt(end) == '_')) {
      end++;
    }
    boolean tag =
        end < sql.length()
            && sql.charAt(end) == '$'
            && (end == at + 1 || !isDigit(sql.charAt(at + 1)));
    return tag ? end + 1 - at : 0;
  }

  private String dollarQuoted() throws ServerError {
    int start = at;
    String tag = sql.substring(at, at + dollarTag());
    int end = sql.indexOf(tag, at + tag.length());
    if (end < 0) {
      throw syntaxError("unterminated dollar-quoted string", start);
    }
    at = end + tag.length();
    return sql.substring(start + tag.length(), end);
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
        throw syntaxError("unterminated /* comment", start);
      }
    } while (depth > 0);
  }

  private ServerError syntaxError(String message, int start) {
    return ServerError.error(
            SqlState.SYNTAX_ERROR, message + " at or near \"" + sql.substring(start) + "\"")
        .at(sql.codePointCount(0, start) + 1);
  }
}
