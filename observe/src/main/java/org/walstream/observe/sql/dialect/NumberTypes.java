package org.walstream.observe.sql.dialect;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.walstream.send.SqlType;

/// Numbers of several types: which one they become together.
final class NumberTypes {

  /// Each can be made one of those behind it without asking.
  private static final List<SqlType> BY_RANK =
      List.of(
          SqlType.INT2,
          SqlType.INT4,
          SqlType.INT8,
          SqlType.NUMERIC,
          SqlType.FLOAT4,
          SqlType.FLOAT8);

  private NumberTypes() {}

  static boolean isNumber(SqlType type) {
    return BY_RANK.contains(type);
  }

  static boolean isInteger(SqlType type) {
    return type == SqlType.INT2 || type == SqlType.INT4 || type == SqlType.INT8;
  }

  static boolean isFloat(SqlType type) {
    return type == SqlType.FLOAT4 || type == SqlType.FLOAT8;
  }

  /// The type that both are converted to; empty unless both are numbers. `float4` is left to those
  /// of its own type.
  static Optional<SqlType> common(SqlType a, SqlType b) {
    if (!isNumber(a) || !isNumber(b)) {
      return Optional.empty();
    }
    SqlType higher = BY_RANK.get(Math.max(BY_RANK.indexOf(a), BY_RANK.indexOf(b)));
    return Optional.of(higher == SqlType.FLOAT4 && a != b ? SqlType.FLOAT8 : higher);
  }

  private static Supplier<Optional<SqlType>> allOf(Optional<SqlType> all) {
    return () -> all;
  }

  /// The type of several expressions of which one is the result: theirs, if they have one.
  static Optional<SqlType> union(List<Optional<SqlType>> types) {
    Optional<SqlType> all = Optional.empty();
    for (Optional<SqlType> each : types) {
      if (all.isEmpty() || all.get() == SqlType.TEXT) {
        all = each.or(allOf(all)); // a text in quotes is whatever the others are
      } else if (each.isPresent() && each.get() != SqlType.TEXT) {
        all = common(all.get(), each.get()).or(allOf(all));
      }
    }
    return all;
  }
}
