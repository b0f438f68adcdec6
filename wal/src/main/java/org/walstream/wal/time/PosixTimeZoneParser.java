package org.walstream.wal.time;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.walstream.wal.time.YearlyChange.Day;
import org.walstream.wal.time.YearlyChange.DayOfYear;
import org.walstream.wal.time.YearlyChange.JulianDay;
import org.walstream.wal.time.YearlyChange.WeekdayOfMonth;

/// Reads a POSIX rule the way glibc does, which is lenient: numbers may have blanks and a sign
/// before them, are cut to 16 bits and then to what is possible, and where the text stops making
/// sense what has been read stays.
///
/// ```
///   std offset [ dst [offset] [ ,start[/time] ,end[/time] ] ]
///    │    │                        │       └ [-]hh[:mm[:ss]]; 02:00:00 when left out
///    │    │                        └ Jn, n or Mm.w.d
///    │    └ [+-]hh[:mm[:ss]], positive to the west
///    └ three letters or more, or <letters, digits, + and ->
/// ```
final class PosixTimeZoneParser {

  private static final int NONE = -1;
  private static final int HOUR = 3600;
  private static final int DEFAULT_TIME = 2 * HOUR;
  private static final int NAME_LENGTH_MIN = 3;
  private static final int LAST_DAY = 365;

  /// The rules of the United States since 2007 hold where none are given.
  private static final Day DEFAULT_START = new WeekdayOfMonth(3, 2, 0);

  private static final Day DEFAULT_END = new WeekdayOfMonth(11, 1, 0);

  private final String text;
  private int at;

  /// What [#change] has read, also where it then failed.
  private Day day = YearlyChange.NEW_YEAR.day();

  private int seconds;

  PosixTimeZoneParser(String text) {
    int end = text.indexOf('\0');
    this.text = end < 0 ? text : text.substring(0, end);
  }

  PosixTimeZone parse() {
    String name = name();
    if (name == null) {
      return PosixTimeZone.fixed(LocalTimeType.UNNAMED);
    }
    LocalTimeType standard = standard(name);
    if (standard == null) {
      return PosixTimeZone.fixed(new LocalTimeType(0, false, name));
    }
    return isAtEnd() ? PosixTimeZone.fixed(standard) : withDaylight(standard);
  }

  /// Whether it has daylight saving time but does not say when. Then a file may.
  boolean leavesChangesOpen() {
    String name = name();
    if (name == null || standard(name) == null || name() == null) {
      return false;
    }
    offset();
    accept(',');
    return isAtEnd();
  }

  private @Nullable LocalTimeType standard(String name) {
    if (peek() != '+' && peek() != '-' && !isDigit(peek())) {
      return null;
    }
    int offset = offset();
    return offset == Integer.MIN_VALUE ? null : new LocalTimeType(offset, false, name);
  }

  private PosixTimeZone withDaylight(LocalTimeType standard) {
    String name = name();
    LocalTimeType daylight = new LocalTimeType(0, true, "");
    if (name != null) {
      int offset = offset();
      daylight =
          new LocalTimeType(
              offset == Integer.MIN_VALUE ? standard.offsetSeconds() + HOUR : offset, true, name);
    }
    boolean more = change(DEFAULT_START);
    YearlyChange start = new YearlyChange(day, seconds);
    day = YearlyChange.NEW_YEAR.day();
    seconds = 0;
    if (more) {
      change(DEFAULT_END);
    }
    return new PosixTimeZone(standard, daylight, start, new YearlyChange(day, seconds));
  }

  private @Nullable String name() {
    int end = at;
    while (isLetter(charAt(end))) {
      end++;
    }
    if (end - at >= NAME_LENGTH_MIN) {
      String name = text.substring(at, end);
      at = end;
      return name;
    }
    return peek() == '<' ? quotedName() : null;
  }

  private @Nullable String quotedName() {
    int start = at + 1;
    int end = start;
    while (isLetter(charAt(end))
        || isDigit(charAt(end))
        || charAt(end) == '+'
        || charAt(end) == '-') {
      end++;
    }
    if (charAt(end) != '>' || end - start < NAME_LENGTH_MIN) {
      return null;
    }
    at = end + 1;
    return text.substring(start, end);
  }

