package org.walstream.observe.sql.function;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.SQLException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.time.temporal.IsoFields;
import java.time.temporal.JulianFields;
import java.time.temporal.TemporalAdjusters;
import java.util.Locale;
import org.h2.api.Interval;
import org.h2.util.JSR310Utils;
import org.h2.value.Value;
import org.h2.value.ValueInterval;
import org.jspecify.annotations.Nullable;
import org.walstream.observe.sql.context.QueryContext;
import org.walstream.send.guc.SessionParameters;
import org.walstream.wire.SqlState;
import org.walstream.wire.server.ServerError;

/// Parts of times, by the session's time zone: the engine's own go by the zone that a value happens
/// to have, and give other types.
public final class TimeFunctions {

  private static final int MICROS = 6;
  private static final int MILLIS = 3;

  private TimeFunctions() {}

  private static ZoneId zone() {
    return QueryContext.current().session().parameters().zone();
  }

  // Zones

  /// `instant AT TIME ZONE zone`
  public static @Nullable LocalDateTime localTime(
      @Nullable OffsetDateTime instant, @Nullable String zone) throws SQLException {
    return instant == null || zone == null
        ? null
        : instant.atZoneSameInstant(zone(zone)).toLocalDateTime();
  }

  /// `clock AT TIME ZONE zone`
  public static @Nullable OffsetDateTime instant(
      @Nullable LocalDateTime clock, @Nullable String zone) throws SQLException {
    return clock == null || zone == null ? null : clock.atZone(zone(zone)).toOffsetDateTime();
  }

  private static ZoneId zone(String name) throws SQLException {
    return SessionParameters.zone(name)
        .orElseThrow(() ->
            new RefusedException(
                ServerError.error(
                    SqlState.INVALID_PARAMETER_VALUE,
                    "time zone \"%s\" not recognized".formatted(name))));
  }

  // Intervals with months

  /// `instant + interval '1 month'`
  ///
  /// @param sign -1 to subtract
  public static @Nullable OffsetDateTime shiftInstant(
      @Nullable OffsetDateTime instant, @Nullable String interval, int sign) throws SQLException {
    if (instant == null || interval == null) {
      return null;
    }
    LocalDateTime local = instant.atZoneSameInstant(zone()).toLocalDateTime();
    return moved(local, interval, sign).atZone(zone()).toOffsetDateTime();
  }

  public static @Nullable LocalDateTime shiftLocal(
      @Nullable LocalDateTime time, @Nullable String interval, int sign) throws SQLException {
    return time == null || interval == null ? null : moved(time, interval, sign);
  }

  private static LocalDateTime moved(LocalDateTime time, String interval, int sign)
      throws SQLException {
    var words = IntervalWords.read(interval);
    return time.plusMonths(sign * words.months()).plus(words.rest().multipliedBy(sign));
  }

  // age

  /// In days, hours and less, as the difference is: nobody counts months here.
  public static @Nullable String age(@Nullable LocalDateTime time, @Nullable LocalDateTime before) {
    return time == null || before == null
        ? null
        : TextFunctions.engineInterval(Duration.between(before, time));
  }

  /// Of today's beginning.
  public static @Nullable String age(@Nullable LocalDateTime before) {
    LocalDateTime now = SessionFunctions.now().atZoneSameInstant(zone()).toLocalDateTime();
    return age(now.truncatedTo(ChronoUnit.DAYS), before);
  }

  // to_char

  /// What clocks in the session's time zone show.
  public static @Nullable String instantText(
      @Nullable OffsetDateTime time, @Nullable String template) {
    return time == null || template == null
        ? null
        : TimeTemplate.fill(template, time.atZoneSameInstant(zone()), true);
  }

  public static @Nullable String clockText(
      @Nullable LocalDateTime time, @Nullable String template) {
    return time == null || template == null
        ? null
        : TimeTemplate.fill(template, time.atZone(ZoneOffset.UTC), false);
  }

  // date_trunc

  /// @param interval as it is printed
  public static @Nullable String truncateInterval(@Nullable String unit, @Nullable String interval)
      throws SQLException {
    if (unit == null || interval == null) {
      return null;
    }
    Duration whole = IntervalWords.read(interval).rest();
    Duration positive = whole.abs();
    Duration truncated =
        switch (unit.toLowerCase(Locale.ROOT)) {
          case "microsecond", "microseconds" -> positive.truncatedTo(ChronoUnit.MICROS);
          case "millisecond", "milliseconds" -> positive.truncatedTo(ChronoUnit.MILLIS);
          case "second" -> positive.truncatedTo(ChronoUnit.SECONDS);
          case "minute" -> positive.truncatedTo(ChronoUnit.MINUTES);
          case "hour" -> positive.truncatedTo(ChronoUnit.HOURS);
          case "day" -> positive.truncatedTo(ChronoUnit.DAYS);
          case "month", "quarter", "year", "decade", "century", "millennium" -> Duration.ZERO;
          case "week" ->
              throw new RefusedException(
                  ServerError.error(
                      SqlState.FEATURE_NOT_SUPPORTED,
                      "unit \"week\" not supported for type interval"));
          default -> throw notRecognized(unit, "interval");
        };
    return TextFunctions.engineInterval(whole.isNegative() ? truncated.negated() : truncated);
  }

