package org.walstream.wal.time;

import java.time.Year;

/// The calendar as arithmetic, without an object for each date. Days are counted from 1970-01-01.
final class Gregorian {

  static final int SECONDS_PER_DAY = 86_400;

  private static final int DAYS_PER_400_YEARS = 146_097;
  private static final long DAYS_TO_1970 = 719_528; // since year 0
  private static final int[] BEFORE_MONTH = {
    0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365
  };

  private Gregorian() {}

  static long firstDay(long year) {
    long before = year - 1;
    long leapYears =
        Math.floorDiv(before, 4) - Math.floorDiv(before, 100) + Math.floorDiv(before, 400);
    return 365 * year + leapYears + 1 - DAYS_TO_1970;
  }

  static long yearOf(long day) {
    long year = Math.floorDiv(400 * (day + DAYS_TO_1970), DAYS_PER_400_YEARS);
    while (firstDay(year) > day) {
      year--;
    }
    while (firstDay(year + 1) <= day) {
      year++;
    }
    return year;
  }

  /// The days of a year that are before its month, 1 to 13.
  static int daysBefore(long year, int month) {
    return BEFORE_MONTH[month - 1] + (month > 2 && Year.isLeap(year) ? 1 : 0);
  }

  static int daysIn(long year, int month) {
    return daysBefore(year, month + 1) - daysBefore(year, month);
  }

  /// 0 is Sunday.
  static int weekday(long day) {
    return Math.floorMod(day + 4, 7);
  }
}