  /// Seconds to the east, or MIN_VALUE where there is no number; a sign is taken even so.
  private int offset() {
    int sign = accept('-') ? 1 : -1;
    if (sign < 0) {
      accept('+');
    }
    int[] clock = clock();
    if (clock.length == 0) {
      return Integer.MIN_VALUE;
    }
    int hours = Math.min(clock[0], 24);
    int minutes = clock.length < 2 ? 0 : Math.min(clock[1], 59);
    int secondsOfMinute = clock.length < 3 ? 0 : Math.min(clock[2], 59);
    return sign * (hours * HOUR + minutes * 60 + secondsOfMinute);
  }

  /// Reads `,date[/time]` into [#day] and [#seconds].
  private boolean change(Day ifNone) {
    accept(','); // early POSIX had none
    boolean isDay =
        switch (peek()) {
          case 'M' -> weekdayOfMonth();
          case 'J' -> julianDay();
          case '\0' -> {
            day = ifNone;
            yield true;
          }
          default -> isDigit(peek()) && dayOfYear();
        };
    boolean isWhole = isAtEnd() || peek() == '/' || peek() == ',';
    if (!isDay || !isWhole) {
      return false;
    }
    return accept('/') ? time() : atDefaultTime();
  }

  private boolean atDefaultTime() {
    seconds = DEFAULT_TIME;
    return true;
  }

  private boolean time() {
    if (isAtEnd()) {
      return false;
    }
    int sign = accept('-') ? -1 : 1;
    int[] clock = clock();
    int total = clock.length == 0 ? DEFAULT_TIME : clock[0] * HOUR;
    total += clock.length < 2 ? 0 : clock[1] * 60;
    total += clock.length < 3 ? 0 : clock[2];
    seconds = sign * total;
    return true;
  }

  private boolean julianDay() {
    at++;
    day = new JulianDay(0);
    int number = isDigit(peek()) ? dayNumber() : NONE;
    if (number <= 0) {
      return false;
    }
    day = new JulianDay(number);
    return true;
  }

  private boolean dayOfYear() {
    int number = dayNumber();
    if (number == NONE) {
      return false;
    }
    day = new DayOfYear(number);
    return true;
  }

  private int dayNumber() {
    long number = 0;
    while (isDigit(peek())) {
      number = Math.min(10 * number + peek() - '0', LAST_DAY + 1L);
      at++;
    }
    return number > LAST_DAY ? NONE : (int) number;
  }

  private boolean weekdayOfMonth() {
    at++;
    int[] parts = new int[3]; // month, week, weekday
    int count = numbers(parts, '.');
    if (parts[0] < 1 || parts[0] > 12) {
      return false;
    }
    day = new WeekdayOfMonth(parts[0], parts[1], parts[2]);
    return count == 3 && parts[1] >= 1 && parts[1] <= 5 && parts[2] <= 6;
  }

  /// `hh[:mm[:ss]]`: as many numbers as there are.
  private int[] clock() {
    int[] parts = new int[3];
    return Arrays.copyOf(parts, numbers(parts, ':'));
  }

  /// Reads up to as many numbers as `into` holds; stands behind the last one then.
  private int numbers(int[] into, char separator) {
    int count = 0;
    int end = at;
    while (count < into.length) {
      int number = number();
      if (number == NONE) {
        break;
      }
      into[count++] = number;
      end = at;
      if (!accept(separator)) {
        break;
      }
    }
    at = end;
    return count;
  }

  /// scanf's %hu: blanks, a sign, digits; of the number its low 16 bits.
  private int number() {
    while (isBlank(peek())) {
      at++;
    }
    boolean negative = accept('-');
    if (!negative) {
      accept('+');
    }
    if (!isDigit(peek())) {
      return NONE;
    }
    long number = 0;
    boolean overflow = false;
    while (isDigit(peek())) {
      int digit = peek() - '0';
      overflow |= Long.compareUnsigned(number, Long.divideUnsigned(-1L - digit, 10)) > 0;
      number = 10 * number + digit;
      at++;
    }
    return (int) (overflow ? -1L : negative ? -number : number) & 0xFFFF;
  }

  private boolean accept(char c) {
    if (isAtEnd() || peek() != c) {
      return false;
    }
    at++;
    return true;
  }

  private boolean isAtEnd() {
    return at >= text.length();
  }

  private char peek() {
    return charAt(at);
  }

  /// Of a C string: NUL after the last.
  private char charAt(int index) {
    return index < text.length() ? text.charAt(index) : '\0';
  }

  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isBlank(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
  }
}
