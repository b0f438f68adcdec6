package org.walstream.wal;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/// A moment as PostgreSQL keeps and sends it: microseconds since 2000-01-01 00:00 UTC. The
/// replication messages and WAL records carry the bare number, so the static methods serve both.
///
/// Counterpart of TimestampTz, src/include/datatype/timestamp.h.
public record PgTimestamp(long micros) implements Comparable<PgTimestamp> {

  public static final PgTimestamp INFINITY = new PgTimestamp(Long.MAX_VALUE);
  public static final PgTimestamp MINUS_INFINITY = new PgTimestamp(Long.MIN_VALUE);

  private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");

  private static final DateTimeFormatter TEXT =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS 'UTC'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  public static PgTimestamp of(Instant instant) {
    return new PgTimestamp(micros(instant));
  }

  /// The bare number for `instant`; fractions of a microsecond are dropped.
  ///
  /// @throws ArithmeticException for an instant more than 292,000 years away
  public static long micros(Instant instant) {
    return EPOCH.until(instant, ChronoUnit.MICROS);
  }

  /// The instant of a bare number. The infinities become the ends of what 64 bits can say.
  public static Instant instant(long micros) {
    return EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  public Instant toInstant() {
    return instant(micros);
  }

  @Override
  public int compareTo(PgTimestamp other) {
    return Long.compare(micros, other.micros);
  }

  /// As PostgreSQL prints a timestamptz when the time zone is UTC.
  @Override
  public String toString() {
    if (equals(INFINITY)) {
      return "infinity";
    }
    return equals(MINUS_INFINITY) ? "-infinity" : TEXT.format(toInstant());
  }
}
