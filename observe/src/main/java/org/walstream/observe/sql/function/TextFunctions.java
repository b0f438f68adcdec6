package org.walstream.observe.sql.function;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.h2.value.Value;
import org.jspecify.annotations.Nullable;
import org.walstream.observe.sql.context.QueryContext;
import org.walstream.observe.sql.type.RecordText;
import org.walstream.observe.sql.type.ValueText;
import org.walstream.send.ArrayText;
import org.walstream.send.SqlType;
import org.walstream.send.hba.AdvancedRegex;
import org.walstream.wire.SqlState;
import org.walstream.wire.server.ServerError;

/// Texts, arrays and times, where the engine's own functions do not do what PostgreSQL's do.
public final class TextFunctions {

  private static final String[] SIZES = {"bytes", "kB", "MB", "GB", "TB", "PB"};

  /// As long as the engine's texts may be.
  private static final int LENGTH_MAX = 1 << 20;

  private static final int ELEMENTS_MAX = 10_000;

  private TextFunctions() {}

  /// What is printed.
  public static @Nullable String output(Value value) {
    return ValueText.of(value, SqlType.TEXT, QueryContext.current().session().parameters().zone());
  }

  /// A record as it is printed, `(a,"b c",)`; nothing where there is nothing in it.
  ///
  /// @param oids of the values' types, with spaces between
  public static @Nullable String record(String oids, Value... values) {
    if (Arrays.stream(values).allMatch(value -> value.getValueType() == Value.NULL)) {
      return null;
    }
    ZoneId zone = QueryContext.current().session().parameters().zone();
    String[] types = oids.split(" ");
    var fields = new StringJoiner(",", "(", ")");
    for (int i = 0; i < values.length; i++) {
      SqlType type = SqlType.of(Integer.parseInt(types[i])).orElse(SqlType.TEXT);
      fields.add(RecordText.field(ValueText.of(values[i], type, zone)));
    }
    return fields.toString();
  }

  /// What a cast to text gives: booleans in full, everything else as it is printed.
  public static @Nullable String text(Value value) {
    String text = output(value);
    if (text != null && value.getValueType() == Value.BOOLEAN) {
      return text.equals("t") ? "true" : "false";
    }
    return text;
  }

  /// `t`, `f`, `yes`, `off` …: what a cast to boolean takes.
  public static @Nullable Boolean bool(@Nullable String text) throws SQLException {
    if (text == null) {
      return null;
    }
    return org.walstream.send.guc.GucBoolean.parse(text.strip())
        .or(() ->
            switch (text.strip()) {
              case "1" -> java.util.Optional.of(true);
              case "0" -> java.util.Optional.of(false);
              default -> java.util.Optional.empty();
            })
        .orElseThrow(() ->
            new RefusedException(
                ServerError.error(
                    SqlState.INVALID_TEXT_REPRESENTATION,
                    "invalid input syntax for type boolean: \"%s\"".formatted(text))));
  }

  public static @Nullable String sizePretty(@Nullable BigDecimal bytes) {
    if (bytes == null) {
      return null;
    }
    BigDecimal size = bytes;
    int unit = 0;
    while (unit + 1 < SIZES.length
        && size.abs().compareTo(BigDecimal.valueOf(unit == 0 ? 10 * 1024 : 10 * 1024 - 0.5)) >= 0) {
      size = size.divide(BigDecimal.valueOf(1024));
      unit++;
    }
    return size.setScale(0, RoundingMode.HALF_UP).toPlainString() + " " + SIZES[unit];
  }

  public static @Nullable String quoteIdent(@Nullable String name) {
    return name == null || name.matches("[a-z_][a-z0-9_]*")
        ? name
        : '"' + name.replace("\"", "\"\"") + '"';
  }

  public static @Nullable String quoteLiteral(@Nullable String text) {
    return text == null ? null : '\'' + text.replace("'", "''") + '\'';
  }

  // Regular expressions, which are PostgreSQL's own

  public static @Nullable Boolean matches(@Nullable String text, @Nullable String regex)
      throws SQLException {
    return (text == null || regex == null) ? null : find(text, regex, "").isPresent();
  }

