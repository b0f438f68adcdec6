package org.walstream.wire.conninfo;

import java.util.EnumMap;

/// Reads the form `keyword = value`: values in single quotes may hold spaces, and a backslash takes
/// the next character as it is, in quotes or not.
///
/// Counterpart of conninfo_parse(), fe-connect.c. One use, one thread.
final class KeywordParser {

  private final String text;
  private int at;

  private KeywordParser(String text) {
    this.text = text;
  }

  static ConnInfo parse(String text) {
    return new KeywordParser(text).parse();
  }

  private ConnInfo parse() {
    var values = new EnumMap<ConnInfoOption, String>(ConnInfoOption.class);
    skipSpace();
    while (at < text.length()) {
      String keyword = keyword();
      String value = value();
      ConnInfoOption option =
          ConnInfoOption.of(keyword)
              .orElseThrow(() ->
                  new ConnInfoException("invalid connection option \"%s\"".formatted(keyword)));
      values.put(option, value);
      skipSpace();
    }
    return new ConnInfo(values);
  }

  private String keyword() {
    int start = at;
    while (at < text.length() && text.charAt(at) != '=' && !isSpace(text.charAt(at))) {
      at++;
    }
    String keyword = text.substring(start, at);
    skipSpace();
    if (at == text.length() || text.charAt(at) != '=') {
      throw new ConnInfoException(
          "missing \"=\" after \"%s\" in connection info string".formatted(keyword));
    }
    at++;
    return keyword;
  }

  private String value() {
    skipSpace();
    if (at < text.length() && text.charAt(at) == '\'') {
      at++;
      return quoted();
    }
    var value = new StringBuilder();
    while (at < text.length() && !isSpace(text.charAt(at))) {
      takeOne(value);
    }
    return value.toString();
  }

  private String quoted() {
    var value = new StringBuilder();
    while (at < text.length() && text.charAt(at) != '\'') {
      takeOne(value);
    }
    if (at == text.length()) {
      throw new ConnInfoException("unterminated quoted string in connection info string");
    }
    at++;
    return value.toString();
  }

  /// Takes one character, or the one behind a backslash. A backslash at the very end is dropped.
  private void takeOne(StringBuilder value) {
    char c = text.charAt(at++);
    if (c != '\\') {
      value.append(c);
    } else if (at < text.length()) {
      value.append(text.charAt(at++));
    }
  }

  private void skipSpace() {
    while (at < text.length() && isSpace(text.charAt(at))) {
      at++;
    }
  }

  /// `text` without the spaces around it.
  static String strip(String text) {
    int start = 0;
    int end = text.length();
    while (start < end && isSpace(text.charAt(start))) {
      start++;
    }
    while (end > start && isSpace(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(start, end);
  }

  /// C's isspace().
  static boolean isSpace(int c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
  }
}
