package org.walstream.observe.sql.dialect;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.operators.conditional.AndExpression;
import net.sf.jsqlparser.expression.operators.relational.EqualsTo;
import net.sf.jsqlparser.expression.operators.relational.ExpressionList;
import net.sf.jsqlparser.schema.Column;
import net.sf.jsqlparser.schema.Table;
import net.sf.jsqlparser.statement.select.AllColumns;
import net.sf.jsqlparser.statement.select.AllTableColumns;
import net.sf.jsqlparser.statement.select.FromItem;
import net.sf.jsqlparser.statement.select.Join;
import net.sf.jsqlparser.statement.select.PlainSelect;
import net.sf.jsqlparser.statement.select.SelectItem;
import net.sf.jsqlparser.statement.select.TableFunction;
import org.walstream.observe.sql.catalog.Catalog;
import org.walstream.observe.sql.catalog.Relation;

/// The joins of one SELECT, in words that the engine knows: it has no `FULL JOIN` and no `LATERAL`,
/// and takes no function that depends on other rows.
final class Joins {

  private final Catalog catalog;
  private final StaticTypes types;
  private final Map<String, List<String>> merged = new HashMap<>();
  private final Map<String, Lateral> laterals = new LinkedHashMap<>();
  private final Set<String> ambiguous = new HashSet<>();

  Joins(Catalog catalog, StaticTypes types) {
    this.catalog = catalog;
    this.types = types;
  }

  /// Columns of which `USING` has made one, and the tables that have them.
  Map<String, List<String>> merged() {
    return merged;
  }

  /// Columns that are to be written out where they are used: `name`, `table.name`.
  Map<String, String> writtenOut() {
    var columns = new HashMap<String, String>();
    for (Lateral lateral : laterals.values()) {
      lateral
          .columns()
          .forEach((name, text) -> {
            columns.put(lateral.name() + "." + name, text);
            if (!ambiguous.contains(name)) {
              columns.put(name, text);
            }
          });
    }
    return columns;
  }

  void adapt(PlainSelect select) {
    List<FromItem> items =
        Stream.concat(
                Stream.of(select.getFromItem()), select.getJoins().stream().map(Join::getFromItem))
            .toList();
    takeLaterals(select);
    Optional<FullJoin> full = Optional.empty();
    for (Join join : select.getJoins()) {
      if (join.isFull() && !isLeft(select, join)) {
        full = Optional.of(FullJoin.replace(select, join));
        break;
      }
    }
    select.getJoins().forEach(join -> adapt(join, select));
    if (full.isPresent() || !laterals.isEmpty()) {
      writeOutStars(select, items, full);
    }
    merge(select, full);
  }

  // LATERAL

  private void takeLaterals(PlainSelect select) {
    var before = new HashSet<String>();
    before.add(Fragments.name(select.getFromItem()));
    var joins = new ArrayList<Join>();
    for (Join join : select.getJoins()) {
      Optional<Lateral> lateral = Lateral.of(join, before, types);
      if (lateral.isPresent()) {
        laterals.put(lateral.get().name(), lateral.get());
        lateral.get().condition().ifPresent(condition -> and(select, condition));
        lateral.get().rows().ifPresent(joins::add);
      } else {
        joins.add(join);
      }
      before.add(Fragments.name(join.getFromItem()));
    }
    if (!laterals.isEmpty()) {
      select.setJoins(joins);
      Stream.concat(Stream.of(select.getFromItem()), joins.stream().map(Join::getFromItem))
          .flatMap(item -> columns(item).stream())
          .forEach(ambiguous::addAll);
    }
  }

  private static void and(PlainSelect select, String condition) {
    Expression more = Fragments.expression(condition);
    select.setWhere(
        select.getWhere() == null
            ? more
            : Fragments.expression("(" + select.getWhere() + ") AND " + condition));
  }

  // FULL JOIN, and functions

