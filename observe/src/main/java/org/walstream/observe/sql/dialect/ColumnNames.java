package org.walstream.observe.sql.dialect;

import java.util.Locale;
import net.sf.jsqlparser.expression.AnalyticExpression;
import net.sf.jsqlparser.expression.ArrayConstructor;
import net.sf.jsqlparser.expression.ArrayExpression;
import net.sf.jsqlparser.expression.CaseExpression;
import net.sf.jsqlparser.expression.CastExpression;
import net.sf.jsqlparser.expression.CollateExpression;
import net.sf.jsqlparser.expression.DateTimeLiteralExpression;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.ExtractExpression;
import net.sf.jsqlparser.expression.Function;
import net.sf.jsqlparser.expression.IntervalExpression;
import net.sf.jsqlparser.expression.RowGetExpression;
import net.sf.jsqlparser.expression.TimeKeyExpression;
import net.sf.jsqlparser.expression.TimezoneExpression;
import net.sf.jsqlparser.expression.TrimFunction;
import net.sf.jsqlparser.expression.operators.relational.ExistsExpression;
import net.sf.jsqlparser.expression.operators.relational.ParenthesedExpressionList;
import net.sf.jsqlparser.schema.Column;
import net.sf.jsqlparser.statement.select.ParenthesedSelect;
import net.sf.jsqlparser.statement.select.PlainSelect;
import net.sf.jsqlparser.statement.select.SelectItem;

/// What PostgreSQL calls a column that nobody has given a name.
///
/// Counterpart of FigureColname(), src/backend/parser/parse_target.c.
final class ColumnNames {

  static final String UNKNOWN = "?column?";

  private ColumnNames() {}

  static String of(SelectItem<?> item) {
    return item.getAlias() != null
        ? Identifiers.name(item.getAlias().getName())
        : of(item.getExpression());
  }

  private static String of(Expression expression) {
    return switch (expression) {
      case Column column -> Identifiers.name(column.getColumnName());
      case Function function -> function(function);
      case AnalyticExpression analytic -> last(analytic.getName());
      case CastExpression cast -> cast(cast);
      case DateTimeLiteralExpression time -> time.getType().name().toLowerCase(Locale.ROOT);
      case IntervalExpression _ -> "interval";
      case TimezoneExpression _ -> "timezone";
      case CollateExpression collate -> of(collate.getLeftExpression());
      case CaseExpression choice -> {
        String otherwise =
            choice.getElseExpression() == null || isWeak(choice.getElseExpression())
                ? UNKNOWN
                : of(choice.getElseExpression());
        yield otherwise.equals(UNKNOWN) ? "case" : otherwise;
      }
      case ExtractExpression extract -> "extract";
      case ExistsExpression exists -> "exists";
      case ArrayConstructor array -> "array";
      case ArrayExpression element -> of(element.getObjExpression());
      case RowGetExpression field -> Identifiers.name(field.getColumnName());
      case TimeKeyExpression time -> last(time.getStringValue().replace("()", ""));
      case TrimFunction trim -> trim(trim);
      case ParenthesedSelect select ->
          select.getSelect() instanceof PlainSelect plain
              ? of(plain.getSelectItems().getFirst())
              : UNKNOWN;
      case ParenthesedExpressionList<?> list -> list.size() == 1 ? of(list.getFirst()) : "row";
      default -> UNKNOWN;
    };
  }

  /// Whether the name would come from a type or from another CASE only.
  private static boolean isWeak(Expression expression) {
    return switch (expression) {
      case CastExpression cast ->
          isWeak(cast.getLeftExpression()) || of(cast.getLeftExpression()).equals(UNKNOWN);
      case CaseExpression _, DateTimeLiteralExpression _, IntervalExpression _ -> true;
      case ParenthesedExpressionList<?> list -> list.size() == 1 && isWeak(list.getFirst());
      default -> false;
    };
  }

  private static String function(Function function) {
    return last(function.getName());
  }

  private static String trim(TrimFunction trim) {
    return trim.getTrimSpecification() == null
        ? "btrim"
        : switch (trim.getTrimSpecification()) {
          case LEADING -> "ltrim";
          case TRAILING -> "rtrim";
          default -> "btrim";
        };
  }

  private static String cast(CastExpression cast) {
    String name = of(cast.getLeftExpression());
    if (!name.equals(UNKNOWN) && !isWeak(cast.getLeftExpression())) {
      return name;
    }
    return cast(TypeNames.bare(cast.getColDataType().toString()));
  }

  private static String cast(String type) {
    return switch (type) {
      case "int", "integer" -> "int4";
      case "bigint" -> "int8";
      case "smallint" -> "int2";
      case "boolean" -> "bool";
      case "real" -> "float4";
      case "double precision", "float" -> "float8";
      case "decimal" -> "numeric";
      case "character varying" -> "varchar";
      case "timestamp with time zone" -> "timestamptz";
      case "timestamp without time zone" -> "timestamp";
      case "char", "character" -> "bpchar";
      default -> {
        String element = type.replace("\"", "").replace("[]", "");
        yield element.equals(type) ? type : cast(element);
      }
    };
  }

  private static String last(String qualified) {
    return Identifiers.name(qualified.substring(qualified.lastIndexOf('.') + 1));
  }
}
