package org.walstream.observe.sql.function;

import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.TextStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.time.temporal.JulianFields;
import java.util.List;
import java.util.Locale;

/// What `to_char` makes of a time by a template: PostgreSQL's patterns, which are not the engine's.
///
/// ```
/// YYYY-MM-DD HH24:MI:SS TZ        FMDay, DDth "of" FMMonth
/// ```
///
/// Counterpart of DCH_to_char(), src/backend/utils/adt/formatting.c.
final class TimeTemplate {

  /// Where one begins another, the longer stands first.
  private static final List<String> PATTERNS =
      List.of(
          "A.D.", "A.M.", "B.C.", "P.M.", "AD", "AM", "BC", "PM", "CC", "DAY", "DDD", "DD", "DY",
          "D", "FF1", "FF2", "FF3", "FF4", "FF5", "FF6", "HH24", "HH12", "HH", "IDDD", "ID", "IW",
          "IYYY", "IYY", "IY", "I", "J", "MI", "MM", "MONTH", "MON", "MS", "OF", "Q", "RM", "SSSSS",
          "SSSS", "SS", "TZH", "TZM", "TZ", "US", "WW", "W", "Y,YYY", "YYYY", "YYY", "YY", "Y");

  private static final List<String> ROMAN =
      List.of("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII");

  private static final DateTimeFormatter ABBREVIATION =
      DateTimeFormatter.ofPattern("zzz", Locale.US);

  private final String template;
  private final ZonedDateTime time;
  private final boolean hasZone;
  private final StringBuilder text = new StringBuilder();
  private int at;

  private TimeTemplate(String template, ZonedDateTime time, boolean hasZone) {
    this.template = template;
    this.time = time;
    this.hasZone = hasZone;
  }

  /// @param hasZone whether the time is a moment, and not what a clock somewhere shows
  static String fill(String template, ZonedDateTime time, boolean hasZone) {
    return new TimeTemplate(template, time, hasZone).fill();
  }

  private String fill() {
    while (at < template.length()) {
      boolean unpadded = takePrefix();
      String pattern = pattern();
      if (pattern.isEmpty()) {
        copy();
      } else {
        String written = template.substring(at, at + pattern.length());
        at += pattern.length();
        String value = value(pattern, written, unpadded);
        text.append(value).append(ordinal(value));
      }
    }
    return text.toString();
  }

  /// `FM`: nothing is padded; `FX` and `TM` mean nothing here.
  private boolean takePrefix() {
    boolean unpadded = false;
    while (template.regionMatches(true, at, "FM", 0, 2)
        || template.regionMatches(true, at, "FX", 0, 2)
        || template.regionMatches(true, at, "TM", 0, 2)) {
      unpadded |= template.regionMatches(true, at, "FM", 0, 2);
      at += 2;
    }
    return unpadded;
  }

  private String pattern() {
    return PATTERNS.stream()
        .filter(each -> template.regionMatches(true, at, each, 0, each.length()))
        .findFirst()
        .orElse("");
  }

  /// A text in quotes, or a character that is none of ours.
  private void copy() {
    if (at >= template.length()) {
      return;
    }
    char c = template.charAt(at++);
    if (c == '"') {
      while (at < template.length() && template.charAt(at) != '"') {
        if (template.charAt(at) == '\\' && at + 1 < template.length()) {
          at++;
        }
        text.append(template.charAt(at++));
      }
      at++;
    } else if (c == '\\' && at < template.length() && template.charAt(at) == '"') {
      text.append(template.charAt(at++));
    } else {
      text.append(c);
    }
  }

  /// `DDth`
  private String ordinal(String value) {
    boolean lower = template.startsWith("th", at);
    if ((!lower && !template.startsWith("TH", at)) || !value.endsWith(digits(value))) {
      return "";
    }
    String digits = digits(value);
    if (digits.isEmpty()) {
      return "";
    }
    at += 2;
    boolean teen = digits.length() > 1 && digits.charAt(digits.length() - 2) == '1';
    String ending =
        switch (digits.charAt(digits.length() - 1)) {
          case '1' -> teen ? "th" : "st";
          case '2' -> teen ? "th" : "nd";
          case '3' -> teen ? "th" : "rd";
          default -> "th";
        };
    return lower ? ending : ending.toUpperCase(Locale.ROOT);
  }

  private static String digits(String value) {
    return value.replaceFirst(".*?([0-9]*)$", "$1");
  }

