package org.walstream.observe.sql.function;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.walstream.wire.SqlState;
import org.walstream.wire.server.ServerError;

/// An interval as it is written: `1 month 2 days 03:04:05`, `90 minutes`, `1 day ago`, `-00:00:01`.
///
/// @param months of which nobody knows how long they are
/// @param rest a day is 24 hours
record IntervalWords(long months, Duration rest) {

  private static final Pattern WORD =
      Pattern.compile(
          "([+-]?\\d+(?:\\.\\d+)?)\\s*([a-zµ]+)|([+-]?)(\\d+):(\\d+)(?::(\\d+(?:\\.\\d+)?))?");

  private static final BigDecimal DAYS_OF_MONTH = BigDecimal.valueOf(30);

  static IntervalWords read(String written) throws SQLException {
    String text = written.strip();
    var sum = new IntervalWords(0, Duration.ZERO);
    Matcher words = WORD.matcher(text.toLowerCase(Locale.ROOT));
    int end = 0;
    while (words.find()) {
      end = words.end();
      sum =
          words.group(2) != null
              ? sum.plus(of(new BigDecimal(words.group(1)), words.group(2), written))
              : sum.plus(new IntervalWords(0, time(words)));
    }
    String left = text.substring(end).strip();
    if (left.equalsIgnoreCase("ago")) {
      return new IntervalWords(-sum.months, sum.rest.negated());
    } else if (left.matches("[+-]?\\d+(\\.\\d+)?")) {
      return sum.plus(of(new BigDecimal(left), "s", written));
    } else if (!left.isEmpty() || text.isEmpty()) {
      throw notAnInterval(written);
    }
    return sum;
  }

  private IntervalWords plus(IntervalWords other) {
    return new IntervalWords(months + other.months, rest.plus(other.rest));
  }

  private static Duration time(Matcher words) {
    BigDecimal seconds = new BigDecimal(words.group(6) == null ? "0" : words.group(6));
    Duration time =
        Duration.ofHours(Long.parseLong(words.group(4)))
            .plusMinutes(Long.parseLong(words.group(5)))
            .plusNanos(seconds.movePointRight(9).longValue());
    return "-".equals(words.group(3)) ? time.negated() : time;
  }

  private static IntervalWords of(BigDecimal count, String unit, String text) throws SQLException {
    return switch (unit) {
      case "us", "usec", "usecs", "microsecond", "microseconds" -> nanos(count, 1_000);
      case "ms", "msec", "msecs", "millisecond", "milliseconds" -> nanos(count, 1_000_000);
      case "s", "sec", "secs", "second", "seconds" -> seconds(count, 1);
      case "m", "min", "mins", "minute", "minutes" -> seconds(count, 60);
      case "h", "hr", "hrs", "hour", "hours" -> seconds(count, 3_600);
      case "d", "day", "days" -> seconds(count, 86_400);
      case "w", "week", "weeks" -> seconds(count, 604_800);
      case "mon", "mons", "month", "months" -> months(count);
      case "y", "yr", "yrs", "year", "years" -> months(count.multiply(BigDecimal.valueOf(12)));
      case "decade", "decades" -> months(count.multiply(BigDecimal.valueOf(120)));
      default -> throw notAnInterval(text);
    };
  }

  private static IntervalWords nanos(BigDecimal count, long each) {
    return new IntervalWords(
        0, Duration.ofNanos(count.multiply(BigDecimal.valueOf(each)).longValue()));
  }

  private static IntervalWords seconds(BigDecimal count, long each) {
    return nanos(count.movePointRight(9), each);
  }

  /// What is left of a month are days.
  private static IntervalWords months(BigDecimal count) {
    BigDecimal whole = count.setScale(0, RoundingMode.DOWN);
    return new IntervalWords(whole.longValue(), Duration.ZERO)
        .plus(seconds(count.subtract(whole).multiply(DAYS_OF_MONTH), 86_400));
  }

  private static RefusedException notAnInterval(String text) {
    return new RefusedException(
        ServerError.error(
            SqlState.INVALID_DATETIME_FORMAT,
            "invalid input syntax for type interval: \"%s\"".formatted(text)));
  }
}
