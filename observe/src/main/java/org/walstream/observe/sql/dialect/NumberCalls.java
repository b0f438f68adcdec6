package org.walstream.observe.sql.dialect;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.sf.jsqlparser.expression.AnalyticExpression;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.Function;
import org.walstream.observe.sql.function.Functions.Internal;
import org.walstream.send.SqlType;

/// Functions of numbers, of which PostgreSQL has one for `numeric` and another for `float8`: the
/// engine's own has one for all, of which neither digits nor type would be right.
final class NumberCalls {

  private static final Set<String> AVERAGED =
      Set.of("stddev", "stddev_pop", "stddev_samp", "variance", "var_pop", "var_samp");

  private NumberCalls() {}

  /// @return false if the engine's own function does the same
  static boolean write(Function function, StaticTypes types, ExpressionWriter to) {
    String name = StaticTypes.last(function.getName());
    List<? extends Expression> arguments = Arguments.of(function);
    Optional<SqlType> result = types.of(function);
    if (arguments.isEmpty() || result.isEmpty()) {
      return false;
    }
    Optional<SqlType> first = types.of(arguments.getFirst());
    if (name.equals("avg")) {
      return average(function, first, result.get(), to);
    }
    Optional<String> numeric = result.get() == SqlType.NUMERIC ? numeric(name) : Optional.empty();
    if (numeric.isPresent()) {
      to.call(numeric.get(), arguments.toArray(Expression[]::new));
      return true;
    }
    Optional<String> floats = result.get() == SqlType.FLOAT8 ? floats(name) : Optional.empty();
    if (floats.isPresent()) {
      to.write(floats.get());
      String between = "(";
      for (Expression argument : arguments) {
        to.write(between);
        to.as(SqlType.FLOAT8, argument);
        between = ", ";
      }
      to.write(")");
      return true;
    }
    if (result.get() == SqlType.NUMERIC && isTranscendental(name)) {
      throw new UnsupportedOperationException(name + "(numeric)");
    }
    return false;
  }

  /// `avg(x) OVER (…)`, `avg(x) FILTER (WHERE …)`
  static boolean isAverage(AnalyticExpression analytic, StaticTypes types) {
    return StaticTypes.last(analytic.getName()).equals("avg")
        && types.is(analytic, SqlType.NUMERIC);
  }

  /// What PostgreSQL computes of `numeric`, and the engine of `float8`.
  static void requireFloat(String name, Optional<SqlType> result) {
    if (AVERAGED.contains(name) && result.filter(type -> type == SqlType.NUMERIC).isPresent()) {
      throw new UnsupportedOperationException(name + "(numeric)");
    }
  }

  private static boolean average(
      Function function, Optional<SqlType> of, SqlType result, ExpressionWriter to) {
    if (result != SqlType.NUMERIC || of.isEmpty()) {
      return false;
    }
    to.open(Internal.NUMERIC_DIV);
    to.engineCall(function, "SUM");
    to.write(", ");
    to.engineCall(function, "COUNT");
    to.write(")");
    return true;
  }

  private static boolean isTranscendental(String name) {
    return Set.of("exp", "ln", "log", "log10").contains(name);
  }

  private static Optional<String> numeric(String name) {
    return switch (name) {
      case "round" -> Optional.of(Internal.NUMERIC_ROUND);
      case "trunc" -> Optional.of(Internal.NUMERIC_TRUNC);
      case "ceil", "ceiling" -> Optional.of(Internal.NUMERIC_CEIL);
      case "floor" -> Optional.of(Internal.NUMERIC_FLOOR);
      case "abs" -> Optional.of(Internal.NUMERIC_ABS);
      case "sign" -> Optional.of(Internal.NUMERIC_SIGN);
      case "mod" -> Optional.of(Internal.NUMERIC_MOD);
      case "div" -> Optional.of(Internal.NUMERIC_QUOTIENT);
      case "sqrt" -> Optional.of(Internal.NUMERIC_SQRT);
      case "power", "pow" -> Optional.of(Internal.NUMERIC_POWER);
      default -> Optional.empty();
    };
  }

  private static Optional<String> floats(String name) {
    return switch (name) {
      case "round" -> Optional.of(ours(Internal.FLOAT_ROUND));
      case "trunc" -> Optional.of(ours(Internal.FLOAT_TRUNC));
      case "sign" -> Optional.of(ours(Internal.FLOAT_SIGN));
      case "ceil", "ceiling" -> Optional.of("CEIL");
      case "floor" -> Optional.of("FLOOR");
      case "sqrt" -> Optional.of("SQRT");
      case "power", "pow" -> Optional.of("POWER");
      case "exp" -> Optional.of("EXP");
      case "ln" -> Optional.of("LN");
      case "log", "log10" -> Optional.of("LOG10");
      default -> Optional.empty();
    };
  }

  private static String ours(String internal) {
    return "\"pg_catalog\"." + Identifiers.quote(Internal.alias(internal));
  }
}
