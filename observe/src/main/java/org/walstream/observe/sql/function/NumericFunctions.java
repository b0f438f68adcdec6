package org.walstream.observe.sql.function;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.sql.SQLException;
import java.util.Locale;
import org.h2.value.Value;
import org.jspecify.annotations.Nullable;
import org.walstream.observe.sql.type.NumericScale;
import org.walstream.wire.SqlState;
import org.walstream.wire.server.ServerError;

/// Arithmetic of `numeric`, whose numbers know how many digits are behind their point: the engine's
/// own knows another rule for its types, and none at all for numbers of any length.
public final class NumericFunctions {

  /// More than status needs, and little enough for a node.
  private static final int DIGITS_MAX = 2000;

  private static final int FLOAT8_DIGITS = 15;
  private static final int FLOAT4_DIGITS = 6;

  private NumericFunctions() {}

  // Conversions

  /// What a cast to `numeric` gives.
  public static @Nullable BigDecimal numeric(Value value) throws SQLException {
    return switch (value.getValueType()) {
      case Value.NULL -> null;
      case Value.VARCHAR, Value.CHAR -> parse(value.getString());
      case Value.DOUBLE -> ofFloat(value.getDouble(), FLOAT8_DIGITS);
      case Value.REAL -> ofFloat(value.getFloat(), FLOAT4_DIGITS);
      default -> whole(value.getBigDecimal());
    };
  }

  /// `numeric(precision, scale)`
  public static @Nullable BigDecimal numeric(Value value, int precision, int scale)
      throws SQLException {
    BigDecimal number = numeric(value);
    if (number == null) {
      return null;
    }
    BigDecimal rounded = number.setScale(scale, RoundingMode.HALF_UP);
    if (rounded.signum() != 0 && rounded.precision() > precision) {
      throw new RefusedException(
          ServerError.error(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "numeric field overflow")
              .withDetail(
                  "A field with precision %d, scale %d must round to an absolute value less than 10^%d."
                      .formatted(precision, scale, precision - scale)));
    }
    return rounded;
  }

  private static BigDecimal parse(String text) throws SQLException {
    try {
      return limited(whole(new BigDecimal(text.strip())));
    } catch (NumberFormatException e) {
      throw new RefusedException(
          ServerError.error(
              SqlState.INVALID_TEXT_REPRESENTATION,
              "invalid input syntax for type numeric: \"%s\"".formatted(text)));
    }
  }

  private static BigDecimal ofFloat(double number, int digits) throws SQLException {
    if (Double.isNaN(number) || Double.isInfinite(number)) {
      throw unsupported(String.format(Locale.ROOT, "numeric of %s", number));
    }
    BigDecimal rounded = new BigDecimal(number).round(new MathContext(digits));
    return whole(rounded.stripTrailingZeros());
  }

  /// Never with zeros that are not written.
  private static BigDecimal whole(BigDecimal number) throws SQLException {
    if (number.scale() >= 0) {
      return number;
    }
    return limited(number).setScale(0, RoundingMode.UNNECESSARY);
  }

  private static BigDecimal limited(BigDecimal number) throws SQLException {
    long digits = Math.max(number.precision() - (long) number.scale(), number.scale());
    if (digits > DIGITS_MAX || number.precision() > DIGITS_MAX) {
      throw new RefusedException(
          ServerError.error(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "value overflows numeric format"));
    }
    return number;
  }

  private static RefusedException unsupported(String what) {
    return new RefusedException(
        ServerError.error(SqlState.FEATURE_NOT_SUPPORTED, "not supported by this node: " + what));
  }

  // Operators

  public static @Nullable BigDecimal add(@Nullable BigDecimal a, @Nullable BigDecimal b)
      throws SQLException {
    return a == null || b == null ? null : limited(a.add(b));
  }

  public static @Nullable BigDecimal subtract(@Nullable BigDecimal a, @Nullable BigDecimal b)
      throws SQLException {
    return a == null || b == null ? null : limited(a.subtract(b));
  }

  public static @Nullable BigDecimal multiply(@Nullable BigDecimal a, @Nullable BigDecimal b)
      throws SQLException {
    return a == null || b == null ? null : limited(a.multiply(b));
  }

