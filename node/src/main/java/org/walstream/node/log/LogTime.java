package org.walstream.node.log;

import java.time.Instant;
import org.walstream.node.time.SystemTimeZone;
import org.walstream.wal.time.BrokenDownTime;

/// Moments as the log has them: in the process's time zone.
final class LogTime {

  private LogTime() {}

  /// `2026-11-24 10:00:00 UTC`.
  static String withSeconds(Instant time) {
    BrokenDownTime local = local(time);
    return local.dateAndTime() + " " + local.type().abbreviation();
  }

  /// `2026-11-24 10:00:00.000 UTC`.
  static String withMilliseconds(Instant time) {
    BrokenDownTime local = local(time);
    return "%s.%03d %s"
        .formatted(
            local.dateAndTime(),
            Math.floorMod(time.toEpochMilli(), 1000),
            local.type().abbreviation());
  }

  private static BrokenDownTime local(Instant time) {
    var local = new BrokenDownTime(SystemTimeZone.rules());
    local.set(time.getEpochSecond());
    return local;
  }
}
