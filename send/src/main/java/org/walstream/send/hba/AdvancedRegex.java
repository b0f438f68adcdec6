package org.walstream.send.hba;

import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// Translates PostgreSQL's regular expressions ("AREs") to Java's. Most of both is the same; what
/// differs is written anew, and what Java cannot do is refused, never guessed.
///
/// ```
/// ***: ***=            a director before the expression; =: all of it is literal
/// (?imnpqstwxe)        options at its start; n p w: what a line's end means; q: literal; x: expanded
/// [[:alpha:]] [[.-.]]  classes and collating elements in brackets, where && and [ mean nothing else
/// \m \M \y \Y \A \Z    constraints
/// ^ $ .                of the whole text, not of its lines; a dot is any character
/// ```
///
/// pg_hba.conf is matched in the "C" locale: classes are ASCII's.
///
/// Source: PostgreSQL manual, "Regular Expression Details"; src/backend/regex/. Basic and extended
/// expressions of POSIX (`(?b)`, `***:` aside) are refused.
public final class AdvancedRegex {

  private static final Map<String, String> CLASSES =
      Map.ofEntries(
          Map.entry("alpha", "\\p{Alpha}"),
          Map.entry("upper", "\\p{Upper}"),
          Map.entry("lower", "\\p{Lower}"),
          Map.entry("digit", "\\p{Digit}"),
          Map.entry("xdigit", "\\p{XDigit}"),
          Map.entry("alnum", "\\p{Alnum}"),
          Map.entry("punct", "\\p{Punct}"),
          Map.entry("blank", "\\p{Blank}"),
          Map.entry("space", "\\s"),
          Map.entry("cntrl", "\\p{Cntrl}"),
          Map.entry("graph", "\\p{Graph}"),
          Map.entry("print", "\\p{Print}"),
          Map.entry("ascii", "\\p{ASCII}"),
          Map.entry("word", "\\w"));

  /// Collating elements by name that one is likely to meet; others are refused.
  private static final Map<String, Character> ELEMENTS =
      Map.of(
          "hyphen", '-',
          "hyphen-minus", '-',
          "period", '.',
          "full-stop", '.',
          "underscore", '_',
          "low-line", '_',
          "slash", '/',
          "solidus", '/',
          "space", ' ',
          "circumflex", '^');

  private static final int LOOK_AROUND = -1;

  private final String source;
  private final StringBuilder out = new StringBuilder();
  private int at;
  private int flags;

  /// The parentheses that are open: the number of a group, or 0 for one that is not counted, or
  /// [#LOOK_AROUND].
  private final Deque<Integer> open = new ArrayDeque<>();

  /// How many groups there are, and those that have ended, which alone a back reference may mean.
  private int groups;

  private final BitSet ended = new BitSet();

  private boolean lineAnchors; // ^ and $ match at the ends of lines
  private boolean dotStopsAtNewline; // and so do brackets that exclude
  private boolean expanded;
  private boolean literal;

  /// Whether there is something before this place that a quantifier may follow.
  private boolean quantifiable;

  private AdvancedRegex(String source) {
    this.source = source;
  }

  /// @throws PatternSyntaxException if it is no expression, or one that cannot be translated
  public static Pattern compile(String expression) {
    return new AdvancedRegex(expression).translate();
  }

  private Pattern translate() {
    director();
    options();
    if (literal) {
      return Pattern.compile(source.substring(at), flags | Pattern.LITERAL);
    }
    while (at < source.length()) {
      next();
    }
    flags |= dotStopsAtNewline ? Pattern.UNIX_LINES : Pattern.DOTALL;
    return Pattern.compile(out.toString(), flags);
  }

  private void director() {
    if (source.startsWith("***=")) {
      at = 4;
      literal = true;
    } else if (source.startsWith("***:")) {
      at = 4;
    } else if (source.startsWith("***")) {
      throw error("invalid director");
    }
  }

  private void options() {
    if (literal
        || !source.startsWith("(?", at)
        || at + 2 == source.length()
        || !isLetter(source.charAt(at + 2))) {
      return;
    }
    at += 2;
    for (; at < source.length() && source.charAt(at) != ')'; at++) {
      switch (source.charAt(at)) {
        case 'c' -> flags &= ~Pattern.CASE_INSENSITIVE;
        case 'i' -> flags |= Pattern.CASE_INSENSITIVE;
        case 'm', 'n' -> lines(true, true);
        case 'p' -> lines(false, true);
        case 's' -> lines(false, false);
        case 'w' -> lines(true, false);
        case 'q' -> literal = true;
        case 't' -> expanded = false;
        case 'x' -> expanded = true;
        default -> throw error("option not supported");
      }
    }
    if (at == source.length()) {
      throw error("option list does not end");
    }
    at++;
  }

  private void lines(boolean anchors, boolean dot) {
    lineAnchors = anchors;
    dotStopsAtNewline = dot;
  }

