package org.walstream.wal.rmgrdesc;

import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.walstream.wal.PgTimestamp;

/// How moments are written: pg_waldump and the server, of which pg_walinspect is a part, differ.
@FunctionalInterface
public interface TimestampText {

  /// @param micros since 2000-01-01 UTC
  /// @return ASCII
  String format(long micros);

  /// As pg_waldump does, in local time: `2026-11-24 13:34:52.000123 UTC`.
  static TimestampText ofPgWaldump(ZoneId zone) {
    var formatter =
        DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS zzz", Locale.ROOT).withZone(zone);
    return micros -> formatter.format(PgTimestamp.instant(micros));
  }
}
