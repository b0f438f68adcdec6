package org.walstream.observe.sql.dialect;

import java.util.Optional;
import java.util.regex.Pattern;
import net.sf.jsqlparser.expression.BinaryExpression;
import net.sf.jsqlparser.expression.CastExpression;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.IntervalExpression;
import net.sf.jsqlparser.expression.StringValue;
import net.sf.jsqlparser.expression.operators.arithmetic.Addition;
import net.sf.jsqlparser.expression.operators.arithmetic.BitwiseAnd;
import net.sf.jsqlparser.expression.operators.arithmetic.BitwiseLeftShift;
import net.sf.jsqlparser.expression.operators.arithmetic.BitwiseOr;
import net.sf.jsqlparser.expression.operators.arithmetic.BitwiseRightShift;
import net.sf.jsqlparser.expression.operators.arithmetic.BitwiseXor;
import net.sf.jsqlparser.expression.operators.arithmetic.Division;
import net.sf.jsqlparser.expression.operators.arithmetic.Modulo;
import net.sf.jsqlparser.expression.operators.arithmetic.Multiplication;
import net.sf.jsqlparser.expression.operators.arithmetic.Subtraction;
import net.sf.jsqlparser.expression.operators.relational.ParenthesedExpressionList;
import org.walstream.observe.sql.function.Functions.Internal;
import org.walstream.observe.sql.type.TypeTag;
import org.walstream.send.SqlType;

/// PostgreSQL's operators with two sides, by the types of both: what type the result has, and the
/// words in which the engine gives the same.
///
/// ```
/// int / int                    the engine's own
/// numeric / int                $numeric_div: digits behind the point by PostgreSQL's rule
/// float8 * numeric             both as float8
/// date - date                  days, a number
/// date + interval              a timestamp
/// pg_lsn - pg_lsn              numeric
/// ```
final class Arithmetic {

  private static final Pattern MONTHS =
      Pattern.compile("\\d\\s*(?:mon|y|decade)", Pattern.CASE_INSENSITIVE);

  private Arithmetic() {}

  /// @return empty where it is not known, or there is no such operator
  static Optional<SqlType> result(
      BinaryExpression operator, Optional<SqlType> left, Optional<SqlType> right) {
    if (left.isEmpty() || right.isEmpty()) {
      return Optional.empty();
    }
    SqlType a = left.get() == SqlType.TEXT ? right.get() : left.get();
    SqlType b = right.get() == SqlType.TEXT ? left.get() : right.get();
    return switch (operator) {
      case BitwiseXor _ ->
          NumberTypes.common(a, b)
              .map(type -> type == SqlType.NUMERIC ? SqlType.NUMERIC : SqlType.FLOAT8);
      case Addition _ -> NumberTypes.common(a, b).or(() -> sum(a, b)).or(() -> sum(b, a));
      case Subtraction _ -> NumberTypes.common(a, b).or(() -> difference(a, b));
      case Multiplication _ ->
          NumberTypes.common(a, b).or(() -> scaled(a, b)).or(() -> scaled(b, a));
      case Division _ -> NumberTypes.common(a, b).or(() -> scaled(a, b));
      case Modulo _ -> NumberTypes.common(a, b);
      case BitwiseAnd _, BitwiseOr _ -> NumberTypes.common(a, b);
      case BitwiseLeftShift _, BitwiseRightShift _ -> left;
      default -> Optional.empty();
    };
  }

  private static Optional<SqlType> sum(SqlType a, SqlType b) {
    return switch (a) {
      case PG_LSN -> NumberTypes.isNumber(b) ? Optional.of(SqlType.PG_LSN) : Optional.empty();
      case DATE ->
          NumberTypes.isInteger(b)
              ? Optional.of(SqlType.DATE)
              : b == SqlType.INTERVAL ? Optional.of(SqlType.TIMESTAMP) : Optional.empty();
      case TIMESTAMP, TIMESTAMPTZ, INTERVAL ->
          b == SqlType.INTERVAL ? Optional.of(a) : Optional.empty();
      default -> Optional.empty();
    };
  }