  public static @Nullable Boolean matchesIgnoringCase(@Nullable String text, @Nullable String regex)
      throws SQLException {
    return (text == null || regex == null) ? null : find(text, regex, "i").isPresent();
  }

  /// `substring(text from regex)`: its first group, or what matches.
  public static @Nullable String regexSubstring(@Nullable String text, @Nullable String regex)
      throws SQLException {
    return (text == null || regex == null)
        ? null
        : find(text, regex, "").map(m -> m.group(Math.min(1, m.groupCount()))).orElse(null);
  }

  public static @Nullable String regexReplace(
      @Nullable String text, @Nullable String regex, @Nullable String with) throws SQLException {
    return regexReplace(text, regex, with, "");
  }

  public static @Nullable String regexReplace(
      @Nullable String text, @Nullable String regex, @Nullable String with, String flags)
      throws SQLException {
    if (text == null || regex == null || with == null) {
      return null;
    }
    String replacement =
        with.replace("$", "\\$").replaceAll("\\\\([0-9])", "\\$$1").replace("\\&", "$0");
    return watched(
        text,
        regex,
        flags,
        matcher -> {
          var replaced = new StringBuilder();
          boolean more = matcher.find();
          while (more) {
            matcher.appendReplacement(replaced, replacement);
            requireLength(replaced.length());
            more = flags.contains("g") && matcher.find();
          }
          return matcher.appendTail(replaced).toString();
        });
  }

  public static String @Nullable [] regexMatch(@Nullable String text, @Nullable String regex)
      throws SQLException {
    return regexMatch(text, regex, "");
  }

  public static String @Nullable [] regexMatch(
      @Nullable String text, @Nullable String regex, String flags) throws SQLException {
    if (text == null || regex == null) {
      return null;
    }
    Optional<MatchResult> match = find(text, regex, flags);
    if (match.isEmpty()) {
      return null;
    } else if (match.get().groupCount() == 0) {
      return new String[] {match.get().group()};
    }
    var groups = new ArrayList<String>();
    for (int i = 1; i <= match.get().groupCount(); i++) {
      groups.add(match.get().group(i));
    }
    return groups.toArray(String[]::new);
  }

  static Optional<MatchResult> find(String text, String regex, String flags) throws SQLException {
    return watched(
        text,
        regex,
        flags,
        matcher -> matcher.find() ? Optional.of(matcher.toMatchResult()) : Optional.empty());
  }

  interface Matching<T> {
    T with(Matcher matcher) throws SQLException;
  }

  static <T> T watched(String text, String regex, String flags, Matching<T> matching)
      throws SQLException {
    try {
      return matching.with(compile(regex, flags).matcher(new WatchedText(text)));
    } catch (WatchedText.EndedException e) {
      throw new RefusedException(e.error());
    }
  }

  static Pattern compile(String regex, String flags) throws SQLException {
    try {
      Pattern pattern = AdvancedRegex.compile(regex);
      return flags.contains("i")
          ? Pattern.compile(
              pattern.pattern(), pattern.flags() | Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE)
          : pattern;
    } catch (PatternSyntaxException e) {
      throw new RefusedException(
          ServerError.error("2201B", "invalid regular expression: " + e.getDescription()));
    }
  }

  // Texts that can become long

  public static @Nullable Boolean like(@Nullable String text, @Nullable String pattern)
      throws SQLException {
    return like(text, pattern, "\\");
  }

  public static @Nullable Boolean like(
      @Nullable String text, @Nullable String pattern, @Nullable String escape)
      throws SQLException {
    if (text == null || pattern == null || escape == null) {
      return null;
    }
    if (escape.codePointCount(0, escape.length()) > 1) {
      throw new RefusedException(
          ServerError.error(SqlState.INVALID_ESCAPE_SEQUENCE, "invalid escape string")
              .withHint("Escape string must be empty or one character."));
    }
    try {
      return LikePattern.matches(text, pattern, escape);
    } catch (LikePattern.RefusedEscape e) {
      throw new RefusedException(
          ServerError.error(
              SqlState.INVALID_ESCAPE_SEQUENCE, "LIKE pattern must not end with escape character"));
    }
  }