  public static @Nullable BigDecimal divide(@Nullable BigDecimal a, @Nullable BigDecimal b)
      throws SQLException {
    return a == null || b == null ? null : NumericScale.divide(whole(a), whole(notZero(b)));
  }

  /// The whole of a quotient: `div(9, 4)`.
  public static @Nullable BigDecimal quotient(@Nullable BigDecimal a, @Nullable BigDecimal b)
      throws SQLException {
    return a == null || b == null ? null : a.divide(notZero(b), 0, RoundingMode.DOWN);
  }

  public static @Nullable BigDecimal remainder(@Nullable BigDecimal a, @Nullable BigDecimal b)
      throws SQLException {
    if (a == null || b == null) {
      return null;
    }
    return a.remainder(notZero(b)).setScale(Math.max(a.scale(), b.scale()), RoundingMode.HALF_UP);
  }

  private static BigDecimal notZero(BigDecimal divisor) throws SQLException {
    if (divisor.signum() == 0) {
      throw new RefusedException(ServerError.error(SqlState.DIVISION_BY_ZERO, "division by zero"));
    }
    return divisor;
  }

  // Functions

  public static @Nullable BigDecimal round(@Nullable BigDecimal number) {
    return round(number, 0);
  }

  public static @Nullable BigDecimal round(@Nullable BigDecimal number, @Nullable Integer scale) {
    return scaled(number, scale, RoundingMode.HALF_UP);
  }

  public static @Nullable BigDecimal truncate(@Nullable BigDecimal number) {
    return truncate(number, 0);
  }

  public static @Nullable BigDecimal truncate(
      @Nullable BigDecimal number, @Nullable Integer scale) {
    return scaled(number, scale, RoundingMode.DOWN);
  }

  public static @Nullable BigDecimal ceiling(@Nullable BigDecimal number) {
    return scaled(number, 0, RoundingMode.CEILING);
  }

  public static @Nullable BigDecimal floor(@Nullable BigDecimal number) {
    return scaled(number, 0, RoundingMode.FLOOR);
  }

  private static @Nullable BigDecimal scaled(
      @Nullable BigDecimal number, @Nullable Integer scale, RoundingMode mode) {
    if (number == null || scale == null) {
      return null;
    }
    int wanted = Math.clamp(scale, -DIGITS_MAX, DIGITS_MAX);
    return number.setScale(wanted, mode).setScale(Math.max(0, wanted), RoundingMode.UNNECESSARY);
  }

  public static @Nullable BigDecimal absolute(@Nullable BigDecimal number) {
    return number == null ? null : number.abs();
  }

  public static @Nullable BigDecimal sign(@Nullable BigDecimal number) {
    return number == null ? null : BigDecimal.valueOf(number.signum());
  }

  public static @Nullable BigDecimal squareRoot(@Nullable BigDecimal number) throws SQLException {
    if (number == null) {
      return null;
    }
    if (number.signum() < 0) {
      throw new RefusedException(
          ServerError.error("2201F", "cannot take square root of a negative number"));
    }
    return NumericScale.sqrt(number);
  }

  public static @Nullable BigDecimal power(@Nullable BigDecimal base, @Nullable BigDecimal exponent)
      throws SQLException {
    if (base == null || exponent == null) {
      return null;
    }
    if (exponent.stripTrailingZeros().scale() > 0) {
      throw unsupported("numeric to a power that is no whole number");
    }
    if (exponent.abs().compareTo(BigDecimal.valueOf(DIGITS_MAX)) > 0) {
      throw unsupported("a power this high");
    }
    if (base.signum() == 0 && exponent.signum() < 0) {
      throw new RefusedException(
          ServerError.error("2201F", "zero raised to a negative power is undefined"));
    }
    return limited(NumericScale.power(base, exponent.intValueExact()));
  }

  /// Of `float8`: to the nearest, of two equally near to the even one.
  public static @Nullable Double roundFloat(@Nullable Double number) {
    return number == null ? null : Math.rint(number);
  }

  public static @Nullable Double truncateFloat(@Nullable Double number) {
    return number == null ? null : number < 0 ? Math.ceil(number) : Math.floor(number);
  }

  public static @Nullable Double signOfFloat(@Nullable Double number) {
    return number == null ? null : Math.signum(number);
  }
}
