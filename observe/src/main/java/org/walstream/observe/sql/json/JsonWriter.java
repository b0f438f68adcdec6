package org.walstream.observe.sql.json;

import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.h2.util.JSR310Utils;
import org.h2.value.Value;
import org.h2.value.ValueArray;
import org.walstream.observe.sql.type.Texts;
import org.walstream.observe.sql.type.ValueText;
import org.walstream.send.SqlType;

/// The engine's values as PostgreSQL makes JSON of them: numbers and booleans bare, times in ISO
/// 8601, everything else as its text in quotes.
public final class JsonWriter {

  private JsonWriter() {}

  /// @param isJson whether the value is a text that is JSON already
  public static String of(Value value, boolean isJson, ZoneId zone) {
    return switch (value.getValueType()) {
      case Value.NULL -> "null";
      case Value.BOOLEAN -> value.getBoolean() ? "true" : "false";
      case Value.TINYINT, Value.SMALLINT, Value.INTEGER, Value.BIGINT -> value.getString();
      case Value.NUMERIC, Value.DECFLOAT -> value.getBigDecimal().toPlainString();
      case Value.REAL, Value.DOUBLE ->
          number(String.valueOf(ValueText.of(value, SqlType.FLOAT8, zone)));
      case Value.TIMESTAMP ->
          quoted(iso(Texts.timestamp(JSR310Utils.valueToLocalDateTime(value, null))));
      case Value.TIMESTAMP_TZ ->
          quoted(instant(JSR310Utils.valueToOffsetDateTime(value, null), zone));
      case Value.ARRAY ->
          Stream.of(((ValueArray) value).getList())
              .map(element -> of(element, isJson, zone))
              .collect(Collectors.joining(",", "[", "]"));
      default ->
          isJson
              ? value.getString()
              : quoted(String.valueOf(ValueText.of(value, SqlType.TEXT, zone)));
    };
  }

  private static String number(String text) {
    return Character.isLetter(text.charAt(text.length() - 1)) ? quoted(text) : text;
  }

  /// With minutes in the offset, unlike everywhere else.
  private static String instant(OffsetDateTime instant, ZoneId zone) {
    String text = iso(Texts.timestamp(instant, zone));
    return text.matches(".*[+-]\\d\\d") ? text + ":00" : text;
  }

  private static String iso(String timestamp) {
    return timestamp.replace(' ', 'T');
  }

  public static String quoted(String text) {
    var quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"', '\\' -> quoted.append('\\').append(c);
        case '\b' -> quoted.append("\\b");
        case '\f' -> quoted.append("\\f");
        case '\n' -> quoted.append("\\n");
        case '\r' -> quoted.append("\\r");
        case '\t' -> quoted.append("\\t");
        default -> {
          if (c < ' ') {
            quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
          } else {
            quoted.append(c);
          }
        }
      }
    }
    return quoted.append('"').toString();
  }
}
