package org.walstream.send.sync;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.walstream.send.sync.StandbyNames.Method;

/// Reads [StandbyNames]:
///
/// ```
/// value  ::= names | number "(" names ")" | ("ANY" | "FIRST") number "(" names ")"
/// names  ::= name { "," name }
/// name   ::= identifier | "quoted ""identifier""" | number | *
/// ```
final class StandbyNamesParser {

  private enum Kind {
    NAME,
    NUMBER,
    ANY,
    FIRST,
    /// One of `,` `(` `)`.
    SIGN,
    /// Nothing that can be here.
    OTHER,
    END
  }

  /// @param value of a name, without its quotes
  /// @param near what an error message calls it
  private record Token(Kind kind, String value, String near) {

    boolean is(String sign) {
      return kind == Kind.SIGN && value.equals(sign);
    }

    boolean isName() {
      return kind == Kind.NAME || kind == Kind.NUMBER;
    }
  }

  private static final String SYNTAX_ERROR = "syntax error";
  private static final String SIGNS = ",()";
  private static final String SPACE = " \t\n\r\f\u000b";

  private final String text;
  private int position;
  private Token token = new Token(Kind.END, "", "");

  StandbyNamesParser(String text) {
    this.text = text;
  }

  StandbyNames parse() throws StandbyNamesException {
    advance();
    Method method = token.kind == Kind.ANY ? Method.ANY : Method.FIRST;
    if (token.kind == Kind.ANY || token.kind == Kind.FIRST) {
      advance();
      require(token.kind == Kind.NUMBER);
      return counted(method, token);
    }
    if (token.kind != Kind.NUMBER) {
      return all(method, 1, names());
    }
    Token number = token;
    advance();
    if (token.is("(")) {
      return counted(method, number, namesInBrackets());
    }
    var names = new ArrayList<>(List.of(number.value));
    moreNames(names);
    return all(method, 1, names);
  }

  private StandbyNames counted(Method method, Token number) throws StandbyNamesException {
    advance();
    return counted(method, number, namesInBrackets());
  }

  private StandbyNames counted(Method method, Token number, List<String> names)
      throws StandbyNamesException {
    int count = new BigInteger(number.value).min(BigInteger.valueOf(Integer.MAX_VALUE)).intValue();
    StandbyNames all = all(method, count, names);
    if (count == 0) {
      throw StandbyNamesException.count(count);
    }
    return all;
  }

  private StandbyNames all(Method method, int count, List<String> names)
      throws StandbyNamesException {
    require(token.kind == Kind.END);
    return new StandbyNames(text, method, count, names);
  }

  private List<String> namesInBrackets() throws StandbyNamesException {
    require(token.is("("));
    advance();
    List<String> names = names();
    require(token.is(")"));
    advance();
    return names;
  }

  private List<String> names() throws StandbyNamesException {
    var names = new ArrayList<String>();
    name(names);
    moreNames(names);
    return names;
  }

  private void moreNames(List<String> names) throws StandbyNamesException {
    while (token.is(",")) {
      advance();
      name(names);
    }
  }

  private void name(List<String> names) throws StandbyNamesException {
    require(token.isName());
    names.add(token.value);
    advance();
  }

  private void require(boolean right) throws StandbyNamesException {
    if (!right) {
      throw StandbyNamesException.syntax(SYNTAX_ERROR, token.near);
    }
  }

  // ---------------------------------------------------------------------------------------------

  private void advance() throws StandbyNamesException {
    while (position < text.length() && SPACE.indexOf(text.charAt(position)) >= 0) {
      position++;
    }
    token = next();
  }

  private Token next() throws StandbyNamesException {
    if (position == text.length()) {
      return new Token(Kind.END, "", "");
    }
    char c = text.charAt(position);
    if (c == '"') {
      return quoted();
    } else if (isDigit(c)) {
      return word(Kind.NUMBER, end(StandbyNamesParser::isDigit));
    } else if (isIdentifierStart(c)) {
      int end = end(StandbyNamesParser::isIdentifierPart);
      return word(kind(text.substring(position, end)), end);
    } else if (c == '*') {
      return word(Kind.NAME, position + 1);
    }
    return word(SIGNS.indexOf(c) >= 0 ? Kind.SIGN : Kind.OTHER, position + 1);
  }

  private static Kind kind(String word) {
    return switch (word.toUpperCase(Locale.ROOT)) {
      case "ANY" -> Kind.ANY;
      case "FIRST" -> Kind.FIRST;
      default -> Kind.NAME;
    };
  }

  private Token word(Kind kind, int end) {
    String word = text.substring(position, end);
    position = end;
    return new Token(kind, word, word);
  }

  private interface CharTest {
    boolean test(char c);
  }

  private int end(CharTest belongs) {
    int end = position;
    while (end < text.length() && belongs.test(text.charAt(end))) {
      end++;
    }
    return end;
  }

  private Token quoted() throws StandbyNamesException {
    var name = new StringBuilder();
    for (int i = position + 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '"') {
        name.append(c);
      } else if (i + 1 < text.length() && text.charAt(i + 1) == '"') {
        name.append('"');
        i++;
      } else {
        position = i + 1;
        return new Token(Kind.NAME, name.toString(), "\"");
      }
    }
    throw StandbyNamesException.syntax("unterminated quoted identifier", "");
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isIdentifierStart(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
  }

  private static boolean isIdentifierPart(char c) {
    return isIdentifierStart(c) || isDigit(c) || c == '$';
  }
}
