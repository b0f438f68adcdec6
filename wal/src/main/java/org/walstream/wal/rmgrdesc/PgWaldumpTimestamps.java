package org.walstream.wal.rmgrdesc;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.walstream.wal.PgTimestamp;

/// Moments as pg_waldump writes them. Many commits fall into one second, so what they share is kept
/// from one to the next. Not thread-safe.
///
/// Counterpart of timestamptz_to_str(), src/bin/pg_waldump/compat.c.
final class PgWaldumpTimestamps implements TimestampText {

  private static final int MICROS = 1_000_000;
  private static final long EPOCH_SECONDS = PgTimestamp.instant(0).getEpochSecond();

  private final DateTimeFormatter toSecond;
  private final DateTimeFormatter zoneName;
  private long second = Long.MIN_VALUE;
  private String beforeFraction = "";
  private String afterFraction = "";

  PgWaldumpTimestamps(ZoneId zone) {
    toSecond = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.", Locale.ROOT).withZone(zone);
    zoneName = DateTimeFormatter.ofPattern(" zzz", Locale.ENGLISH).withZone(zone);
  }

  @Override
  public String format(long micros) {
    // Both towards zero, as in C: a moment before 2000 has a negative fraction.
    if (micros / MICROS != second) {
      second = micros / MICROS;
      Instant instant = Instant.ofEpochSecond(EPOCH_SECONDS + second);
      beforeFraction = toSecond.format(instant);
      afterFraction = zoneName.format(instant);
    }
    return beforeFraction + sixDigits((int) (micros % MICROS)) + afterFraction;
  }

  /// %06d
  private static String sixDigits(int number) {
    return number < 0
        ? String.format(Locale.ROOT, "%06d", number)
        : Integer.toString(MICROS + number).substring(1);
  }
}
