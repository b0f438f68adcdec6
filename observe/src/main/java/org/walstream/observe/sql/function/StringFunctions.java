package org.walstream.observe.sql.function;

import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.walstream.wire.SqlState;
import org.walstream.wire.server.ServerError;

/// Texts put together and taken apart, where the engine has no function or another one. What may be
/// of any type comes as the text that is printed of it.
public final class StringFunctions {

  /// `%[position$][-][width]type`
  private static final Pattern SPECIFIER =
      Pattern.compile("%(?:(%)|(?:(\\d+)\\$)?(-)?(\\d+)?([sIL]))|%");

  private static final Pattern SIZE =
      Pattern.compile("\\s*([+-]?\\d+(?:\\.\\d*)?(?:e[+-]?\\d+)?)\\s*([a-z]*)\\s*");

  private static final Map<String, Integer> UNITS =
      Map.of("", 0, "b", 0, "bytes", 0, "kb", 1, "mb", 2, "gb", 3, "tb", 4, "pb", 5);

  private StringFunctions() {}

  /// `format('%s is %I', …)`
  public static @Nullable String format(@Nullable String form, @Nullable String... arguments)
      throws SQLException {
    if (form == null) {
      return null;
    }
    Matcher specifiers = SPECIFIER.matcher(form);
    var text = new StringBuilder();
    int end = 0;
    int next = 0;
    while (specifiers.find()) {
      text.append(form, end, specifiers.start());
      end = specifiers.end();
      if (specifiers.group().equals("%")) {
        throw refused("unrecognized format() type specifier");
      }
      if (specifiers.group(1) != null) {
        text.append('%');
        continue;
      }
      next = specifiers.group(2) == null ? next + 1 : Integer.parseInt(specifiers.group(2));
      if (next < 1 || next > arguments.length) {
        throw refused("too few arguments for format()");
      }
      text.append(padded(formatted(specifiers.group(5), arguments[next - 1]), specifiers));
      TextFunctions.requireLength(text.length());
    }
    return text.append(form, end, form.length()).toString();
  }

  private static String formatted(String type, @Nullable String argument) throws SQLException {
    return switch (type) {
      case "L" -> quoteNullable(argument);
      case "I" -> {
        if (argument == null) {
          throw new RefusedException(
              ServerError.error("22004", "null values cannot be formatted as an SQL identifier"));
        }
        yield String.valueOf(TextFunctions.quoteIdent(argument));
      }
      default -> argument == null ? "" : argument;
    };
  }

  private static String padded(String text, Matcher specifier) throws SQLException {
    if (specifier.group(4) == null) {
      return text;
    }
    int width = Integer.parseInt(specifier.group(4));
    TextFunctions.requireLength(width);
    String padding = " ".repeat(Math.max(0, width - text.length()));
    return specifier.group(3) == null ? padding + text : text + padding;
  }

  private static RefusedException refused(String message) {
    return new RefusedException(ServerError.error(SqlState.INVALID_PARAMETER_VALUE, message));
  }

  public static String quoteNullable(@Nullable String text) {
    return text == null ? "NULL" : String.valueOf(TextFunctions.quoteLiteral(text));
  }

  public static String concat(@Nullable String... texts) throws SQLException {
    return String.valueOf(concatWithSeparator("", texts));
  }

  public static @Nullable String concatWithSeparator(
      @Nullable String separator, @Nullable String... texts) throws SQLException {
    if (separator == null) {
      return null;
    }
    var known = new ArrayList<String>();
    long length = 0;
    for (String text : texts) {
      if (text != null) {
        known.add(text);
        length += text.length() + separator.length();
      }
    }
    TextFunctions.requireLength(length);
    return String.join(separator, known);
  }

  public static @Nullable String overlay(
      @Nullable String text, @Nullable String with, @Nullable Integer from) throws SQLException {
    return overlay(text, with, from, with == null ? null : with.length());
  }

  public static @Nullable String overlay(
      @Nullable String text,
      @Nullable String with,
      @Nullable Integer from,
      @Nullable Integer length)
      throws SQLException {
    if (text == null || with == null || from == null || length == null) {
      return null;
    }
    if (from < 1) {
      throw new RefusedException(
          ServerError.error("22011", "negative substring length not allowed"));
    }
    int begin = Math.min(from - 1, text.length());
    int end = Math.clamp((long) begin + length, 0, text.length());
    return text.substring(0, begin) + with + text.substring(end);
  }

