package org.walstream.wal.time;

/// A zone told by a rule, `CET-1CEST,M3.5.0,M10.5.0/3`: two clocks and the moments of a year at
/// which one gives way to the other. `TZ` itself, or the footer of a compiled zone.
///
/// Counterpart of glibc's time/tzset.c. Differs from it: where a broken rule names a month that
/// does not exist, it reads memory that means something else; here the change is at New Year.
public final class PosixTimeZone implements TimeZoneRules {

  private final LocalTimeType standard;
  private final LocalTimeType daylight;
  private final YearlyChange toDaylight;
  private final YearlyChange toStandard;

  PosixTimeZone(
      LocalTimeType standard,
      LocalTimeType daylight,
      YearlyChange toDaylight,
      YearlyChange toStandard) {
    this.standard = standard;
    this.daylight = daylight;
    this.toDaylight = toDaylight;
    this.toStandard = toStandard;
  }

  /// Reads a rule. Any text is one: what cannot be understood counts for nothing, so that the time
  /// is UTC and bears the name with which the text begins, or none.
  public static PosixTimeZone parse(String text) {
    return new PosixTimeZoneParser(text).parse();
  }

  /// Whether `text` has daylight saving time but does not say when. Then a file may.
  static boolean leavesChangesOpen(String text) {
    return new PosixTimeZoneParser(text).leavesChangesOpen();
  }

  static PosixTimeZone fixed(LocalTimeType type) {
    return new PosixTimeZone(type, type, YearlyChange.NEW_YEAR, YearlyChange.NEW_YEAR);
  }

  LocalTimeType standard() {
    return standard;
  }

  LocalTimeType daylight() {
    return daylight;
  }

  @Override
  public LocalTimeType typeAt(long epochSecond) {
    if (!daylight.daylight()) {
      return standard;
    }
    // The year in UTC, so for some hours at New Year it is the neighbour's.
    long year = Gregorian.yearOf(Math.floorDiv(epochSecond, Gregorian.SECONDS_PER_DAY));
    long start = toDaylight.epochSecond(year, standard.offsetSeconds());
    long end = toStandard.epochSecond(year, daylight.offsetSeconds());
    boolean isDaylight =
        start <= end
            ? epochSecond >= start && epochSecond < end
            : epochSecond < end || epochSecond >= start; // the south
    return isDaylight ? daylight : standard;
  }
}
