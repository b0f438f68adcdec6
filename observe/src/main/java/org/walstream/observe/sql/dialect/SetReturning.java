package org.walstream.observe.sql.dialect;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.sf.jsqlparser.expression.Alias;
import net.sf.jsqlparser.expression.AnalyticExpression;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.ExpressionVisitorAdapter;
import net.sf.jsqlparser.expression.Function;
import net.sf.jsqlparser.schema.Column;
import net.sf.jsqlparser.statement.select.Join;
import net.sf.jsqlparser.statement.select.PlainSelect;
import net.sf.jsqlparser.statement.select.SelectItem;
import org.walstream.observe.sql.function.Functions;

/// A function that returns several rows, among what is selected: each row that is selected from
/// comes once for each of them. The engine knows such functions in FROM alone.
///
/// ```
/// SELECT unnest(a) FROM t     SELECT s.s FROM t CROSS JOIN unnest(a) AS s(s)
/// SELECT generate_series(1,3) SELECT s.s FROM generate_series(1,3) AS s(s)
/// ```
final class SetReturning {

  private static final String NAME = "\"set$\"";

  private SetReturning() {}

  static boolean is(Expression expression) {
    if (!(expression instanceof Function function)) {
      return false;
    }
    String name = StaticTypes.last(function.getName());
    return name.equals("unnest")
        || Functions.find(name)
            .filter(f -> f.returnsTable() && f.columns().size() == 1)
            .isPresent();
  }

  /// Puts it into FROM.
  ///
  /// @throws UnsupportedOperationException where it depends on the rows, or there are several
  static void adapt(PlainSelect select) {
    List<SelectItem<?>> sets =
        select.getSelectItems().stream()
            .<SelectItem<?>>map(item -> item)
            .filter(item -> is(item.getExpression()))
            .toList();
    if (sets.isEmpty()) {
      return;
    }
    var function = (Function) sets.getFirst().getExpression();
    String name = StaticTypes.last(function.getName());
    if (sets.size() > 1 || dependsOnRows(function) || isGathered(select)) {
      throw new UnsupportedOperationException(
          name
              + "() among what is selected, beside others of its kind, of columns, or with groups");
    }
    move(select, sets.getFirst(), function);
  }

  private static <T extends Expression> void move(
      PlainSelect select, SelectItem<T> item, Function function) {
    item.setAlias(new Alias(Identifiers.quote(ColumnNames.of(item)), true));
    PlainSelect from =
        Fragments.select("SELECT 1 FROM " + function + " AS " + NAME + "(" + NAME + ")");
    if (select.getFromItem() == null) {
      select.setFromItem(from.getFromItem());
    } else {
      var join = new Join();
      join.setFromItem(from.getFromItem());
      join.setCross(true);
      var joins = new ArrayList<>(Optional.ofNullable(select.getJoins()).orElseGet(ArrayList::new));
      joins.add(join);
      select.setJoins(joins);
    }
    @SuppressWarnings("unchecked") // an item takes any expression
    var any = (SelectItem<Expression>) item;
    any.setExpression(new Column(NAME));
  }

  private static boolean isGathered(PlainSelect select) {
    if (select.getGroupBy() != null || select.getHaving() != null) {
      return true;
    }
    return select.getSelectItems().stream()
        .map(SelectItem::getExpression)
        .anyMatch(e ->
            e instanceof AnalyticExpression
                || (e instanceof Function f && Lateral.isAggregate(StaticTypes.last(f.getName()))));
  }

  private static boolean dependsOnRows(Function function) {
    var columns = new ArrayList<Column>();
    function.accept(
        new ExpressionVisitorAdapter<Void>() {
          @Override
          public <S> Void visit(Column column, S context) {
            columns.add(column);
            return null;
          }
        },
        null);
    return !columns.isEmpty();
  }
}
