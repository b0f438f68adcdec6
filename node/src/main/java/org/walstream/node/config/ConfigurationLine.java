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
/// line   := [name ['='] value] [# comment]
/// name   := id | id.id
/// value  := id | word | number | 'string'        word: letters, digits and - . _ : /
/// number := [+-] digits or 0x… and a unit, or a fraction without one
/// ```
///
/// The line is bytes, one a character: a file may be in any encoding, and only values are taken as
/// UTF-8. Counterpart of src/backend/utils/misc/guc-file.l.
final class ConfigurationLine {

  private static final String LETTER = "[A-Za-z_\\x80-\\xff]";
  private static final String LETTER_OR_DIGIT = "[A-Za-z_0-9\\x80-\\xff]";
  private static final Pattern SPACE = Pattern.compile("[ \\t\\r]*(?:#.*)?");
  private static final Pattern NAME =
      Pattern.compile("%1$s%2$s*(?:\\.%1$s%2$s*)?".formatted(LETTER, LETTER_OR_DIGIT));

  /// Of these the longest counts, as in every lexer of this kind.
  private static final Pattern[] VALUES = {
    Pattern.compile("'(?:[^'\\\\\\n]|\\\\.|'')*+'"),
    Pattern.compile("%s(?:%s|[-._:/])*".formatted(LETTER, LETTER_OR_DIGIT)),
    Pattern.compile("[+-]?(?:0x[0-9a-fA-F]+|[0-9]+)[a-zA-Z]*"),
    Pattern.compile("[+-]?[0-9]*\\.[0-9]*(?:[Ee][+-]?[0-9]+)?")
  };

  private final String line;
  private int at;

  /// @param line without its end, one character a byte
  ConfigurationLine(String line) {
    this.line = line;
  }

  /// @return the line's setting, or null when it holds none
  @Nullable Setting parse(Path file, int number) throws ConfigurationException {
    skipSpace();
    if (at == line.length()) {
      return null;
    }
    int start = at;
    String name = token(NAME);
    if (name == null) {
      throw syntaxError(file, number, start);
    }
    skipSpace();
    if (at < line.length() && line.charAt(at) == '=') {
      at++;
      skipSpace();
    }
    int valueStart = at;
    String value = value();
    if (value == null) {
      throw syntaxError(file, number, valueStart);
    }
    skipSpace();
    if (at < line.length()) {
      throw syntaxError(file, number, at);
    }
    return new Setting(utf8(name), utf8(value), file, number);
  }

  private @Nullable String token(Pattern pattern) {
    Matcher matcher = pattern.matcher(line).region(at, line.length());
    if (!matcher.lookingAt()) {
      return null;
    }
    at = matcher.end();
    return matcher.group();
  }

  private @Nullable String value() {
    int start = at;
    int end = start;
    for (Pattern pattern : VALUES) {
      at = start;
      if (token(pattern) != null) {
        end = Math.max(end, at);
      }
    }
    at = end;
    if (end == start) {
      return null;
    }
    String text = line.substring(start, end);
    return text.startsWith("'") ? unquoted(text) : text;
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

  private void skipSpace() {
    Matcher matcher = SPACE.matcher(line).region(at, line.length());
    if (matcher.lookingAt()) {
      at = matcher.end();
    }
  }

  private static String utf8(String bytes) {
    return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  private ConfigurationException syntaxError(Path file, int number, int from) {
    String rest = utf8(line.substring(from)).strip();
    String near = rest.isEmpty() ? "end of line" : "token \"" + rest.split("\\s", 2)[0] + "\"";
    return new ConfigurationException(
        "syntax error in file \"%s\" line %d, near %s".formatted(file, number, near));
  }
}