  public static @Nullable Boolean likeIgnoringCase(@Nullable String text, @Nullable String pattern)
      throws SQLException {
    return likeIgnoringCase(text, pattern, "\\");
  }

  public static @Nullable Boolean likeIgnoringCase(
      @Nullable String text, @Nullable String pattern, @Nullable String escape)
      throws SQLException {
    return (text == null || pattern == null)
        ? null
        : like(text.toLowerCase(Locale.ROOT), pattern.toLowerCase(Locale.ROOT), escape);
  }

  public static @Nullable String repeat(@Nullable String text, @Nullable Integer times)
      throws SQLException {
    if (text == null || times == null) {
      return null;
    }
    requireLength((long) text.length() * Math.max(0, times));
    return text.repeat(Math.max(0, times));
  }

  public static @Nullable String leftPad(@Nullable String text, @Nullable Integer length)
      throws SQLException {
    return leftPad(text, length, " ");
  }

  public static @Nullable String leftPad(
      @Nullable String text, @Nullable Integer length, @Nullable String fill) throws SQLException {
    if (text == null || length == null || fill == null) {
      return null;
    }
    return text.length() >= length
        ? text.substring(0, Math.max(0, length))
        : padding(length - text.length(), fill) + text;
  }

  public static @Nullable String rightPad(@Nullable String text, @Nullable Integer length)
      throws SQLException {
    return rightPad(text, length, " ");
  }

  public static @Nullable String rightPad(
      @Nullable String text, @Nullable Integer length, @Nullable String fill) throws SQLException {
    if (text == null || length == null || fill == null) {
      return null;
    }
    return text.length() >= length
        ? text.substring(0, Math.max(0, length))
        : text + padding(length - text.length(), fill);
  }

  private static String padding(int length, String fill) throws SQLException {
    requireLength(length);
    return fill.isEmpty() ? "" : fill.repeat(length / fill.length() + 1).substring(0, length);
  }

  public static @Nullable String replace(
      @Nullable String text, @Nullable String from, @Nullable String to) throws SQLException {
    if (text == null || from == null || to == null) {
      return null;
    }
    if (from.isEmpty()) {
      return text;
    }
    long occurrences = 0;
    for (int at = text.indexOf(from); at >= 0; at = text.indexOf(from, at + from.length())) {
      occurrences++;
    }
    requireLength(text.length() + occurrences * (to.length() - from.length()));
    return text.replace(from, to);
  }

  static void requireLength(long length) throws SQLException {
    if (length > LENGTH_MAX) {
      throw new RefusedException(
          ServerError.error(SqlState.PROGRAM_LIMIT_EXCEEDED, "requested length too large"));
    }
  }

  /// An address as text: with the length of its network, which is all of it.
  public static @Nullable String network(@Nullable String address) {
    return address == null ? null : address + (address.contains(":") ? "/128" : "/32");
  }

  /// `x0000001F`, a bit string in hexadecimal, as the number it is.
  public static @Nullable Long hexNumber(@Nullable String text) {
    return text == null ? null : Long.parseLong(text.substring(1), 16);
  }

  // Arrays

  /// The elements of `{a,"b c"}`.
  public static @Nullable String @Nullable [] array(@Nullable String text) {
    return text == null ? null : ArrayText.elements(text).toArray(String[]::new);
  }

  public static @Nullable String uuid(@Nullable String text) throws SQLException {
    if (text == null) {
      return null;
    }
    String digits = text.strip().replaceFirst("^\\{(.*)\\}$", "$1").replace("-", "");
    if (!digits.matches("[0-9a-fA-F]{32}")) {
      throw invalid("uuid", text);
    }
    return digits
        .toLowerCase(java.util.Locale.ROOT)
        .replaceFirst("(.{8})(.{4})(.{4})(.{4})(.{12})", "$1-$2-$3-$4-$5");
  }

  /// `macaddr`
  public static @Nullable String hardwareAddress(@Nullable String text) throws SQLException {
    if (text == null) {
      return null;
    }
    String digits = text.strip().replaceAll("[:.-]", "").toLowerCase(java.util.Locale.ROOT);
    if (!digits.matches("[0-9a-f]{12}")) {
      throw invalid("macaddr", text);
    }
    return digits.replaceAll("(..)(?=.)", "$1:");
  }

