package org.walstream.wal.rmgrdesc;

import org.walstream.wal.PgTimestamp;
import org.walstream.wal.time.BrokenDownTime;
import org.walstream.wal.time.TimeZoneRules;

/// Moments as pg_waldump writes them. Many commits fall into one second, so its date and time are
/// kept from one to the next. Not thread-safe.
///
/// Counterpart of timestamptz_to_str(), src/bin/pg_waldump/compat.c.
final class PgWaldumpTimestamps implements TimestampText {

  private static final int MICROS = 1_000_000;
  private static final long EPOCH_SECONDS = PgTimestamp.instant(0).getEpochSecond();

  private final BrokenDownTime time;
  private long second;

  PgWaldumpTimestamps(TimeZoneRules rules) {
    time = new BrokenDownTime(rules);
    time.set(EPOCH_SECONDS);
  }

  @Override
  public void write(long micros, RecordText out) {
    // Both towards zero, as in C: a moment before 2000 has a negative fraction.
    if (micros / MICROS != second) {
      second = micros / MICROS;
      time.set(EPOCH_SECONDS + second);
    }
    out.signed(time.year());
    two(out.add('-'), time.month());
    two(out.add('-'), time.day());
    two(out.add(' '), time.hour());
    two(out.add(':'), time.minute());
    two(out.add(':'), time.second());
    fraction(out.add('.'), (int) (micros % MICROS));
    out.add(' ').add(time.type().abbreviation());
  }

  private static void two(RecordText out, int number) {
    out.zeroPadded(number, 2);
  }

  /// %06d, in which a minus sign takes the place of a zero.
  private static void fraction(RecordText out, int micros) {
    if (micros < 0) {
      out.add('-').zeroPadded(-micros, micros > -100_000 ? 5 : 6);
    } else {
      out.zeroPadded(micros, 6);
    }
  }
}
