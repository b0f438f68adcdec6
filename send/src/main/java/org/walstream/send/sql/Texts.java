package org.walstream.send.sql;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.walstream.wal.Lsn;
import org.walstream.wal.PgTimestamp;

/// Values as PostgreSQL prints them (DateStyle ISO, IntervalStyle postgres); null is SQL's.
final class Texts {

  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT);
  private static final DateTimeFormatter OFFSET =
      new DateTimeFormatterBuilder().appendOffset("+HH:mm:ss", "+00").toFormatter(Locale.ROOT);

  private Texts() {}

  static String bool(boolean value) {
    return value ? "t" : "f";
  }

  static @Nullable String lsn(long lsn) {
    return lsn == 0 ? null : Lsn.format(lsn);
  }

  /// The 32 bits of a transaction id that type xid shows.
  static @Nullable String xid(long fullXid) {
    return fullXid == 0 ? null : Integer.toUnsignedString((int) fullXid);
  }

  static @Nullable String timestamp(Optional<Instant> instant, ZoneId zone) {
    return instant.map(i -> timestamp(i, zone)).orElse(null);
  }

  /// `2026-11-24 10:00:00.25+00`
  static String timestamp(Instant instant, ZoneId zone) {
    ZonedDateTime time = instant.atZone(zone);
    return SECONDS.format(time)
        + fraction(time.get(ChronoField.MICRO_OF_SECOND))
        + OFFSET.format(time);
  }

  static @Nullable String timestampMicros(long micros, ZoneId zone) {
    return micros == 0 ? null : timestamp(PgTimestamp.instant(micros), zone);
  }

  /// `00:00:00.000123`
  static @Nullable String interval(long nanos) {
    if (nanos < 0) {
      return null;
    }
    long micros = nanos / 1000;
    long seconds = micros / 1_000_000;
    return "%02d:%02d:%02d%s"
        .formatted(
            seconds / 3600, seconds / 60 % 60, seconds % 60, fraction((int) (micros % 1_000_000)));
  }

  private static String fraction(int micros) {
    return micros == 0 ? "" : ("." + "%06d".formatted(micros)).replaceAll("0+$", "");
  }
}
