package org.walstream.observe.sql.dialect;

import java.util.List;
import java.util.Optional;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.NullValue;
import net.sf.jsqlparser.expression.OracleNamedFunctionParameter;
import net.sf.jsqlparser.expression.StringValue;
import org.walstream.observe.sql.function.Functions.Internal;
import org.walstream.observe.sql.type.TypeTag;
import org.walstream.send.SqlType;

/// Functions that take arguments of any type and go by their texts, or by their types.
final class TextCalls {

  private TextCalls() {}

  /// @return false if it is none of those
  static boolean write(
      String name, List<? extends Expression> arguments, StaticTypes types, ExpressionWriter to) {
    switch (name) {
      case "format" -> printed(Internal.FORMAT, arguments, types, to);
      case "concat" -> printed(Internal.CONCAT, arguments, types, to);
      case "concat_ws" -> printed(Internal.CONCAT_WS, arguments, types, to);
      case "overlay" -> to.call(Internal.OVERLAY, arguments.toArray(Expression[]::new));
      case "encode", "sha256", "convert_from" -> bytes(name, arguments, to);
      case "to_char" -> {
        return clock(arguments, types, to);
      }
      case "pg_typeof" -> type(arguments.getFirst(), types, to);
      case "make_interval" -> interval(arguments, to);
      default -> {
        return false;
      }
    }
    return true;
  }

  /// `to_char(now(), 'HH24:MI')`; of numbers it is the engine's.
  private static boolean clock(
      List<? extends Expression> arguments, StaticTypes types, ExpressionWriter to) {
    if (arguments.size() != 2) {
      return false;
    }
    Expression time = arguments.getFirst();
    if (types.is(time, SqlType.TIMESTAMPTZ)) {
      to.call(Internal.INSTANT_TEXT, time, arguments.get(1));
      return true;
    }
    if (types.is(time, SqlType.TIMESTAMP) || types.is(time, SqlType.DATE)) {
      to.open(Internal.CLOCK_TEXT);
      to.cast(() -> to.write(time), TypeTag.of(SqlType.TIMESTAMP));
      to.write(", ");
      to.write(arguments.get(1));
      to.write(")");
      return true;
    }
    return false;
  }

  private static void printed(
      String function,
      List<? extends Expression> arguments,
      StaticTypes types,
      ExpressionWriter to) {
    to.open(function);
    String between = "";
    for (Expression argument : arguments) {
      to.write(between);
      between = ", ";
      switch (types.of(argument).orElse(SqlType.VOID)) {
        case TEXT, PG_LSN, INET, REGCLASS, REGTYPE, REGNAMESPACE, REGROLE -> to.text(argument);
        default -> to.call(Internal.OUTPUT, argument);
      }
    }
    to.write(")");
  }

  private static void bytes(
      String name, List<? extends Expression> arguments, ExpressionWriter to) {
    to.open(name);
    String between = "";
    for (Expression argument : arguments) {
      to.write(between);
      if (between.isEmpty() && argument instanceof StringValue) {
        to.call(Internal.BYTES, argument);
      } else {
        to.write(argument);
      }
      between = ", ";
    }
    to.write(")");
  }

  private static void type(Expression value, StaticTypes types, ExpressionWriter to) {
    boolean unknown = value instanceof StringValue || value instanceof NullValue;
    int type =
        (unknown ? Optional.of(ParameterTypes.UNKNOWN) : types.of(value).map(SqlType::oid))
            .orElseThrow(() -> new UnsupportedOperationException("pg_typeof of this expression"));
    to.cast(() -> to.write(Integer.toString(type)), TypeTag.of(SqlType.REGTYPE));
  }

  /// `make_interval(secs => 90)`: months are not known here.
  private static void interval(List<? extends Expression> arguments, ExpressionWriter to) {
    String between = "(";
    for (Expression argument : arguments) {
      if (!(argument instanceof OracleNamedFunctionParameter named)) {
        throw new UnsupportedOperationException("make_interval() without names");
      }
      String unit =
          switch (Identifiers.name(named.getName())) {
            case "weeks" -> "7 0:0:0";
            case "days" -> "1 0:0:0";
            case "hours" -> "0 1:0:0";
            case "mins" -> "0 0:1:0";
            case "secs" -> "0 0:0:1";
            default -> throw new UnsupportedOperationException("intervals of months");
          };
      to.write(between + "INTERVAL '" + unit + "' DAY TO SECOND * ");
      to.write(named.getExpression());
      between = " + ";
    }
    to.write(")");
  }
}