  public static @Nullable OffsetDateTime truncateInstant(
      @Nullable String unit, @Nullable OffsetDateTime time) throws SQLException {
    return time == null ? null : truncated(unit, time, zone());
  }

  public static @Nullable OffsetDateTime truncateInstant(
      @Nullable String unit, @Nullable OffsetDateTime time, @Nullable String zone)
      throws SQLException {
    return time == null || zone == null ? null : truncated(unit, time, zone(zone));
  }

  private static @Nullable OffsetDateTime truncated(
      @Nullable String unit, OffsetDateTime time, ZoneId zone) throws SQLException {
    LocalDateTime local = truncateLocal(unit, time.atZoneSameInstant(zone).toLocalDateTime());
    return local == null ? null : local.atZone(zone).toOffsetDateTime();
  }

  public static @Nullable LocalDateTime truncateLocal(
      @Nullable String unit, @Nullable LocalDateTime time) throws SQLException {
    if (unit == null || time == null) {
      return null;
    }
    LocalDateTime day = time.truncatedTo(ChronoUnit.DAYS);
    int year = time.getYear();
    return switch (unit.toLowerCase(Locale.ROOT)) {
      case "microsecond", "microseconds" -> time.truncatedTo(ChronoUnit.MICROS);
      case "millisecond", "milliseconds" -> time.truncatedTo(ChronoUnit.MILLIS);
      case "second" -> time.truncatedTo(ChronoUnit.SECONDS);
      case "minute" -> time.truncatedTo(ChronoUnit.MINUTES);
      case "hour" -> time.truncatedTo(ChronoUnit.HOURS);
      case "day" -> day;
      case "week" -> day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
      case "month" -> day.withDayOfMonth(1);
      case "quarter" -> day.withDayOfMonth(1).withMonth((time.getMonthValue() - 1) / 3 * 3 + 1);
      case "year" -> day.withDayOfYear(1);
      case "decade" -> day.withDayOfYear(1).withYear(Math.floorDiv(year, 10) * 10);
      case "century" -> day.withDayOfYear(1).withYear((year - 1) / 100 * 100 + 1);
      case "millennium" -> day.withDayOfYear(1).withYear((year - 1) / 1000 * 1000 + 1);
      default -> throw notRecognized(unit, "timestamp without time zone");
    };
  }

  private static RefusedException notRecognized(String unit, String type) {
    return new RefusedException(
        ServerError.error(
            SqlState.INVALID_PARAMETER_VALUE,
            "unit \"%s\" not recognized for type %s".formatted(unit, type)));
  }

  // extract

  /// `date_part('hour', time)`
  public static @Nullable Double part(@Nullable String field, Value time) throws SQLException {
    BigDecimal part = extract(field, time);
    return part == null ? null : part.doubleValue();
  }

  /// `extract(hour FROM time)`
  public static @Nullable BigDecimal extract(@Nullable String field, Value time)
      throws SQLException {
    if (field == null) {
      return null;
    }
    String unit = singular(field.toLowerCase(Locale.ROOT));
    return switch (time.getValueType()) {
      case Value.NULL -> null;
      case Value.TIMESTAMP_TZ -> ofInstant(unit, JSR310Utils.valueToOffsetDateTime(time, null));
      case Value.TIMESTAMP ->
          of(unit, JSR310Utils.valueToLocalDateTime(time, null), "timestamp without time zone");
      case Value.DATE -> ofDate(unit, JSR310Utils.valueToLocalDate(time, null).atStartOfDay());
      case Value.TIME ->
          ofTime(unit, JSR310Utils.valueToLocalTime(time, null), "time without time zone");
      default -> {
        if (time instanceof ValueInterval interval) {
          yield ofInterval(unit, interval.getInterval());
        }
        throw new RefusedException(
            ServerError.error(
                SqlState.UNDEFINED_FUNCTION, "function extract(unknown, text) does not exist"));
      }
    };
  }

  private static String singular(String unit) {
    return switch (unit) {
      case "centuries" -> "century";
      case "millennia" -> "millennium";
      case "years",
          "decades",
          "quarters",
          "months",
          "weeks",
          "days",
          "hours",
          "minutes",
          "seconds" ->
          unit.substring(0, unit.length() - 1);
      default -> unit;
    };
  }

  private static BigDecimal ofInstant(String unit, OffsetDateTime instant) throws SQLException {
    var local = instant.atZoneSameInstant(zone());
    int offset = local.getOffset().getTotalSeconds();
    return switch (unit) {
      case "epoch" -> seconds(instant.toEpochSecond(), instant.getNano(), MICROS);
      case "timezone" -> BigDecimal.valueOf(offset);
      case "timezone_hour" -> BigDecimal.valueOf(offset / 3600);
      case "timezone_minute" -> BigDecimal.valueOf(offset / 60 % 60);
      default -> of(unit, local.toLocalDateTime(), "timestamp with time zone");
    };
  }

