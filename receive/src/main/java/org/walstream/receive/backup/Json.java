package org.walstream.receive.backup;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// As much of JSON as a backup's manifest has: objects, arrays, strings and whole numbers, which
/// become [Map], [List], [String] and [Long].
final class Json {

  private static final int DEPTH_MAX = 16;

  private final String text;
  private int at;

  private Json(String text) {
    this.text = text;
  }

  /// @throws IOException when it is anything else
  static Object parse(String text) throws IOException {
    var json = new Json(text);
    Object value = json.value(0);
    json.skipBlanks();
    if (json.at != text.length()) {
      throw json.unexpected();
    }
    return value;
  }

  private Object value(int depth) throws IOException {
    if (depth > DEPTH_MAX) {
      throw unexpected();
    }
    return switch (peek()) {
      case '{' -> object(depth);
      case '[' -> array(depth);
      case '"' -> string();
      default -> number();
    };
  }

  private Map<String, Object> object(int depth) throws IOException {
    var members = new LinkedHashMap<String, Object>();
    expect('{');
    for (boolean more = peek() != '}'; more; more = goesOn('}')) {
      peek();
      String name = string();
      peek();
      expect(':');
      members.put(name, value(depth + 1));
    }
    expect('}');
    return members;
  }

  private List<Object> array(int depth) throws IOException {
    var elements = new ArrayList<>();
    expect('[');
    for (boolean more = peek() != ']'; more; more = goesOn(']')) {
      elements.add(value(depth + 1));
    }
    expect(']');
    return elements;
  }

  /// Steps over a comma, unless the end comes.
  private boolean goesOn(char end) throws IOException {
    if (peek() == end) {
      return false;
    }
    expect(',');
    return true;
  }

  private String string() throws IOException {
    expect('"');
    var value = new StringBuilder();
    while (true) {
      char c = next();
      switch (c) {
        case '"' -> {
          return value.toString();
        }
        case '\\' -> value.append(escaped());
        default -> value.append(c);
      }
    }
  }

  private char escaped() throws IOException {
    char c = next();
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> {
        int value = 0;
        for (int i = 0; i < 4; i++) {
          int digit = Character.digit(next(), 16);
          if (digit < 0) {
            throw unexpected();
          }
          value = value * 16 + digit;
        }
        yield (char) value;
      }
      default -> throw unexpected();
    };
  }

  private Long number() throws IOException {
    int start = at;
    while (at < text.length() && (Character.isDigit(text.charAt(at)) || text.charAt(at) == '-')) {
      at++;
    }
    try {
      return Long.parseUnsignedLong(text, start, at, 10);
    } catch (NumberFormatException e) {
      throw unexpected();
    }
  }

  private char peek() throws IOException {
    skipBlanks();
    if (at == text.length()) {
      throw unexpected();
    }
    return text.charAt(at);
  }

  private void expect(char c) throws IOException {
    if (next() != c) {
      throw unexpected();
    }
  }

  private char next() throws IOException {
    if (at == text.length()) {
      throw unexpected();
    }
    return text.charAt(at++);
  }

  private void skipBlanks() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }

  private IOException unexpected() {
    return new IOException("could not parse backup manifest: unexpected text at character " + at);
  }
}
