package org.walstream.wal.rmgrdesc;

import org.walstream.wal.time.TimeZoneRules;

/// How moments are written: pg_waldump and the server, of which pg_walinspect is a part, differ.
@FunctionalInterface
public interface TimestampText {

  /// @param micros since 2000-01-01 UTC
  void write(long micros, RecordText out);

  /// As pg_waldump does, in local time: `2026-11-24 13:34:52.000123 UTC`. For one thread.
  static TimestampText ofPgWaldump(TimeZoneRules zone) {
    return new PgWaldumpTimestamps(zone);
  }

  /// As the server does when its `TimeZone` is UTC: `2026-11-24 13:34:52.000123+00`.
  static TimestampText ofServer() {
    return (micros, out) -> out.add(ServerTimestamps.format(micros));
  }
}
