package org.walstream.wal.rmgrdesc;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoField;
import java.util.Locale;
import org.walstream.wal.PgTimestamp;

/// Moments as the server writes them, in UTC.
///
/// Counterpart of timestamptz_to_str(), src/backend/utils/adt/timestamp.c.
final class ServerTimestamps {

  /// MIN_TIMESTAMP: midnight of the first Julian day. Before, there is no date.
  private static final Instant FIRST = Instant.parse("-4713-11-24T00:00:00Z");

  private ServerTimestamps() {}

  static String format(long micros) {
    if (micros == Long.MAX_VALUE) {
      return "infinity";
    }
    if (micros == Long.MIN_VALUE) {
      return "-infinity";
    }
    Instant instant = PgTimestamp.instant(micros);
    if (instant.isBefore(FIRST)) {
      return "(timestamp out of range)";
    }
    var time = LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
    return String.format(
        Locale.ROOT,
        "%04d-%02d-%02d %02d:%02d:%02d%s+00%s",
        time.get(ChronoField.YEAR_OF_ERA),
        time.getMonthValue(),
        time.getDayOfMonth(),
        time.getHour(),
        time.getMinute(),
        time.getSecond(),
        fraction(time.getNano() / 1000),
        time.getYear() > 0 ? "" : " BC");
  }

  /// Without the zeros at its end, and nothing for none.
  private static String fraction(int micros) {
    if (micros == 0) {
      return "";
    }
    String digits = Integer.toString(1_000_000 + micros).substring(1);
    return "." + digits.replaceFirst("0+$", "");
  }
}
