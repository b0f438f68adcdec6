package org.walstream.node.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.walstream.node.config.ConfigurationFile.Setting;

/// One line of a configuration file, read from left to right.
final class ConfigurationLine {

  private final String line;
  private int at;

  ConfigurationLine(String line) {
    this.line = line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
  }

  /// @return the line's setting, or null when it holds none
  @Nullable Setting parse(Path file, int number) throws ConfigurationException {
    skipSpace();
    if (atEnd()) {
      return null;
    }
    int start = at;
    while (at < line.length() && isNameCharacter(line.charAt(at))) {
      at++;
    }
    String name = line.substring(start, at);
    if (name.isEmpty() || (!Character.isLetter(name.charAt(0)) && name.charAt(0) != '_')) {
      throw syntaxError(file, number, start);
    }
    skipSpace();
    if (at < line.length() && line.charAt(at) == '=') {
      at++;
      skipSpace();
    }
    int valueStart = at;
    String value = at < line.length() && line.charAt(at) == '\'' ? quoted() : word();
    if (value == null) {
      throw syntaxError(file, number, valueStart);
    }
    int rest = at;
    skipSpace();
    if (!atEnd()) {
      throw syntaxError(file, number, rest);
    }
    return new Setting(name, value, file, number);
  }

  private @Nullable String word() {
    int start = at;
    while (at < line.length() && " \t#'".indexOf(line.charAt(at)) < 0) {
      at++;
    }
    return at == start ? null : line.substring(start, at);
  }

  private @Nullable String quoted() {
    var value = new StringBuilder();
    at++;
    while (at < line.length()) {
      char c = line.charAt(at++);
      if (c == '\'') {
        if (at == line.length() || line.charAt(at) != '\'') {
          return value.toString();
        }
        at++;
        value.append('\'');
      } else if (c == '\\' && at < line.length()) {
        value.append(escaped(line.charAt(at++)));
      } else {
        value.append(c);
      }
    }
    return null; // no closing quote
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
    while (at < line.length() && Character.isWhitespace(line.charAt(at))) {
      at++;
    }
  }

  private boolean atEnd() {
    return at == line.length() || line.charAt(at) == '#';
  }

  private static boolean isNameCharacter(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '.' || c == '$';
  }

  private ConfigurationException syntaxError(Path file, int number, int from) {
    String rest = line.substring(Math.min(from, line.length())).strip();
    String near = rest.isEmpty() ? "end of line" : "token \"" + rest.split("\\s", 2)[0] + "\"";
    return new ConfigurationException(
        "syntax error in file \"%s\" line %d, near %s".formatted(file, number, near));
  }
}