  private static Optional<SqlType> difference(SqlType a, SqlType b) {
    if (a == SqlType.PG_LSN && b == SqlType.PG_LSN) {
      return Optional.of(SqlType.NUMERIC);
    } else if (a == SqlType.DATE && b == SqlType.DATE) {
      return Optional.of(SqlType.INT4);
    } else if (isTime(a) && isTime(b)) {
      return Optional.of(SqlType.INTERVAL);
    }
    return sum(a, b);
  }

  private static Optional<SqlType> scaled(SqlType a, SqlType b) {
    return a == SqlType.INTERVAL && NumberTypes.isNumber(b)
        ? Optional.of(SqlType.INTERVAL)
        : Optional.empty();
  }

  private static boolean isTime(SqlType type) {
    return type == SqlType.DATE || type == SqlType.TIMESTAMP || type == SqlType.TIMESTAMPTZ;
  }

  /// @return false if the engine's own operator does the same
  static boolean write(BinaryExpression operator, StaticTypes types, ExpressionWriter to) {
    Expression left = operator.getLeftExpression();
    Expression right = operator.getRightExpression();
    Optional<SqlType> a = types.of(left);
    Optional<SqlType> b = types.of(right);
    Optional<SqlType> result = result(operator, a, b);
    String symbol = " " + operator.getStringExpression() + " ";
    if (a.isPresent() && b.isPresent() && result.isPresent()) {
      SqlType leftType = a.get() == SqlType.TEXT ? b.get() : a.get();
      SqlType rightType = b.get() == SqlType.TEXT ? a.get() : b.get();
      boolean numbers = NumberTypes.isNumber(leftType) && NumberTypes.isNumber(rightType);
      return switch (result.get()) {
        case NUMERIC -> {
          if (numbers) {
            to.call(numeric(operator), left, right);
          } else {
            distance(left, right, to);
          }
          yield true;
        }
        case FLOAT8 -> {
          floats(operator, symbol, to);
          yield true;
        }
        case PG_LSN -> {
          moved(operator, symbol, leftType == SqlType.PG_LSN, to);
          yield true;
        }
        case DATE -> {
          boolean first = leftType == SqlType.DATE;
          shiftedDays(
              first ? left : right, first ? right : left, operator instanceof Subtraction, to);
          yield true;
        }
        case INT4 -> {
          if (leftType == SqlType.DATE) {
            days(left, right, to);
            yield true;
          }
          yield bits(operator, to);
        }
        case TIMESTAMP, TIMESTAMPTZ -> {
          if (writtenInterval(right).filter(Arithmetic::hasMonths).isPresent()) {
            shifted(operator, writtenInterval(right).get(), result.get(), to);
            yield true;
          }
          if (leftType == SqlType.DATE || rightType == SqlType.DATE) {
            fromMidnight(operator, symbol, leftType == SqlType.DATE, to);
            yield true;
          }
          yield false;
        }
        case INT2, INT8 -> bits(operator, to);
        default -> false;
      };
    }
    return bits(operator, to);
  }

  private static String numeric(BinaryExpression operator) {
    return switch (operator) {
      case Addition _ -> Internal.NUMERIC_ADD;
      case Subtraction _ -> Internal.NUMERIC_SUB;
      case Multiplication _ -> Internal.NUMERIC_MUL;
      case Division _ -> Internal.NUMERIC_DIV;
      case Modulo _ -> Internal.NUMERIC_MOD;
      case BitwiseXor _ -> Internal.NUMERIC_POWER;
      default -> throw new UnsupportedOperationException(operator.getStringExpression());
    };
  }

  private static void distance(Expression left, Expression right, ExpressionWriter to) {
    to.numeric(() -> {
      to.write("(");
      to.lsn(left);
      to.write(" - ");
      to.lsn(right);
      to.write(")");
    });
  }

  private static void floats(BinaryExpression operator, String symbol, ExpressionWriter to) {
    boolean power = operator instanceof BitwiseXor;
    to.write(power ? "POWER(" : "(");
    to.as(SqlType.FLOAT8, operator.getLeftExpression());
    to.write(power ? ", " : symbol);
    to.as(SqlType.FLOAT8, operator.getRightExpression());
    to.write(")");
  }