  /// The first words' letters; what is neither letter nor digit ends a word.
  public static @Nullable String initCapitals(@Nullable String text) {
    if (text == null) {
      return null;
    }
    var words = new StringBuilder();
    boolean inWord = false;
    for (int c : text.codePoints().toArray()) {
      words.appendCodePoint(inWord ? Character.toLowerCase(c) : Character.toUpperCase(c));
      inWord = Character.isLetterOrDigit(c);
    }
    return words.toString();
  }

  public static @Nullable String reverse(@Nullable String text) {
    return text == null ? null : new StringBuilder(text).reverse().toString();
  }

  public static @Nullable String character(@Nullable Integer code) throws SQLException {
    if (code == null) {
      return null;
    }
    if (code <= 0 || !Character.isValidCodePoint(code)) {
      throw new RefusedException(
          ServerError.error(
              SqlState.PROGRAM_LIMIT_EXCEEDED,
              code == 0 ? "null character not permitted" : "requested character not valid"));
    }
    return Character.toString(code);
  }

  /// @param length all but so many of the last, if below 0
  public static @Nullable String left(@Nullable String text, @Nullable Integer length) {
    return (text == null || length == null) ? null : text.substring(0, part(text, length));
  }

  public static @Nullable String right(@Nullable String text, @Nullable Integer length) {
    return (text == null || length == null)
        ? null
        : text.substring(text.length() - part(text, length));
  }

  private static int part(String text, int length) {
    long wanted = length < 0 ? (long) text.length() + length : length;
    return Math.clamp(wanted, 0, text.length());
  }

  public static @Nullable Boolean startsWith(@Nullable String text, @Nullable String prefix) {
    return (text == null || prefix == null) ? null : text.startsWith(prefix);
  }

  public static @Nullable String toHex(@Nullable Long number) {
    if (number == null) {
      return null;
    }
    boolean isInt = number == number.intValue();
    return isInt ? Integer.toHexString(number.intValue()) : Long.toHexString(number);
  }

  /// `1 GB`
  public static @Nullable Long sizeBytes(@Nullable String text) throws SQLException {
    if (text == null) {
      return null;
    }
    Matcher size = SIZE.matcher(text.toLowerCase(Locale.ROOT));
    if (!size.matches() || !UNITS.containsKey(size.group(2))) {
      throw refused("invalid size: \"%s\"".formatted(text));
    }
    return new BigDecimal(size.group(1))
        .multiply(BigDecimal.valueOf(1L << (10 * UNITS.getOrDefault(size.group(2), 0))))
        .longValue();
  }

  // Patterns

  /// `text SIMILAR TO pattern`
  public static @Nullable Boolean similar(@Nullable String text, @Nullable String pattern)
      throws SQLException {
    return similar(text, pattern, "\\");
  }

  public static @Nullable Boolean similar(
      @Nullable String text, @Nullable String pattern, @Nullable String escape)
      throws SQLException {
    return (text == null || pattern == null || escape == null)
        ? null
        : TextFunctions.matches(text, SimilarPattern.regex(pattern, escape));
  }

  public static @Nullable Boolean regexLike(@Nullable String text, @Nullable String regex)
      throws SQLException {
    return TextFunctions.matches(text, regex);
  }

  public static @Nullable Boolean regexLike(
      @Nullable String text, @Nullable String regex, String flags) throws SQLException {
    return (text == null || regex == null)
        ? null
        : TextFunctions.find(text, regex, flags).isPresent();
  }

  public static @Nullable Integer regexCount(@Nullable String text, @Nullable String regex)
      throws SQLException {
    if (text == null || regex == null) {
      return null;
    }
    return TextFunctions.watched(
        text,
        regex,
        "",
        matcher -> {
          int count = 0;
          while (matcher.find()) {
            count++;
          }
          return count;
        });
  }

  public static String @Nullable [] regexSplit(@Nullable String text, @Nullable String regex)
      throws SQLException {
    if (text == null || regex == null) {
      return null;
    }
    return TextFunctions.watched(
        text,
        regex,
        "",
        matcher -> {
          var parts = new ArrayList<String>();
          int end = 0;
          while (matcher.find()) {
            TextFunctions.requireElements(parts.size());
            parts.add(text.substring(end, matcher.start()));
            end = matcher.end();
          }
          parts.add(text.substring(end));
          return parts.toArray(String[]::new);
        });
  }
}