  private void next() {
    char c = source.charAt(at++);
    switch (c) {
      case '\\' -> {
        out.append(escape(false));
        return;
      }
      case '[' -> bracket();
      case '(' -> {
        open();
        return;
      }
      case ')' -> close();
      case '.' -> out.append(c);
      case '|' -> {
        out.append(c);
        quantifiable = false;
        return;
      }
      case '^' -> {
        constraint(lineAnchors ? "(?:\\A|(?<=\n))" : "\\A");
        return;
      }
      case '$' -> {
        constraint(lineAnchors ? "(?:\\z|(?=\n))" : "\\z");
        return;
      }
      case '*', '+', '?' -> {
        quantifier(String.valueOf(c));
        return;
      }
      case '{' -> {
        if (at < source.length() && isDigit(source.charAt(at))) {
          quantifier(bounds());
          return;
        }
        out.append("\\{");
      }
      default -> {
        if (expanded && (isSpace(c) || c == '#')) {
          skipExpanded(c);
          return;
        }
        out.append(quoted(c));
      }
    }
    quantifiable = true;
  }

  /// `(…)`, `(?:…)`, look-around, or a comment.
  private void open() {
    quantifiable = false;
    out.append('(');
    if (!source.startsWith("?", at)) {
      boolean counts = !open.contains(LOOK_AROUND); // what is looked at has no groups
      out.append(counts ? "" : "?:");
      open.push(counts ? ++groups : 0);
      return;
    }
    for (String kind : new String[] {"?:", "?=", "?!", "?<=", "?<!"}) {
      if (source.startsWith(kind, at)) {
        open.push(kind.equals("?:") ? 0 : LOOK_AROUND);
        out.append(kind);
        at += kind.length();
        return;
      }
    }
    int end = source.indexOf(')', at);
    if (!source.startsWith("?#", at) || end < 0) {
      throw error("invalid use of (?");
    }
    out.setLength(out.length() - 1);
    at = end + 1;
    quantifiable = true; // what is before the comment may still be repeated
  }

  private void close() {
    if (open.isEmpty()) {
      throw error("parentheses () not balanced");
    }
    int group = open.pop();
    if (group > 0) {
      ended.set(group);
    }
    out.append(')');
  }

  private void constraint(String java) {
    out.append(java);
    quantifiable = false;
  }

  /// A quantifier and the `?` that may follow; what Java would take for one more is an error.
  private void quantifier(String text) {
    if (!quantifiable) {
      throw error("quantifier operand invalid");
    }
    out.append(text);
    if (at < source.length() && source.charAt(at) == '?') {
      at++;
      out.append('?');
    }
    quantifiable = false;
  }

  private String bounds() {
    int end = source.indexOf('}', at);
    String inside = end < 0 ? "" : source.substring(at, end);
    if (!inside.matches("\\d{1,3}(,(\\d{1,3})?)?")) {
      throw error("invalid repetition count(s)");
    }
    for (String number : inside.split(",")) {
      if (Integer.parseInt(number) > 255) { // DUPMAX
        throw error("invalid repetition count(s)");
      }
    }
    at = end + 1;
    return "{" + inside + "}";
  }

  private void skipExpanded(char c) {
    if (c == '#') {
      int end = source.indexOf('\n', at);
      at = end < 0 ? source.length() : end + 1;
    }
  }

  /// What a backslash begins, as Java writes it.
  private String escape(boolean inBracket) {
    if (at == source.length()) {
      throw error("invalid escape \\ sequence");
    }
    char c = source.charAt(at++);
    boolean constraint = "AmMyYZ".indexOf(c) >= 0;
    if (inBracket && (constraint || "DSW".indexOf(c) >= 0 || (c >= '1' && c <= '9'))) {
      throw error("invalid escape \\ sequence");
    }
    quantifiable = !constraint;
    return switch (c) {
      case 'A' -> "\\A";
      case 'Z' -> "\\z";
      case 'm' -> "(?<!\\w)(?=\\w)";
      case 'M' -> "(?<=\\w)(?!\\w)";
      case 'y' -> "(?:(?<!\\w)(?=\\w)|(?<=\\w)(?!\\w))";
      case 'Y' -> "(?:(?<!\\w)(?!\\w)|(?<=\\w)(?=\\w))";
      case 'd', 's', 'w', 'D', 'S', 'W' -> "\\" + c;
      case 'a' -> hex(7);
      case 'b' -> hex('\b');
      case 'B' -> "\\\\";
      case 'c' -> hex(nextCharacter() & 0x1f);
      case 'e' -> hex(0x1b);
      case 'f' -> hex('\f');
      case 'n' -> hex('\n');
      case 'r' -> hex('\r');
      case 't' -> hex('\t');
      case 'v' -> hex(0x0b);
      case 'u' -> hex(number(16, 4, 4));
      case 'U' -> hex(number(16, 8, 8));
      case 'x' -> hex(number(16, 1, 255));
      case '0' -> hex(source.startsWith("0", at) || isOctal() ? number(8, 1, 2) : 0);
      case '1', '2', '3', '4', '5', '6', '7', '8', '9' -> backReference(c);
      default -> {
        if (isLetter(c)) {
          throw error("invalid escape \\ sequence");
        }
        yield quoted(c);
      }
    };
  }

