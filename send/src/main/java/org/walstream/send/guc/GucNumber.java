package org.walstream.send.guc;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads numbers as PostgreSQL's settings do: what C's strtol makes of the text (`0x10` is 16,
/// `010` is 8), or strtod when it goes on with a fraction or an exponent (`100.7`, `1e3`); then
/// perhaps a unit. A whole number is what rounding to even leaves.
///
/// Counterpart of parse_int() and parse_real(), src/backend/utils/misc/guc.c.
public final class GucNumber {

  /// The blanks of C's isspace().
  private static final String SPACE = "[ \\t\\n\\u000b\\f\\r]";

  private static final Pattern INTEGER =
      Pattern.compile(SPACE + "*([+-]?)(?:0[xX]([0-9a-fA-F]+)|0([0-7]*)|([1-9][0-9]*))");
  private static final Pattern REAL =
      Pattern.compile(
          SPACE
              + "*([+-]?(?:0[xX](?:[0-9a-fA-F]+\\.?[0-9a-fA-F]*|\\.[0-9a-fA-F]+)(?:[pP][+-]?[0-9]+)?"
              + "|(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?))");

  /// A unit's name is never longer than three characters.
  private static final Pattern UNIT =
      Pattern.compile(SPACE + "*([^ \\t\\n\\u000b\\f\\r]{0,3})" + SPACE + "*");

  private static final int LONG_DIGITS = 18; // of which a long holds any

  private GucNumber() {}

  /// Reads the value of a parameter that is a whole number between `least` and `most`.
  public static long parse(String parameter, String text, GucUnit unit, long least, long most)
      throws GucException {
    double value = Math.rint(number(parameter, text, unit, true));
    if (value > Integer.MAX_VALUE || value < Integer.MIN_VALUE) {
      throw GucException.invalidValue(parameter, text, "Value exceeds integer range.");
    }
    if (value < least || value > most) {
      throw outside(
          parameter, unit, Long.toString((long) value), Long.toString(least), Long.toString(most));
    }
    return (long) value;
  }

  /// Reads the value of a parameter that may have a fraction.
  static double parseReal(String parameter, String text, GucUnit unit, double least, double most)
      throws GucException {
    double value = number(parameter, text, unit, false);
    if (value < least || value > most) {
      throw outside(parameter, unit, text(value), text(least), text(most));
    }
    return value;
  }

  private static double number(String parameter, String text, GucUnit unit, boolean whole)
      throws GucException {
    Matcher integer = INTEGER.matcher(text);
    boolean isInteger = whole && integer.lookingAt();
    Matcher matcher = integer;
    double value = 0;
    if (isInteger && !goesOn(text, integer)) {
      value = integer(integer);
    } else {
      matcher = REAL.matcher(text);
      if (!matcher.lookingAt() || (whole && !isInteger && !text.contains("."))) {
        throw GucException.invalidValue(parameter, text, "");
      }
      value = real(matcher.group(1));
    }
    if (Double.isInfinite(value)) {
      throw GucException.invalidValue(parameter, text, "");
    }
    Matcher suffix = UNIT.matcher(text).region(matcher.end(), text.length());
    boolean fits = suffix.matches();
    if (fits && suffix.group(1).isEmpty()) {
      return value;
    } else if (unit == GucUnit.NONE) {
      throw GucException.invalidValue(parameter, text, "");
    }
    Optional<Double> converted = fits ? unit.convert(value, suffix.group(1)) : Optional.empty();
    return converted.orElseThrow(() -> GucException.invalidValue(parameter, text, unit.hint()));
  }

  /// Whether what strtol has read is only the beginning of a number, or too long for it.
  private static boolean goesOn(String text, Matcher integer) {
    char next = integer.end() < text.length() ? text.charAt(integer.end()) : ' ';
    return next == '.'
        || next == 'e'
        || next == 'E'
        || integer.end() - integer.start() > LONG_DIGITS;
  }

  private static double integer(Matcher matcher) {
    long magnitude;
    if (matcher.group(2) != null) {
      magnitude = Long.parseLong(matcher.group(2), 16);
    } else if (matcher.group(3) != null) {
      magnitude = matcher.group(3).isEmpty() ? 0 : Long.parseLong(matcher.group(3), 8);
    } else {
      magnitude = Long.parseLong(matcher.group(4));
    }
    return matcher.group(1).equals("-") ? -magnitude : magnitude;
  }

  private static double real(String text) {
    boolean hexadecimal = text.contains("x") || text.contains("X");
    boolean exponent = text.contains("p") || text.contains("P");
    return Double.parseDouble(hexadecimal && !exponent ? text + "p0" : text);
  }

  private static GucException outside(
      String parameter, GucUnit unit, String value, String least, String most) {
    String suffix = unit == GucUnit.NONE ? "" : " " + unit.text();
    return GucException.invalidValue(
        "%s is outside the valid range for parameter \"%s\" (%s .. %s)"
            .formatted(value + suffix, parameter, least + suffix, most + suffix),
        "");
  }

  /// As C's `%g` prints it.
  static String text(double value) {
    if (value == 0) {
      return "0";
    }
    var rounded = new BigDecimal(value).round(new MathContext(6)).stripTrailingZeros();
    int exponent = rounded.precision() - rounded.scale() - 1;
    if (exponent >= -4 && exponent < 6) {
      return rounded.toPlainString();
    }
    String digits = rounded.unscaledValue().abs().toString();
    String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
    return "%s%s%se%s%02d"
        .formatted(
            value < 0 ? "-" : "",
            digits.charAt(0),
            fraction,
            exponent < 0 ? "-" : "+",
            Math.abs(exponent));
  }
}
