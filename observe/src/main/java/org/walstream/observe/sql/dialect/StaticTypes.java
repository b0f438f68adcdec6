package org.walstream.observe.sql.dialect;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.sf.jsqlparser.expression.AnalyticExpression;
import net.sf.jsqlparser.expression.CaseExpression;
import net.sf.jsqlparser.expression.CastExpression;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.Function;
import net.sf.jsqlparser.expression.StringValue;
import net.sf.jsqlparser.expression.operators.arithmetic.Subtraction;
import net.sf.jsqlparser.expression.operators.relational.ParenthesedExpressionList;
import net.sf.jsqlparser.schema.Column;
import net.sf.jsqlparser.statement.select.ParenthesedSelect;
import net.sf.jsqlparser.statement.select.PlainSelect;
import org.walstream.observe.sql.catalog.Relation;
import org.walstream.observe.sql.function.Functions;
import org.walstream.observe.sql.function.SqlFunction;
import org.walstream.observe.sql.view.SystemViews;
import org.walstream.send.RowSet;
import org.walstream.send.SqlType;

/// What type an expression has, as far as that must be known before the engine sees it: where a
/// text stands for a position, and where a value becomes a text. Columns are looked up by their
/// names in the relations that the statement reads, and by the names it gives itself.
final class StaticTypes {

  private static final Set<String> SAME_AS_ARGUMENT =
      Set.of("max", "min", "coalesce", "greatest", "least", "nullif", "lag", "lead");

  private final Set<Relation> relations;
  private final Map<String, SqlType> aliases = new HashMap<>();

  StaticTypes(Set<Relation> relations) {
    this.relations = relations;
  }

  /// The statement calls an expression so.
  void name(String alias, Expression expression) {
    of(expression).ifPresent(type -> aliases.putIfAbsent(alias, type));
  }

  Optional<SqlType> of(Expression expression) {
    return switch (expression) {
      case Column column -> column(Identifiers.name(column.getColumnName()));
      case Function function -> function(function);
      case AnalyticExpression analytic ->
          SAME_AS_ARGUMENT.contains(last(analytic.getName())) && analytic.getExpression() != null
              ? of(analytic.getExpression())
              : Optional.empty();
      case CastExpression cast -> TypeNames.find(cast.getColDataType().toString());
      case StringValue text -> Optional.of(SqlType.TEXT);
      case Subtraction difference ->
          is(difference.getLeftExpression(), SqlType.PG_LSN)
                  && (is(difference.getRightExpression(), SqlType.PG_LSN)
                      || difference.getRightExpression() instanceof StringValue)
              ? Optional.of(SqlType.NUMERIC)
              : Optional.empty();
      case CaseExpression choice -> of(choice.getWhenClauses().getFirst().getThenExpression());
      case ParenthesedSelect select ->
          select.getSelect() instanceof PlainSelect plain
              ? of(plain.getSelectItems().getFirst().getExpression())
              : Optional.empty();
      case ParenthesedExpressionList<?> list ->
          list.size() == 1 ? of(list.getFirst()) : Optional.empty();
      default -> Optional.empty();
    };
  }

  /// Whether a column is of a relation that never has rows, so that nothing is ever made of it.
  boolean neverThere(Expression expression) {
    return expression instanceof Column column
        && relations.stream()
            .filter(r -> r.column(Identifiers.name(column.getColumnName())).isPresent())
            .findFirst()
            .filter(r -> !SystemViews.hasRows(r.name()))
            .isPresent();
  }

  boolean is(Expression expression, SqlType type) {
    return of(expression).filter(type::equals).isPresent();
  }

  private Optional<SqlType> column(String name) {
    for (Relation relation : relations) {
      Optional<RowSet.Column> column = relation.column(name);
      if (column.isPresent()) {
        return column.map(RowSet.Column::type);
      }
    }
    return Optional.ofNullable(aliases.get(name))
        .or(() -> Functions.find(name).filter(f -> !f.returnsTable()).map(SqlFunction::returns));
  }

  private Optional<SqlType> function(Function function) {
    String name = last(function.getName());
    if (SAME_AS_ARGUMENT.contains(name)
        && function.getParameters() != null
        && !function.getParameters().isEmpty()) {
      return of(function.getParameters().getFirst());
    }
    return Functions.find(name).map(SqlFunction::returns);
  }

  static String last(String qualified) {
    return Identifiers.name(qualified.substring(qualified.lastIndexOf('.') + 1));
  }
}
