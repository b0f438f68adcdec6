package org.walstream.wal.time;

import java.util.List;

/// A moment by the clock and calendar of a zone, and the texts made of it: struct tm, localtime()
/// and strftime() of C in the C locale. Made once and set to one moment after the other, without
/// allocation. For one thread.
public final class BrokenDownTime {

  private static final List<String> WEEKDAYS =
      List.of("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat");
  private static final List<String> MONTHS =
      List.of("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec");

  /// Farther from 1970 no year fits into an int.
  private static final long SECONDS_MAX = 1L << 57;

  private static final int TM_YEAR_BASE = 1900;

  private final TimeZoneRules rules;
  private LocalTimeType type = LocalTimeType.UTC;
  private int year;
  private int month;
  private int day;
  private int weekday;
  private int hour;
  private int minute;
  private int second;

  public BrokenDownTime(TimeZoneRules rules) {
    this.rules = rules;
    set(0);
  }

  /// @return whether there is such a time: false, and nothing is changed, when its year is beyond
  ///   what C's int holds
  public boolean set(long epochSecond) {
    if (epochSecond > SECONDS_MAX || epochSecond < -SECONDS_MAX) {
      return false;
    }
    LocalTimeType typeThen = rules.typeAt(epochSecond);
    long local = epochSecond + typeThen.offsetSeconds() - rules.leapSecondsAt(epochSecond);
    long epochDay = Math.floorDiv(local, Gregorian.SECONDS_PER_DAY);
    long yearThen = Gregorian.yearOf(epochDay);
    long tmYear = yearThen - TM_YEAR_BASE;
    if (tmYear != (int) tmYear) {
      return false;
    }
    type = typeThen;
    year = (int) yearThen;
    setDay(yearThen, epochDay);
    int secondOfDay = (int) (local - epochDay * Gregorian.SECONDS_PER_DAY);
    hour = secondOfDay / 3600;
    minute = secondOfDay / 60 % 60;
    second = secondOfDay % 60 + (rules.isLeapSecond(epochSecond) ? 1 : 0);
    return true;
  }

  private void setDay(long yearThen, long epochDay) {
    int dayOfYear = (int) (epochDay - Gregorian.firstDay(yearThen));
    month = dayOfYear / 31 + 1; // right, or one too small
    if (dayOfYear >= Gregorian.daysBefore(yearThen, month + 1)) {
      month++;
    }
    day = dayOfYear - Gregorian.daysBefore(yearThen, month) + 1;
    weekday = Gregorian.weekday(epochDay);
  }

  public int year() {
    return year;
  }

  /// 1 to 12
  public int month() {
    return month;
  }

  /// Of the month, from 1.
  public int day() {
    return day;
  }

  public int hour() {
    return hour;
  }

  public int minute() {
    return minute;
  }

  /// 60 in a leap second
  public int second() {
    return second;
  }

  /// Offset and abbreviation.
  public LocalTimeType type() {
    return type;
  }

  /// %Y-%m-%d %H:%M:%S
  public String dateAndTime() {
    return "%d-%02d-%02d %02d:%02d:%02d".formatted(year, month, day, hour, minute, second);
  }

  /// %c: `Tue Nov 24 10:00:00 2026`
  public String dateAndTimeOfLocale() {
    return "%s %s %2d %02d:%02d:%02d %d"
        .formatted(WEEKDAYS.get(weekday), MONTHS.get(month - 1), day, hour, minute, second, year);
  }
}
