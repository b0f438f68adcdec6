package org.walstream.observe.sql.type;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.h2.api.Interval;
import org.h2.util.JSR310Utils;
import org.h2.value.Value;
import org.h2.value.ValueArray;
import org.h2.value.ValueInterval;
import org.jspecify.annotations.Nullable;
import org.walstream.send.ArrayText;
import org.walstream.send.SqlType;
import org.walstream.wal.Lsn;

/// The engine's values in PostgreSQL's text format.
public final class ValueText {

  private ValueText() {}

  /// What the number of something in the catalog is shown as.
  public interface Names {
    @Nullable String of(SqlType type, long oid);
  }

  /// As [#of(Value, SqlType, ZoneId)], with names in the place of numbers where the type says so.
  public static @Nullable String of(Value value, SqlType type, ZoneId zone, Names names) {
    boolean named =
        switch (type) {
          case REGCLASS, REGTYPE, REGNAMESPACE, REGROLE -> value.getValueType() == Value.NUMERIC;
          default -> false;
        };
    return named ? names.of(type, value.getLong()) : of(value, type, zone);
  }

  /// @param type what the value is of
  public static @Nullable String of(Value value, SqlType type, ZoneId zone) {
    return switch (value.getValueType()) {
      case Value.NULL -> null;
      case Value.BOOLEAN -> value.getBoolean() ? "t" : "f";
      case Value.DECFLOAT, Value.NUMERIC -> number(value.getBigDecimal(), type);
      case Value.REAL -> Texts.float4(value.getFloat());
      case Value.DOUBLE -> Texts.float8(value.getDouble());
      case Value.TIMESTAMP_TZ ->
          Texts.timestamp(JSR310Utils.valueToOffsetDateTime(value, null), zone);
      case Value.TIMESTAMP -> Texts.timestamp(JSR310Utils.valueToLocalDateTime(value, null));
      case Value.BINARY, Value.VARBINARY -> "\\x" + HexFormat.of().formatHex(value.getBytes());
      case Value.ARRAY -> array((ValueArray) value, type, zone);
      case Value.CHAR -> value.getString().stripTrailing();
      default ->
          value instanceof ValueInterval interval
              ? Texts.interval(duration(interval))
              : value.getString();
    };
  }

  private static String number(BigDecimal number, SqlType type) {
    return switch (type) {
      case PG_LSN -> Lsn.format(number.longValue());
      case FLOAT8 -> Texts.float8(number.doubleValue());
      default -> number.toPlainString();
    };
  }

  private static Duration duration(ValueInterval value) {
    Interval interval = value.getInterval();
    return Duration.ofDays(interval.getDays())
        .plusHours(interval.getHours())
        .plusMinutes(interval.getMinutes())
        .plusSeconds(interval.getSeconds())
        .plusNanos(interval.getNanosOfSecond());
  }

  private static String array(ValueArray array, SqlType type, ZoneId zone) {
    List<@Nullable String> elements = new ArrayList<>();
    for (Value element : array.getList()) {
      elements.add(of(element, type.element().orElse(SqlType.TEXT), zone));
    }
    return ArrayText.of(elements);
  }
}