  private static RefusedException invalid(String type, String text) {
    return new RefusedException(
        ServerError.error(
            SqlState.INVALID_TEXT_REPRESENTATION,
            "invalid input syntax for type %s: \"%s\"".formatted(type, text)));
  }

  public static @Nullable String arrayToString(Value array, @Nullable String delimiter) {
    return arrayToString(array, delimiter, null);
  }

  public static @Nullable String arrayToString(
      Value array, @Nullable String delimiter, @Nullable String nulls) {
    if (delimiter == null || !(array instanceof org.h2.value.ValueArray values)) {
      return null;
    }
    var texts = new ArrayList<String>();
    for (Value value : values.getList()) {
      String text =
          ValueText.of(value, SqlType.TEXT, QueryContext.current().session().parameters().zone());
      if (text != null) {
        texts.add(text);
      } else if (nulls != null) {
        texts.add(nulls);
      }
    }
    return String.join(delimiter, texts);
  }

  public static @Nullable Integer arrayLength(Value array, int dimension) {
    return array instanceof org.h2.value.ValueArray values
            && dimension == 1
            && values.getList().length > 0
        ? values.getList().length
        : null;
  }

  public static String @Nullable [] stringToArray(@Nullable String text, @Nullable String delimiter)
      throws SQLException {
    if (text == null || delimiter == null) {
      return null;
    }
    return text.isEmpty() ? new String[0] : split(text, delimiter);
  }

  /// Many small texts take many times what one long one takes.
  private static String[] split(String text, String delimiter) throws SQLException {
    String[] parts = text.split(Pattern.quote(delimiter), ELEMENTS_MAX + 1);
    requireElements(parts.length);
    return parts;
  }

  static void requireElements(int count) throws SQLException {
    if (count > ELEMENTS_MAX) {
      throw new RefusedException(
          ServerError.error(
              SqlState.PROGRAM_LIMIT_EXCEEDED,
              "array size exceeds the maximum allowed (%d)".formatted(ELEMENTS_MAX)));
    }
  }

  public static @Nullable String splitPart(
      @Nullable String text, @Nullable String delimiter, int field) throws SQLException {
    if (text == null || delimiter == null) {
      return null;
    }
    String[] parts = split(text, delimiter);
    int index = field > 0 ? field - 1 : parts.length + field;
    return index >= 0 && index < parts.length ? parts[index] : "";
  }

  /// What a cast to interval takes, but for months: the engine's intervals have none.
  public static @Nullable String intervalWords(@Nullable String text) throws SQLException {
    if (text == null) {
      return null;
    }
    IntervalWords words = IntervalWords.read(text);
    if (words.months() != 0) {
      throw new RefusedException(
          ServerError.error(
              SqlState.FEATURE_NOT_SUPPORTED,
              "not supported by this node: an interval of months but to be added to a time"));
    }
    return engineInterval(words.rest());
  }

  /// `1 02:03:04.5`, as the engine reads intervals.
  public static String engineInterval(Duration duration) {
    Duration positive = duration.abs();
    return "%s%d %02d:%02d:%02d.%09d"
        .formatted(
            duration.isNegative() ? "-" : "",
            positive.toDays(),
            positive.toHoursPart(),
            positive.toMinutesPart(),
            positive.toSecondsPart(),
            positive.toNanosPart());
  }

  public static @Nullable OffsetDateTime timeOfEpoch(@Nullable Double seconds) {
    return seconds == null
        ? null
        : java.time.Instant.EPOCH
            .plusNanos(Math.round(seconds * 1e6) * 1000)
            .atOffset(java.time.ZoneOffset.UTC);
  }

  public static @Nullable String md5(@Nullable String text)
      throws java.security.NoSuchAlgorithmException {
    if (text == null) {
      return null;
    }
    byte[] digest =
        java.security.MessageDigest.getInstance("MD5")
            .digest(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    return java.util.HexFormat.of().formatHex(digest);
  }
}
