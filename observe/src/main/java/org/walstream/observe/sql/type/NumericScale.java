package org.walstream.observe.sql.type;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/// How many digits PostgreSQL keeps behind the point of a `numeric`: those that were written, and
/// where there is no end of them, so many that 16 digits count.
///
/// PostgreSQL's numbers are made of digits to the base 10000, and so are its rules: how many digits
/// count is told by how many of those there are.
///
/// ```
/// 1 / 3.0     0.33333333333333333333     20: it begins with 0, which is no digit that counts
/// 7 / 2.0     3.5000000000000000         16
/// 70000 / 2.0 35000.000000000000         12: the first digit to the base 10000 is there for nothing
/// ```
///
/// Source: the results of a server, and what `src/backend/utils/adt/numeric.c` calls
/// NUMERIC_MIN_SIG_DIGITS and NUMERIC_MAX_DISPLAY_SCALE. Immutable.
public final class NumericScale {

  private static final int SIGNIFICANT_MIN = 16;
  private static final int SCALE_MAX = 1000;
  private static final int GROUP = 4;

  private NumericScale() {}

  /// @param divisor not 0
  public static BigDecimal divide(BigDecimal dividend, BigDecimal divisor) {
    int weight = weight(dividend) - weight(divisor);
    if (firstGroup(dividend) <= firstGroup(divisor)) {
      weight--;
    }
    int scale =
        limited(SIGNIFICANT_MIN - weight * GROUP, Math.max(dividend.scale(), divisor.scale()));
    return dividend.divide(divisor, scale, RoundingMode.HALF_UP);
  }

  /// @param number not below 0
  public static BigDecimal sqrt(BigDecimal number) {
    int weight = weight(number);
    int digits = weight >= 0 ? (weight + 1) * GROUP / 2 - 1 : 1 - (1 - weight) * GROUP / 2;
    int scale = limited(SIGNIFICANT_MIN - digits, number.scale());
    int precision = Math.max(1, digits + scale + 2 * GROUP);
    return number.sqrt(new MathContext(precision)).setScale(scale, RoundingMode.HALF_UP);
  }

  /// @param base not 0 if the exponent is below it
  public static BigDecimal power(BigDecimal base, int exponent) {
    double digits = exponent * Math.log10(Math.abs(base.doubleValue()));
    int scale = limited(SIGNIFICANT_MIN - (base.signum() == 0 ? 0 : (int) digits), base.scale());
    int precision = (int) Math.max(0, digits) + scale + 2 * GROUP;
    BigDecimal power = base.pow(Math.abs(exponent), new MathContext(precision + 2 * GROUP));
    return exponent < 0
        ? BigDecimal.ONE.divide(power, scale, RoundingMode.HALF_UP)
        : power.setScale(scale, RoundingMode.HALF_UP);
  }

  private static int limited(int scale, int least) {
    return Math.clamp(scale, Math.clamp(least, 0, SCALE_MAX), SCALE_MAX);
  }

  /// The place of the first digit to the base 10000: 0 for those that are whole numbers.
  private static int weight(BigDecimal number) {
    return number.signum() == 0 ? 0 : Math.floorDiv(number.precision() - number.scale() - 1, GROUP);
  }

  private static int firstGroup(BigDecimal number) {
    if (number.signum() == 0) {
      return 0;
    }
    return number
        .abs()
        .movePointLeft(weight(number) * GROUP)
        .setScale(0, RoundingMode.DOWN)
        .intValue();
  }
}
