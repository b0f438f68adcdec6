package org.walstream.cli.line;

import org.jspecify.annotations.Nullable;

/// An option as it stands on the command line.
///
/// @param text its value, null when it was given without one
public record Given(Option option, @Nullable String text) {

  public String name() {
    return option.name();
  }

  /// Its value; empty when it was given without one.
  public String value() {
    return text == null ? "" : text;
  }

  /// Its value as a whole number. Counterpart of option_parse_int(), src/fe_utils/option_utils.c.
  ///
  /// @throws UsageException in PostgreSQL's words
  public int integer(int min, int max) {
    String digits = value().strip();
    if (!isInteger(digits)) {
      throw new UsageException(
          "invalid value \"%s\" for option %s".formatted(value(), option.inMessages()));
    }
    try {
      int number = Integer.parseInt(digits);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      // More digits than an int holds: out of range like any other.
    }
    throw new UsageException("%s must be in range %d..%d".formatted(option.inMessages(), min, max));
  }

  private static boolean isInteger(String text) {
    int sign = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
    return text.length() > sign
        && text.substring(sign).chars().allMatch(digit -> digit >= '0' && digit <= '9');
  }
}
