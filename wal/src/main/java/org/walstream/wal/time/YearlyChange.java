package org.walstream.wal.time;

import java.time.Year;

/// A moment of every year at which clocks are set: half of a POSIX rule.
///
/// @param seconds of the day, by the clock that is right until then; may be negative or of another
///   day
record YearlyChange(Day day, int seconds) {

  /// What a rule is when nothing has been said of it.
  static final YearlyChange NEW_YEAR = new YearlyChange(new DayOfYear(0), 0);

  private static final int FIRST_YEAR = 1970;

  /// @param offsetSeconds of the clock that is right until then
  long epochSecond(long year, int offsetSeconds) {
    // The C library has no year before 1970 in here: all of them change when 1970 does.
    long day = year > FIRST_YEAR ? Gregorian.firstDay(year) : 0;
    return (day + this.day.in(year)) * Gregorian.SECONDS_PER_DAY - offsetSeconds + seconds;
  }

  /// A day, found anew in each year.
  sealed interface Day {

    /// Days since the year's first.
    int in(long year);
  }

  /// `n`: 0 to 365, February 29th counted.
  record DayOfYear(int number) implements Day {
    @Override
    public int in(long year) {
      return number;
    }
  }

  /// `Jn`: 1 to 365, February 29th never counted.
  record JulianDay(int number) implements Day {

    private static final int MARCH_1 = 60;

    @Override
    public int in(long year) {
      return number - 1 + (number >= MARCH_1 && Year.isLeap(year) ? 1 : 0);
    }
  }

  /// `Mm.w.d`: the w-th of the month's weekdays d, where the fifth is the last.
  record WeekdayOfMonth(int month, int week, int weekday) implements Day {
    @Override
    public int in(long year) {
      int before = Gregorian.daysBefore(year, month);
      int day = weekday - Gregorian.weekday(Gregorian.firstDay(year) + before);
      day = day < 0 ? day + 7 : day;
      int last = Gregorian.daysIn(year, month) - 1;
      for (int w = 1; w < week && day + 7 <= last; w++) {
        day += 7;
      }
      return before + day;
    }
  }
}
