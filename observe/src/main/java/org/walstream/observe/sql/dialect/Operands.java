package org.walstream.observe.sql.dialect;

import java.util.Optional;
import net.sf.jsqlparser.expression.BinaryExpression;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.operators.arithmetic.Addition;
import net.sf.jsqlparser.expression.operators.arithmetic.Concat;
import net.sf.jsqlparser.expression.operators.arithmetic.Division;
import net.sf.jsqlparser.expression.operators.arithmetic.Multiplication;
import org.walstream.send.SqlType;

/// What type a parameter has at one side of an arithmetic operator: that of the other side, but
/// where there is no such operator, and the one that there is decides.
///
/// ```
/// $1 + 1                 int4
/// interval * $1          float8
/// date + $1, pg_lsn + $1 int4, numeric
/// now() - $1             timestamptz; now() + $1  interval
/// ```
///
/// Source: what a server says in ParameterDescription.
final class Operands {

  private Operands() {}

  static void note(BinaryExpression operator, StaticTypes types) {
    Expression left = operator.getLeftExpression();
    Expression right = operator.getRightExpression();
    types.parameters().note(left, types.of(right).flatMap(type -> beside(operator, type)));
    types.parameters().note(right, types.of(left).flatMap(type -> beside(operator, type)));
  }

  private static Optional<SqlType> beside(BinaryExpression operator, SqlType other) {
    return Optional.of(
        switch (operator) {
          case Concat _ -> other.isArray() ? other : SqlType.TEXT;
          case Addition _ ->
              switch (other) {
                case PG_LSN -> SqlType.NUMERIC;
                case DATE -> SqlType.INT4;
                case TIMESTAMP, TIMESTAMPTZ -> SqlType.INTERVAL;
                default -> other;
              };
          case Multiplication _, Division _ -> other == SqlType.INTERVAL ? SqlType.FLOAT8 : other;
          default -> other;
        });
  }
}