  /// `(VALUES …) FULL JOIN … ON true` to what always has a row is a left join.
  private static boolean isLeft(PlainSelect select, Join join) {
    boolean left =
        join.getOnExpressions().stream().allMatch(e -> e.toString().equalsIgnoreCase("true"))
            && join.getUsingColumns().isEmpty()
            && String.valueOf(select.getFromItem()).toUpperCase(Locale.ROOT).startsWith("(VALUES");
    if (left) {
      join.setFull(false);
      join.setOuter(false);
      join.setLeft(true);
    }
    return left;
  }

  /// `a, pg_stat_get_activity(a.pid)` is a join on `pid`.
  private static void adapt(Join join, PlainSelect select) {
    if (join.getFromItem() instanceof TableFunction from
        && from.getFunction().getParameters() != null
        && !from.getFunction().getParameters().isEmpty()
        && from.getFunction().getParameters().getFirst() instanceof Column column
        && StaticTypes.last(from.getFunction().getName()).equals("pg_stat_get_activity")) {
      if (column.getTable() == null && select.getFromItem().getAlias() != null) {
        column.setTable(new Table(select.getFromItem().getAlias().getName()));
      }
      String alias = from.getAlias() == null ? "pg_stat_get_activity" : from.getAlias().getName();
      var same = new EqualsTo(new Column(new Table(alias), "pid"), column);
      select.setWhere(
          select.getWhere() == null ? same : new AndExpression(same, select.getWhere()));
      from.getFunction().setParameters(new ExpressionList<>());
    }
  }

  // USING

  private void merge(PlainSelect select, Optional<FullJoin> full) {
    full.ifPresent(
        join -> join.using().forEach(name -> merged.put(name, List.of(join.left(), join.right()))));
    List<String> left = List.of(Fragments.name(select.getFromItem()));
    for (Join join : select.getJoins()) {
      join.getUsingColumns()
          .forEach(column -> merged.put(Identifiers.name(column.getColumnName()), left));
    }
  }

  // *

  /// What the engine would make of `*` is not what it was in the query.
  private void writeOutStars(PlainSelect select, List<FromItem> items, Optional<FullJoin> full) {
    var written = new ArrayList<SelectItem<?>>();
    for (SelectItem<?> item : select.getSelectItems()) {
      switch (item.getExpression()) {
        case AllTableColumns all -> {
          Lateral lateral = laterals.get(Identifiers.name(all.getTable().getName()));
          if (lateral == null) {
            written.add(item);
          } else {
            written.addAll(all(lateral.name(), List.copyOf(lateral.columns().keySet())));
          }
        }
        case AllColumns all -> written.addAll(all(items, full));
        default -> written.add(item);
      }
    }
    select.setSelectItems(written);
  }

  private List<SelectItem<?>> all(List<FromItem> items, Optional<FullJoin> full) {
    List<String> using = full.map(FullJoin::using).orElse(List.of());
    var all = new ArrayList<SelectItem<?>>();
    using.forEach(name -> all.add(new SelectItem<>(new Column(Identifiers.quote(name)))));
    for (FromItem item : items) {
      String table = Fragments.name(item);
      Lateral lateral = laterals.get(table);
      if (lateral != null) {
        all.addAll(all(table, List.copyOf(lateral.columns().keySet())));
      } else if (using.isEmpty()) {
        all.add(new SelectItem<>(new AllTableColumns(new Table(Identifiers.quote(table)))));
      } else {
        var rest =
            new ArrayList<>(
                columns(item)
                    .orElseThrow(() -> new UnsupportedOperationException("* of this FULL JOIN")));
        rest.removeAll(using);
        all.addAll(all(table, rest));
      }
    }
    return all;
  }

  private static List<SelectItem<?>> all(String table, List<String> names) {
    var items = new ArrayList<SelectItem<?>>();
    for (String name : names) {
      items.add(
          new SelectItem<>(
              new Column(new Table(Identifiers.quote(table)), Identifiers.quote(name))));
    }
    return items;
  }

  private Optional<List<String>> columns(FromItem item) {
    if (!(item instanceof Table table)) {
      return Optional.empty();
    }
    Optional<Relation> relation =
        catalog.relation(
            Optional.ofNullable(table.getSchemaName()).map(Identifiers::name),
            Identifiers.name(table.getName()));
    return relation.map(known -> known.columns().stream().map(column -> column.name()).toList());
  }
}
