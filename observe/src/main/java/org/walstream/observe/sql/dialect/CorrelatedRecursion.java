package org.walstream.observe.sql.dialect;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.sf.jsqlparser.expression.Alias;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.operators.conditional.AndExpression;
import net.sf.jsqlparser.expression.operators.relational.EqualsTo;
import net.sf.jsqlparser.schema.Column;
import net.sf.jsqlparser.schema.Table;
import net.sf.jsqlparser.statement.Statement;
import net.sf.jsqlparser.statement.select.AllColumns;
import net.sf.jsqlparser.statement.select.FromItem;
import net.sf.jsqlparser.statement.select.Join;
import net.sf.jsqlparser.statement.select.ParenthesedSelect;
import net.sf.jsqlparser.statement.select.PlainSelect;
import net.sf.jsqlparser.statement.select.Select;
import net.sf.jsqlparser.statement.select.SelectItem;
import net.sf.jsqlparser.statement.select.SetOperationList;
import net.sf.jsqlparser.statement.select.WithItem;
import net.sf.jsqlparser.util.TablesNamesFinder;
import org.jspecify.annotations.Nullable;

/// `WITH RECURSIVE` in a subquery that begins with what the query around it has, which the engine
/// does not know. It is begun with all there is, each row keeps what it was begun with as its key,
/// and the key is asked for afterwards:
///
/// ```
/// WITH RECURSIVE c AS (                    WITH RECURSIVE c AS (
///   SELECT t.x FROM t WHERE t.id = o.id      SELECT t.id AS key, t.x FROM t
///   UNION ALL                                UNION ALL
///   SELECT u.x FROM c JOIN u ON …)           SELECT c.key, u.x FROM c JOIN u ON …)
/// SELECT x FROM c                          SELECT x FROM c WHERE c.key = o.id
/// ```
final class CorrelatedRecursion {

  private static final String KEY = "\"key$\"";

  /// @param inner what the first rows have
  /// @param outer what the query around has
  /// @param others what else is asked of the first rows
  private record Begun(Column inner, Column outer, List<Expression> others) {}

  private CorrelatedRecursion() {}

  /// Wherever it stands in `select`. Other forms are left as they are.
  static void adapt(Select select) {
    var all = new ArrayList<PlainSelect>();
    var walker =
        new TablesNamesFinder<Void>() {
          @Override
          public <S> Void visit(PlainSelect each, S context) {
            all.add(each);
            return super.visit(each, context);
          }
        };
    var _ = walker.getTables((Statement) select);
    all.forEach(CorrelatedRecursion::adaptOne);
  }

  private static void adaptOne(PlainSelect select) {
    if (select.getWithItemsList() == null || select.getWithItemsList().size() != 1) {
      return;
    }
    WithItem<?> item = select.getWithItemsList().getFirst();
    if (item.isRecursive()
        && item.getParenthesedStatement() instanceof ParenthesedSelect body
        && body.getSelect() instanceof SetOperationList union
        && union.getSelects().size() == 2
        && union.getSelect(0) instanceof PlainSelect first
        && union.getSelect(1) instanceof PlainSelect next) {
      String name = Identifiers.name(item.getAliasName());
      Optional<Begun> begun = begun(first);
      Optional<Table> again = reference(next, name);
      Optional<Table> result = reference(select, name);
      if (begun.isPresent() && again.isPresent() && result.isPresent() && !selectsAll(select)) {
        select(first, begun.get().inner());
        first.setWhere(and(begun.get().others()));
        select(next, key(again.get()));
        if (item.getWithItemList() != null) {
          item.getWithItemList().addFirst(new SelectItem<>(new Column(KEY)));
        }
        var asked = new ArrayList<>(conditions(select.getWhere()));
        asked.add(new EqualsTo(key(result.get()), begun.get().outer()));
        select.setWhere(and(asked));
      }
    }
  }

  private static Optional<Begun> begun(PlainSelect first) {
    Set<String> inner = new HashSet<>();
    items(first).forEach(item -> inner.add(Fragments.name(item)));
    var others = new ArrayList<>(conditions(first.getWhere()));
    for (Expression each : List.copyOf(others)) {
      if (each instanceof EqualsTo equal
          && equal.getLeftExpression() instanceof Column left
          && equal.getRightExpression() instanceof Column right
          && isOuter(left, inner) != isOuter(right, inner)) {
        others.remove(each);
        boolean leftIsOuter = isOuter(left, inner);
        return Optional.of(
            new Begun(leftIsOuter ? right : left, leftIsOuter ? left : right, others));
      }
    }
    return Optional.empty();
  }

  private static boolean isOuter(Column column, Set<String> inner) {
    Table table = column.getTable();
    return table != null && !inner.contains(Identifiers.name(table.getName()));
  }

  /// What the rows that have been found are called there.
  private static Optional<Table> reference(PlainSelect select, String name) {
    List<Table> references =
        items(select).stream()
            .filter(item ->
                item instanceof Table table
                    && table.getSchemaName() == null
                    && Identifiers.name(table.getName()).equals(name))
            .map(Table.class::cast)
            .toList();
    return references.size() == 1 ? Optional.of(references.getFirst()) : Optional.empty();
  }

  private static List<FromItem> items(PlainSelect select) {
    var items = new ArrayList<FromItem>();
    if (select.getFromItem() != null) {
      items.add(select.getFromItem());
    }
    if (select.getJoins() != null) {
      select.getJoins().stream().map(Join::getFromItem).forEach(items::add);
    }
    return items;
  }

  private static boolean selectsAll(PlainSelect select) {
    return select.getSelectItems().stream()
        .anyMatch(item -> item.getExpression() instanceof AllColumns);
  }

  private static Column key(Table of) {
    return new Column(new Table(Identifiers.quote(Fragments.name(of))), KEY);
  }

  private static void select(PlainSelect select, Column key) {
    var items = new ArrayList<SelectItem<?>>(select.getSelectItems());
    items.addFirst(new SelectItem<>(key, new Alias(KEY, true)));
    select.setSelectItems(items);
  }

  private static List<Expression> conditions(@Nullable Expression where) {
    if (where == null) {
      return List.of();
    }
    if (where instanceof AndExpression and) {
      var all = new ArrayList<>(conditions(and.getLeftExpression()));
      all.addAll(conditions(and.getRightExpression()));
      return all;
    }
    return List.of(where);
  }

  private static @Nullable Expression and(List<Expression> conditions) {
    return conditions.stream().reduce(AndExpression::new).orElse(null);
  }
}
