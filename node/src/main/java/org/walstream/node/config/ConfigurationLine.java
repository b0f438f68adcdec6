package org.walstream.node.config;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.walstream.node.config.ConfigurationFile.Setting;

/// One line of a configuration file, cut into tokens from left to right.
///
/// ```
/// line    := [name ['='] value] [# comment]
/// name    := id | id.id
/// value   := id | id.id | word | integer | real | 'string'
/// word    := letters, digits and - . _ : /, after a letter
/// integer := [+-] digits or 0x…, and a unit;  real := a fraction, without unit
/// ```
///
/// The line is bytes, one a character: a file may be in any encoding, and only values are taken as
/// UTF-8. A byte 0 has its place in comments only. (In quotes a server takes it, and what comes
/// before it but for one byte as the value.) Counterpart of src/backend/utils/misc/guc-file.l.
final class ConfigurationLine {

  private static final String LETTER = "[A-Za-z_\\x80-\\xff]";
  private static final String LETTER_OR_DIGIT = "[A-Za-z_0-9\\x80-\\xff]";
  private static final Pattern SPACE = Pattern.compile("[ \\t\\r]*(?:#.*)?");

  /// What a token is. Of those that match the longest counts, and of equals the first, as in every
  /// lexer of this kind.
  private enum Kind {
    ID(LETTER + LETTER_OR_DIGIT + "*"),
    QUALIFIED_ID("%1$s%2$s*\\.%1$s%2$s*".formatted(LETTER, LETTER_OR_DIGIT)),
    STRING("'(?:[^'\\\\\\n\\x00]|\\\\[^\\x00]|'')*+'"),
    WORD("%s(?:%s|[-._:/])*".formatted(LETTER, LETTER_OR_DIGIT)),
    INTEGER("[+-]?(?:0x[0-9a-fA-F]+|[0-9]+)[a-zA-Z]*"),
    REAL("[+-]?[0-9]*\\.[0-9]*(?:[Ee][+-]?[0-9]+)?"),
    EQUALS("="),
    OTHER("."),
    END("$");

    private final Pattern pattern;

    Kind(String regex) {
      pattern = Pattern.compile(regex, Pattern.DOTALL);
    }
  }

  private record Token(Kind kind, String text) {
    boolean isName() {
      return kind == Kind.ID || kind == Kind.QUALIFIED_ID;
    }

    boolean isValue() {
      return kind.compareTo(Kind.EQUALS) < 0;
    }
  }

  private final String line;
  private int at;

  /// @param line without its end, one character a byte
  ConfigurationLine(String line) {
    this.line = line;
  }

  /// @return the line's setting, or null when it holds none
  @Nullable Setting parse(Path file, int number) throws ConfigurationException {
    Token name = next();
    if (name.kind == Kind.END) {
      return null;
    }
    if (!name.isName()) {
      throw syntaxError(file, number, name);
    }
    Token value = next();
    if (value.kind == Kind.EQUALS) {
      value = next();
    }
    if (!value.isValue()) {
      throw syntaxError(file, number, value);
    }
    Token end = next();
    if (end.kind != Kind.END) {
      throw syntaxError(file, number, end);
    }
    String text = value.kind == Kind.STRING ? unquoted(value.text) : value.text;
    return new Setting(utf8(name.text), utf8(text), file, number);
  }

  private Token next() {
    Matcher space = SPACE.matcher(line).region(at, line.length());
    at = space.lookingAt() ? space.end() : at;
    Kind found = Kind.END;
    int end = at;
    for (Kind kind : Kind.values()) {
      Matcher matcher = kind.pattern.matcher(line).region(at, line.length());
      if (matcher.lookingAt() && matcher.end() > end) {
        found = kind;
        end = matcher.end();
      }
    }
    var token = new Token(found, line.substring(at, end));
    at = end;
    return token;
  }

  /// What stands between the quotes: `''` is one, and backslashes escape as in C.
  private static String unquoted(String quoted) {
    var value = new StringBuilder();
    for (int i = 1; i < quoted.length() - 1; i++) {
      char c = quoted.charAt(i);
      if (c == '\'') {
        i++;
      } else if (c == '\\') {
        c = quoted.charAt(++i);
        if (c >= '0' && c <= '7') {
          int octal = 0;
          int end = Math.min(i + 3, quoted.length() - 1);
          for (; i < end && quoted.charAt(i) >= '0' && quoted.charAt(i) <= '7'; i++) {
            octal = octal * 8 + quoted.charAt(i) - '0';
          }
          i--;
          c = (char) (octal & 0xff);
        } else {
          c = escaped(c);
        }
      }
      value.append(c);
    }
    return value.toString();
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

  /// Text ends where a string of C does: at a byte 0, which a value can have by `\000`.
  private static String utf8(String bytes) {
    int end = bytes.indexOf(0);
    String text = end < 0 ? bytes : bytes.substring(0, end);
    return new String(text.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  private static ConfigurationException syntaxError(Path file, int number, Token token) {
    String near = token.kind == Kind.END ? "end of line" : "token \"" + utf8(token.text) + "\"";
    return new ConfigurationException(
        "syntax error in file \"%s\" line %d, near %s".formatted(file, number, near));
  }
}