  private String value(String pattern, String written, boolean unpadded) {
    int year = time.getYear() > 0 ? time.getYear() : 1 - time.getYear();
    int isoYear = time.get(IsoFields.WEEK_BASED_YEAR);
    int hour12 = time.getHour() % 12 == 0 ? 12 : time.getHour() % 12;
    int nanos = time.getNano();
    return switch (pattern) {
      case "A.M.", "P.M." -> cased(time.getHour() < 12 ? "A.M." : "P.M.", written);
      case "AM", "PM" -> cased(time.getHour() < 12 ? "AM" : "PM", written);
      case "A.D.", "B.C." -> cased(time.getYear() > 0 ? "A.D." : "B.C.", written);
      case "AD", "BC" -> cased(time.getYear() > 0 ? "AD" : "BC", written);
      case "HH", "HH12" -> number(hour12, 2, unpadded);
      case "HH24" -> number(time.getHour(), 2, unpadded);
      case "MI" -> number(time.getMinute(), 2, unpadded);
      case "SS" -> number(time.getSecond(), 2, unpadded);
      case "SSSS", "SSSSS" -> Integer.toString(time.get(ChronoField.SECOND_OF_DAY));
      case "MS" -> number(nanos / 1_000_000, 3, false);
      case "US" -> number(nanos / 1000, 6, false);
      case "FF1", "FF2", "FF3", "FF4", "FF5", "FF6" ->
          number(nanos / 1000, 6, false).substring(0, pattern.charAt(2) - '0');
      case "DAY" -> word(weekday(), written, unpadded);
      case "DY" -> word(weekday().substring(0, 3), written, true);
      case "MONTH" -> word(month(), written, unpadded);
      case "MON" -> word(month().substring(0, 3), written, true);
      case "MM" -> number(time.getMonthValue(), 2, unpadded);
      case "DDD" -> number(time.getDayOfYear(), 3, unpadded);
      case "IDDD" ->
          number(
              (time.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR) - 1) * 7
                  + time.getDayOfWeek().getValue(),
              3,
              unpadded);
      case "DD" -> number(time.getDayOfMonth(), 2, unpadded);
      case "D" -> Integer.toString(time.getDayOfWeek().getValue() % 7 + 1);
      case "ID" -> Integer.toString(time.getDayOfWeek().getValue());
      case "WW" -> number((time.getDayOfYear() - 1) / 7 + 1, 2, unpadded);
      case "IW" -> number(time.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR), 2, unpadded);
      case "W" -> Integer.toString((time.getDayOfMonth() - 1) / 7 + 1);
      case "Q" -> Integer.toString(time.get(IsoFields.QUARTER_OF_YEAR));
      case "CC" -> number((year + 99) / 100, 2, unpadded);
      case "Y,YYY" -> "%d,%03d".formatted(year / 1000, year % 1000);
      case "YYYY" -> number(year, 4, unpadded);
      case "YYY" -> number(year % 1000, 3, unpadded);
      case "YY" -> number(year % 100, 2, unpadded);
      case "Y" -> Integer.toString(year % 10);
      case "IYYY" -> number(isoYear, 4, unpadded);
      case "IYY" -> number(isoYear % 1000, 3, unpadded);
      case "IY" -> number(isoYear % 100, 2, unpadded);
      case "I" -> Integer.toString(isoYear % 10);
      case "RM" -> {
        String roman = cased(ROMAN.get(time.getMonthValue() - 1), written);
        yield unpadded ? roman : "%-4s".formatted(roman);
      }
      case "J" -> Long.toString(time.getLong(JulianFields.JULIAN_DAY));
      default -> zone(pattern, written);
    };
  }

  private String weekday() {
    return time.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.US);
  }

  private String month() {
    return time.getMonth().getDisplayName(TextStyle.FULL, Locale.US);
  }

  private String zone(String pattern, String written) {
    if (!hasZone) {
      return switch (pattern) {
        case "TZ" -> "";
        case "TZM" -> "00";
        default -> "+00";
      };
    }
    int minutes = time.getOffset().getTotalSeconds() / 60;
    String hours = (minutes < 0 ? "-" : "+") + number(Math.abs(minutes) / 60, 2, false);
    String rest = number(Math.abs(minutes) % 60, 2, false);
    return switch (pattern) {
      case "TZ" -> cased(abbreviation(), written);
      case "TZH" -> hours;
      case "TZM" -> rest;
      default -> rest.equals("00") ? hours : hours + ":" + rest;
    };
  }

  private String abbreviation() {
    return time.getOffset().equals(ZoneOffset.UTC)
            && time.getZone().getId().matches("Z|Etc/UTC|UTC")
        ? "UTC"
        : ABBREVIATION.format(time);
  }

  private static String number(int value, int width, boolean unpadded) {
    String digits = Integer.toString(value);
    return unpadded ? digits : "0".repeat(Math.max(0, width - digits.length())) + digits;
  }

  /// As the pattern is written: `MONTH`, `Month`, `month`.
  private static String word(String word, String written, boolean unpadded) {
    String cased =
        Character.isLowerCase(written.charAt(0))
            ? word.toLowerCase(Locale.ROOT)
            : Character.isLowerCase(written.charAt(1)) ? word : word.toUpperCase(Locale.ROOT);
    return unpadded ? cased : "%-9s".formatted(cased);
  }

  private static String cased(String text, String written) {
    return Character.isLowerCase(written.charAt(0)) ? text.toLowerCase(Locale.ROOT) : text;
  }
}
