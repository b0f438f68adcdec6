package org.walstream.cli.line;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.walstream.wal.PgTimestamp;
import org.walstream.wal.time.TimeZoneRules;
import org.walstream.wal.time.WallClock;

/// The value of an option that is a moment.
public final class Moment {

  private static final DateTimeFormatter TEXT =
      new DateTimeFormatterBuilder()
          .appendPattern("uuuu-MM-dd['T'][' ']HH:mm[:ss]")
          .appendFraction(ChronoField.MICRO_OF_SECOND, 0, 6, true)
          .optionalStart()
          .appendPattern("[' ']")
          .appendOffset("+HH:mm", "Z")
          .optionalEnd()
          .optionalStart()
          .appendOffset("+HH", "Z")
          .optionalEnd()
          .toFormatter(Locale.ROOT);

  /// A time with the name of a zone's clock behind it, which may be a number: `+0545`.
  private static final Pattern NAMED = Pattern.compile("(.*[0-9]) ([A-Za-z]{3,}|[+-][0-9]{4})");

  private Moment() {}

  /// Reads `2026-11-24 10:00`, with seconds, a fraction and an offset from UTC as wanted, and the
  /// times that commands print in this zone; without an offset it is local time.
  ///
  /// @return TimestampTz
  /// @throws UsageException when it is none
  public static long parse(String text, String option, TimeZoneRules zone) {
    try {
      return micros(text, zone);
    } catch (DateTimeException e) {
      throw new UsageException(
          "invalid value \"%s\" for option %s".formatted(text, option),
          "Expecting a time such as \"2026-11-24 10:00:00\" or \"2026-11-24 10:00:00+00\".");
    }
  }

  /// The same for whoever tells in his own words what is wrong.
  ///
  /// @throws DateTimeException if it is none
  public static long micros(String text, TimeZoneRules zone) {
    return PgTimestamp.micros(instant(text.strip(), zone));
  }

  private static Instant instant(String text, TimeZoneRules zone) {
    Matcher named = NAMED.matcher(text);
    if (!named.matches()) {
      return switch (TEXT.parseBest(text, OffsetDateTime::from, LocalDateTime::from)) {
        case OffsetDateTime offset -> offset.toInstant();
        case LocalDateTime local -> instant(local, WallClock.epochSecond(zone, second(local)));
        case TemporalAccessor other -> throw new IllegalStateException(other.toString());
      };
    }
    LocalDateTime local = LocalDateTime.parse(named.group(1), TEXT);
    String name = named.group(2);
    if (name.equals("UTC")) {
      return local.toInstant(ZoneOffset.UTC);
    }
    return WallClock.epochSecond(zone, second(local), name)
        .map(epochSecond -> instant(local, epochSecond))
        .orElseThrow(() -> new DateTimeException("the clock is not called " + name + " then"));
  }

  private static long second(LocalDateTime local) {
    return local.toEpochSecond(ZoneOffset.UTC);
  }

  private static Instant instant(LocalDateTime local, long epochSecond) {
    return Instant.ofEpochSecond(epochSecond, local.get(ChronoField.NANO_OF_SECOND));
  }
}
