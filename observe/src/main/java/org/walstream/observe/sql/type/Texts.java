package org.walstream.observe.sql.type;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Locale;

/// Values as PostgreSQL prints them (DateStyle ISO, IntervalStyle postgres).
public final class Texts {

  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT);
  private static final DateTimeFormatter OFFSET =
      new DateTimeFormatterBuilder().appendOffset("+HH:mm:ss", "+00").toFormatter(Locale.ROOT);
  private static final int FLOAT8_DIGITS = 15;
  private static final int FLOAT4_DIGITS = 6;

  private Texts() {}

  /// `2026-11-24 10:00:00.25+00`
  public static String timestamp(OffsetDateTime instant, ZoneId zone) {
    ZonedDateTime time = instant.atZoneSameInstant(zone);
    return timestamp(time.toLocalDateTime()) + OFFSET.format(time);
  }

  public static String timestamp(LocalDateTime time) {
    return SECONDS.format(time) + fraction(time.get(ChronoField.MICRO_OF_SECOND));
  }

  /// `1 day 02:03:04.5`, `-00:00:01`
  public static String interval(Duration duration) {
    long micros = duration.getSeconds() * 1_000_000 + duration.getNano() / 1_000;
    long days = micros / 86_400_000_000L;
    long rest = Math.abs(micros % 86_400_000_000L);
    long seconds = rest / 1_000_000;
    String time =
        "%s%02d:%02d:%02d%s"
            .formatted(
                micros % 86_400_000_000L < 0 ? "-" : "",
                seconds / 3600,
                seconds / 60 % 60,
                seconds % 60,
                fraction((int) (rest % 1_000_000)));
    if (days == 0) {
      return time;
    }
    String day = days + (days == 1 ? " day" : " days");
    return rest == 0 ? day : day + " " + time;
  }

  private static String fraction(int micros) {
    return micros == 0 ? "" : ("." + "%06d".formatted(micros)).replaceAll("0+$", "");
  }

  /// The shortest digits that mean the same number: `1`, `0.1`, `1e+20`.
  public static String float8(double value) {
    return number(value, Double.toString(value), FLOAT8_DIGITS);
  }

  public static String float4(float value) {
    return number(value, Float.toString(value), FLOAT4_DIGITS);
  }

  /// @param whole up to how many digits a number is written without an exponent
  private static String number(double value, String shortest, int whole) {
    if (Double.isNaN(value)) {
      return "NaN";
    } else if (Double.isInfinite(value)) {
      return value > 0 ? "Infinity" : "-Infinity";
    }
    var digits = new BigDecimal(shortest).stripTrailingZeros();
    int exponent = digits.precision() - digits.scale() - 1;
    if (digits.signum() == 0 || (exponent >= -4 && exponent < whole)) {
      return digits.signum() == 0 ? "0" : digits.toPlainString();
    }
    String mantissa = digits.movePointLeft(exponent).toPlainString();
    return "%se%s%02d".formatted(mantissa, exponent < 0 ? "-" : "+", Math.abs(exponent));
  }
}
