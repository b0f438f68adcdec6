package org.walstream.wal.time;

import java.util.Optional;

/// From what a clock on the wall shows to the moment when it does.
///
/// Clocks are set: some readings come twice, and some never. PostgreSQL decides which moment is
/// meant, and so does this.
///
/// Counterpart of DetermineTimeZoneOffset(), src/backend/utils/adt/datetime.c.
public final class WallClock {

  private static final int DAY = Gregorian.SECONDS_PER_DAY;

  private WallClock() {}

  /// @param localSecond what the clock shows, as seconds since it would have shown 1970-01-01
  /// @return the only moment; of two the later; where there is none, the one at which a clock that
  ///   was not set would show it
  public static long epochSecond(TimeZoneRules rules, long localSecond) {
    long before = moment(rules, localSecond, -DAY);
    long after = moment(rules, localSecond, DAY);
    return shows(rules, after, localSecond) ? after : before;
  }

  /// The moment at which the clock shows this and is called `abbreviation`, if there is one.
  public static Optional<Long> epochSecond(
      TimeZoneRules rules, long localSecond, String abbreviation) {
    for (long moment :
        new long[] {moment(rules, localSecond, -DAY), moment(rules, localSecond, DAY)}) {
      if (shows(rules, moment, localSecond)
          && rules.typeAt(moment).abbreviation().equals(abbreviation)) {
        return Optional.of(moment);
      }
    }
    return Optional.empty();
  }

  /// The moment, if the clock stands as it did or will do `away` seconds from then.
  private static long moment(TimeZoneRules rules, long localSecond, long away) {
    long near = localSecond - offset(rules, localSecond);
    return localSecond - offset(rules, near + away);
  }

  private static boolean shows(TimeZoneRules rules, long moment, long localSecond) {
    return moment + offset(rules, moment) == localSecond;
  }

  private static int offset(TimeZoneRules rules, long epochSecond) {
    return rules.typeAt(epochSecond).offsetSeconds() - rules.leapSecondsAt(epochSecond);
  }
}