  private boolean isOctal() {
    return at < source.length() && source.charAt(at) >= '0' && source.charAt(at) <= '7';
  }

  private char nextCharacter() {
    if (at == source.length()) {
      throw error("invalid escape \\ sequence");
    }
    return source.charAt(at++);
  }

  private int number(int radix, int least, int most) {
    int start = at;
    long value = 0;
    while (at < source.length()
        && at - start < most
        && Character.digit(source.charAt(at), radix) >= 0
        && source.charAt(at) < 128) {
      value = value * radix + Character.digit(source.charAt(at++), radix);
      if (value > Character.MAX_CODE_POINT) {
        throw error("invalid escape \\ sequence");
      }
    }
    if (at - start < least) {
      throw error("invalid escape \\ sequence");
    }
    return (int) value;
  }

  /// One digit is always a reference. More than one could be an octal character as well: refused.
  private String backReference(char digit) {
    if (at < source.length() && isDigit(source.charAt(at))) {
      throw error("back references beyond 9 are not supported");
    }
    if (!ended.get(digit - '0') || open.contains(LOOK_AROUND)) {
      throw error("invalid backreference number");
    }
    return "\\" + digit;
  }

  /// `[…]`, with everything in it written so that Java sees what PostgreSQL sees.
  private void bracket() {
    if (source.startsWith("[:<:]]", at) || source.startsWith("[:>:]]", at)) {
      out.append(source.charAt(at + 2) == '<' ? "(?<!\\w)(?=\\w)" : "(?<=\\w)(?!\\w)");
      at += 6;
      return;
    }
    boolean excludes = source.startsWith("^", at);
    at += excludes ? 1 : 0;
    out.append(excludes ? "[^" : "[");
    if (excludes && dotStopsAtNewline) {
      out.append("\\n");
    }
    boolean first = true;
    while (first || !source.startsWith("]", at)) {
      if (at >= source.length()) {
        throw error("brackets [] not balanced");
      }
      item(first);
      first = false;
    }
    at++;
    out.append(']');
  }

  /// A character, a range, a class or an equivalence class.
  private void item(boolean first) {
    if (source.startsWith("[:", at)) {
      String name = named(":]");
      String java = CLASSES.get(name);
      if (java == null) {
        throw error("invalid character class");
      }
      out.append(java);
      return;
    }
    String from = endpoint(first);
    boolean isClass =
        from.length() == 2 && isLetter(from.charAt(1)) && "dsw".indexOf(from.charAt(1)) >= 0;
    if (!source.startsWith("-", at) || source.startsWith("-]", at)) {
      out.append(from);
      return;
    }
    if (isClass) {
      throw error("invalid character range");
    }
    at++;
    String to = endpoint(true);
    out.append(from).append('-').append(to);
  }

  /// @param mayBeBracketOrHyphen whether `]` and `-` stand for themselves here
  private String endpoint(boolean mayBeBracketOrHyphen) {
    if (at >= source.length()) {
      throw error("brackets [] not balanced");
    }
    if (source.startsWith("[.", at)) {
      return element(named(".]"));
    } else if (source.startsWith("[=", at)) {
      return element(named("=]")); // in the C locale a character is equivalent to itself alone
    }
    char c = source.charAt(at++);
    if (c == '\\') {
      return escape(true);
    } else if (c == '-' && !mayBeBracketOrHyphen && !source.startsWith("]", at)) {
      throw error("invalid character range");
    }
    return quoted(c);
  }

  private String element(String name) {
    if (name.codePointCount(0, name.length()) == 1) {
      return hex(name.codePointAt(0));
    } else if (ELEMENTS.containsKey(name)) {
      return hex(ELEMENTS.get(name));
    }
    throw error("invalid collating element");
  }

  /// What stands up to `end`, from behind the two characters that begin it.
  private String named(String end) {
    int close = source.indexOf(end, at + 2);
    if (close < 0) {
      throw error("brackets [] not balanced");
    }
    String name = source.substring(at + 2, close);
    at = close + 2;
    return name;
  }

  private static String hex(int codePoint) {
    return "\\x{%x}".formatted(codePoint);
  }

  /// A character as itself, whatever Java thinks of it.
  private static String quoted(char c) {
    return c < 128 && !isLetter(c) && !isDigit(c)
        ? "\\x{%x}".formatted((int) c)
        : String.valueOf(c);
  }

  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isSpace(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
  }

  private PatternSyntaxException error(String what) {
    return new PatternSyntaxException(what, source, at);
  }
}