  private static void moved(
      BinaryExpression operator, String symbol, boolean leftIsPosition, ExpressionWriter to) {
    String type = TypeTag.of(SqlType.PG_LSN);
    to.cast(
        () -> {
          side(operator.getLeftExpression(), leftIsPosition, type, to);
          to.write(symbol);
          side(operator.getRightExpression(), !leftIsPosition, type, to);
        },
        type);
  }

  private static void side(Expression side, boolean isPosition, String type, ExpressionWriter to) {
    if (isPosition) {
      to.lsn(side);
    } else {
      to.cast(() -> to.write(side), type);
    }
  }

  private static void days(Expression left, Expression right, ExpressionWriter to) {
    to.cast(
        () -> {
          to.write("DATEDIFF(DAY, ");
          to.as(SqlType.DATE, right);
          to.write(", ");
          to.as(SqlType.DATE, left);
          to.write(")");
        },
        TypeTag.of(SqlType.INT4));
  }

  private static void shiftedDays(
      Expression date, Expression days, boolean back, ExpressionWriter to) {
    to.write("DATEADD(DAY, " + (back ? "-" : ""));
    to.as(SqlType.INT8, days);
    to.write(", ");
    to.as(SqlType.DATE, date);
    to.write(")");
  }

  private static void fromMidnight(
      BinaryExpression operator, String symbol, boolean leftIsDate, ExpressionWriter to) {
    to.cast(
        () -> {
          midnight(operator.getLeftExpression(), leftIsDate, to);
          to.write(symbol);
          midnight(operator.getRightExpression(), !leftIsDate, to);
        },
        TypeTag.of(SqlType.TIMESTAMP));
  }

  private static void midnight(Expression side, boolean isDate, ExpressionWriter to) {
    if (isDate) {
      to.as(SqlType.TIMESTAMP, side);
    } else {
      to.write(side);
    }
  }

  /// The text of `interval '…'` and `'…'::interval`.
  private static Optional<String> writtenInterval(Expression expression) {
    return switch (expression) {
      case IntervalExpression interval when interval.getParameter() != null ->
          Optional.of(
              interval.getParameter().replaceAll("^'|'$", "")
                  + (interval.getIntervalQualifier() == null
                      ? ""
                      : " " + interval.getIntervalQualifier()));
      case CastExpression cast
          when cast.getLeftExpression() instanceof StringValue text
              && TypeNames.find(cast.getColDataType().toString())
                  .filter(type -> type == SqlType.INTERVAL)
                  .isPresent() ->
          Optional.of(text.getValue());
      case ParenthesedExpressionList<?> list when list.size() == 1 ->
          writtenInterval(list.getFirst());
      default -> Optional.empty();
    };
  }

  private static boolean hasMonths(String interval) {
    return MONTHS.matcher(interval).find();
  }

  private static void shifted(
      BinaryExpression operator, String interval, SqlType result, ExpressionWriter to) {
    boolean instant = result == SqlType.TIMESTAMPTZ;
    to.open(instant ? Internal.SHIFT_INSTANT : Internal.SHIFT_LOCAL);
    to.as(result, operator.getLeftExpression());
    to.write(", '" + interval + "', " + (operator instanceof Subtraction ? "-1)" : "1)"));
  }

  /// The engine has functions where PostgreSQL has operators.
  private static boolean bits(BinaryExpression operator, ExpressionWriter to) {
    Optional<String> function =
        switch (operator) {
          case BitwiseAnd _ -> Optional.of("BITAND");
          case BitwiseOr _ -> Optional.of("BITOR");
          case BitwiseLeftShift _ -> Optional.of("LSHIFT");
          case BitwiseRightShift _ -> Optional.of("RSHIFT");
          default -> Optional.empty();
        };
    function.ifPresent(name -> {
      to.write(name + "(");
      to.write(operator.getLeftExpression());
      to.write(", ");
      to.write(operator.getRightExpression());
      to.write(")");
    });
    return function.isPresent();
  }
}
