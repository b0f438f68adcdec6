package org.walstream.wal.rmgrdesc;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/// C's `%g`: six significant digits, without zeros at the end; with an exponent when that is
/// shorter.
final class GeneralFormat {

  private static final MathContext DIGITS = new MathContext(6, RoundingMode.HALF_EVEN);

  private GeneralFormat() {}

  static String format(double value) {
    if (Double.isNaN(value)) {
      return "NaN";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "Infinity" : "-Infinity";
    }
    if (value == 0) {
      return Double.compare(value, 0) < 0 ? "-0" : "0";
    }
    BigDecimal rounded = new BigDecimal(value).round(DIGITS).stripTrailingZeros();
    int exponent = rounded.precision() - rounded.scale() - 1;
    if (exponent >= -4 && exponent < DIGITS.getPrecision()) {
      return rounded.toPlainString();
    }
    String digits = rounded.unscaledValue().abs().toString();
    return (value < 0 ? "-" : "")
        + digits.charAt(0)
        + (digits.length() > 1 ? "." + digits.substring(1) : "")
        + (exponent < 0 ? "e-" : "e+")
        + (Math.abs(exponent) < 10 ? "0" : "")
        + Math.abs(exponent);
  }
}
