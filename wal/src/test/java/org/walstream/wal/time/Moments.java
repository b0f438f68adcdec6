package org.walstream.wal.time;

import java.time.Instant;

/// Moments as tests write them: `2026-03-29T01:00:00Z`.
final class Moments {

  private Moments() {}

  static long second(String moment) {
    return Instant.parse(moment).getEpochSecond();
  }

  /// As `date '+%F %T %Z'` prints it.
  static String text(TimeZoneRules rules, String moment) {
    return text(rules, second(moment));
  }

  static String text(TimeZoneRules rules, long epochSecond) {
    var time = new BrokenDownTime(rules);
    return time.set(epochSecond)
        ? time.dateAndTime() + " " + time.type().abbreviation()
        : "no such time";
  }
}
