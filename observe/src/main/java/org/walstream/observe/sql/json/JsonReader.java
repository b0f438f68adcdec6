package org.walstream.observe.sql.json;

import java.util.ArrayList;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads a JSON text (RFC 8259). For one thread.
///
/// ```
/// {"a": [1, true, "x"]}
/// ```
public final class JsonReader {

  /// Deep enough for status; PostgreSQL goes as far as its stack does.
  private static final int DEPTH_MAX = 200;

  private static final Pattern LITERAL =
      Pattern.compile("-?(?:0|[1-9]\\d*)(?:\\.\\d+)?(?:[eE][+-]?\\d+)?|true|false|null");

  private final String text;
  private int at;
  private int depth;

  private JsonReader(String text) {
    this.text = text;
  }

  /// @return empty if it is not JSON
  public static Optional<JsonNode> read(String text) {
    var reader = new JsonReader(text);
    try {
      JsonNode node = reader.value();
      reader.skipSpace();
      return reader.at == text.length() ? Optional.of(node) : Optional.empty();
    } catch (NotJsonException e) {
      return Optional.empty();
    }
  }

  private static final class NotJsonException extends Exception {
    private static final long serialVersionUID = 1;

    NotJsonException() {
      super(null, null, false, false);
    }
  }

  private JsonNode value() throws NotJsonException {
    skipSpace();
    if (at >= text.length() || ++depth > DEPTH_MAX) {
      throw new NotJsonException();
    }
    JsonNode node =
        switch (text.charAt(at)) {
          case '{' -> document();
          case '[' -> array();
          case '"' -> string();
          default -> literal();
        };
    depth--;
    return node;
  }

  private JsonNode document() throws NotJsonException {
    int start = at++;
    var fields = new ArrayList<JsonNode.Field>();
    if (!closes('}')) {
      do {
        skipSpace();
        String name = string().value();
        require(':');
        fields.add(new JsonNode.Field(name, value()));
      } while (goesOn('}'));
    }
    return new JsonNode.Document(text.substring(start, at), fields);
  }

  private JsonNode array() throws NotJsonException {
    int start = at++;
    var elements = new ArrayList<JsonNode>();
    if (!closes(']')) {
      do {
        elements.add(value());
      } while (goesOn(']'));
    }
    return new JsonNode.Array(text.substring(start, at), elements);
  }

  private JsonNode.Text string() throws NotJsonException {
    int start = at;
    if (next() != '"') {
      throw new NotJsonException();
    }
    var value = new StringBuilder();
    for (char c = next(); c != '"'; c = next()) {
      if (c < ' ') {
        throw new NotJsonException();
      }
      value.append(c == '\\' ? escaped() : c);
    }
    return new JsonNode.Text(text.substring(start, at), value.toString());
  }

  private char escaped() throws NotJsonException {
    char c = next();
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> unicode();
      default -> throw new NotJsonException();
    };
  }

  private char unicode() throws NotJsonException {
    int code = 0;
    for (int i = 0; i < 4; i++) {
      int digit = Character.digit(next(), 16);
      if (digit < 0) {
        throw new NotJsonException();
      }
      code = code * 16 + digit;
    }
    return (char) code;
  }

  private JsonNode literal() throws NotJsonException {
    Matcher matcher = LITERAL.matcher(text).region(at, text.length());
    if (!matcher.lookingAt()) {
      throw new NotJsonException();
    }
    at = matcher.end();
    return new JsonNode.Literal(matcher.group());
  }

  private boolean closes(char end) {
    skipSpace();
    if (at < text.length() && text.charAt(at) == end) {
      at++;
      return true;
    }
    return false;
  }

  private boolean goesOn(char end) throws NotJsonException {
    skipSpace();
    char c = next();
    if (c != ',' && c != end) {
      throw new NotJsonException();
    }
    return c == ',';
  }

  private void require(char wanted) throws NotJsonException {
    skipSpace();
    if (next() != wanted) {
      throw new NotJsonException();
    }
  }

  private char next() throws NotJsonException {
    if (at >= text.length()) {
      throw new NotJsonException();
    }
    return text.charAt(at++);
  }

  private void skipSpace() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }
}