  private static BigDecimal ofDate(String unit, LocalDateTime midnight) throws SQLException {
    return switch (unit) {
      case "epoch" -> BigDecimal.valueOf(midnight.toEpochSecond(ZoneOffset.UTC));
      case "julian" -> BigDecimal.valueOf(midnight.getLong(JulianFields.JULIAN_DAY));
      case "hour",
          "minute",
          "second",
          "millisecond",
          "milliseconds",
          "microsecond",
          "microseconds" ->
          throw unsupported(unit, "date");
      default -> of(unit, midnight, "date");
    };
  }

  private static BigDecimal of(String unit, LocalDateTime time, String type) throws SQLException {
    int year = time.getYear();
    return switch (unit) {
      case "epoch" ->
          seconds(time.toEpochSecond(ZoneOffset.UTC), time.get(ChronoField.NANO_OF_SECOND), MICROS);
      case "year" -> BigDecimal.valueOf(year);
      case "decade" -> BigDecimal.valueOf(Math.floorDiv(year, 10));
      case "century" -> BigDecimal.valueOf((year + 99) / 100);
      case "millennium" -> BigDecimal.valueOf((year + 999) / 1000);
      case "isoyear" -> BigDecimal.valueOf(time.get(IsoFields.WEEK_BASED_YEAR));
      case "quarter" -> BigDecimal.valueOf(time.get(IsoFields.QUARTER_OF_YEAR));
      case "month" -> BigDecimal.valueOf(time.getMonthValue());
      case "week" -> BigDecimal.valueOf(time.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
      case "day" -> BigDecimal.valueOf(time.getDayOfMonth());
      case "doy" -> BigDecimal.valueOf(time.getDayOfYear());
      case "dow" -> BigDecimal.valueOf(time.getDayOfWeek().getValue() % 7);
      case "isodow" -> BigDecimal.valueOf(time.getDayOfWeek().getValue());
      case "timezone", "timezone_hour", "timezone_minute" -> throw unsupported(unit, type);
      default -> ofTime(unit, time.toLocalTime(), type);
    };
  }

  private static BigDecimal ofTime(String unit, LocalTime time, String type) throws SQLException {
    return switch (unit) {
      case "epoch" -> seconds(time.toSecondOfDay(), time.getNano(), MICROS);
      case "hour" -> BigDecimal.valueOf(time.getHour());
      case "minute" -> BigDecimal.valueOf(time.getMinute());
      case "second" -> seconds(time.getSecond(), time.getNano(), MICROS);
      case "millisecond", "milliseconds" ->
          seconds(time.getSecond(), time.getNano(), MICROS).movePointRight(MILLIS);
      case "microsecond", "microseconds" ->
          BigDecimal.valueOf(time.getSecond() * 1_000_000L + time.get(ChronoField.MICRO_OF_SECOND));
      default -> throw notRecognized(unit, type);
    };
  }

  private static BigDecimal ofInterval(String unit, Interval interval) throws SQLException {
    int sign = interval.isNegative() ? -1 : 1;
    BigDecimal seconds =
        seconds(Math.abs(interval.getSeconds()), Math.abs(interval.getNanosOfSecond()), MICROS)
            .multiply(BigDecimal.valueOf(sign));
    return switch (unit) {
      case "epoch" ->
          seconds.add(
              BigDecimal.valueOf(
                  interval.getDays() * 86_400
                      + interval.getHours() * 3_600
                      + interval.getMinutes() * 60));
      case "day" -> BigDecimal.valueOf(interval.getDays());
      case "hour" -> BigDecimal.valueOf(interval.getHours());
      case "minute" -> BigDecimal.valueOf(interval.getMinutes());
      case "second" -> seconds;
      case "millisecond", "milliseconds" -> seconds.movePointRight(MILLIS);
      case "microsecond", "microseconds" -> seconds.movePointRight(MICROS);
      case "year", "month", "decade", "century", "millennium" -> BigDecimal.ZERO;
      case "quarter" -> BigDecimal.ONE;
      case "week" -> BigDecimal.valueOf(interval.getDays() / 7);
      default -> throw notRecognized(unit, "interval");
    };
  }

  private static BigDecimal seconds(long seconds, long nanos, int scale) {
    return BigDecimal.valueOf(seconds)
        .add(BigDecimal.valueOf(nanos, 9))
        .setScale(scale, RoundingMode.DOWN);
  }

  private static RefusedException unsupported(String unit, String type) {
    return new RefusedException(
        ServerError.error(
            SqlState.FEATURE_NOT_SUPPORTED,
            "unit \"%s\" not supported for type %s".formatted(unit, type)));
  }
}
