package org.walstream.observe.sql.dialect;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import net.sf.jsqlparser.expression.AnalyticExpression;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.Function;
import net.sf.jsqlparser.expression.LongValue;
import net.sf.jsqlparser.statement.select.AllColumns;
import net.sf.jsqlparser.statement.select.FromItem;
import net.sf.jsqlparser.statement.select.Join;
import net.sf.jsqlparser.statement.select.LateralSubSelect;
import net.sf.jsqlparser.statement.select.PlainSelect;
import net.sf.jsqlparser.statement.select.SelectItem;

/// `LATERAL (SELECT …) AS name` that refers to what stands before it, which the engine does not
/// know. Where it has one row at most, each of its columns is a subquery of its own in the place
/// where it is used:
///
/// ```
/// SELECT e                                 e
/// SELECT count(*) FROM t WHERE …           (SELECT count(*) FROM t WHERE …)
/// SELECT e FROM t WHERE … LIMIT 1          (SELECT e FROM t WHERE … LIMIT 1), and a row only EXISTS if there is one
/// SELECT e FROM t WHERE …                  e, of a join with t on what the condition was
/// ```
///
/// @param columns the text of each
/// @param condition what has to hold for a row to be there
/// @param rows what is joined in its place where it may have several rows: a join as any other,
///   whose condition is the subquery's
record Lateral(
    String name, Map<String, String> columns, Optional<String> condition, Optional<Join> rows) {

  private static final Set<String> AGGREGATES =
      Set.of(
          "count",
          "sum",
          "min",
          "max",
          "avg",
          "bool_and",
          "bool_or",
          "every",
          "string_agg",
          "array_agg");

  static boolean isAggregate(String function) {
    return AGGREGATES.contains(function);
  }

  private static final Set<String> TRUE = Set.of("true", "(true)", "1 = 1");

  /// @param before the names of what stands before it
  /// @return empty when it refers to nothing there, and needs no LATERAL
  /// @throws UnsupportedOperationException where it may have several rows
  static Optional<Lateral> of(Join join, Set<String> before, StaticTypes types) {
    if (!(join.getFromItem() instanceof LateralSubSelect lateral)
        || before.stream().noneMatch(name -> refersTo(lateral.toString(), name))) {
      return Optional.empty();
    }
    if (!(lateral.getSelect() instanceof PlainSelect select)
        || select.getGroupBy() != null
        || select.getHaving() != null
        || lateral.getAlias() == null
        || lateral.getAlias().getAliasColumns() != null) {
      throw new UnsupportedOperationException("LATERAL of this form");
    }
    boolean alwaysThere =
        select.getFromItem() == null
            ? select.getWhere() == null
            : select.getSelectItems().stream().allMatch(item -> isAggregate(item.getExpression()));
    if (!alwaysThere && !isOne(select)) {
      return Optional.of(spread(join, select, lateral, before, types));
    }
    return Optional.of(
        new Lateral(
            Fragments.name(lateral),
            columns(select, types),
            condition(join, select, alwaysThere),
            Optional.empty()));
  }

  /// `a, LATERAL (SELECT e FROM t WHERE c) l` is a join of `a` and `t` on `c`.
  private static Lateral spread(
      Join join,
      PlainSelect select,
      LateralSubSelect lateral,
      Set<String> before,
      StaticTypes types) {
    FromItem from = select.getFromItem();
    boolean simple =
        from != null
            && (select.getJoins() == null || select.getJoins().isEmpty())
            && select.getDistinct() == null
            && select.getLimit() == null
            && select.getOffset() == null
            && select.getSelectItems().stream()
                .noneMatch(item ->
                    item.getExpression() instanceof AllColumns
                        || item.getExpression() instanceof AnalyticExpression
                        || isAggregate(item.getExpression()));
    if (!simple || join.isRight() || join.isFull() || !join.getUsingColumns().isEmpty()) {
      throw new UnsupportedOperationException("LATERAL with several rows");
    }
    String table = Fragments.name(from);
    if (table.isEmpty() || before.contains(table)) {
      throw new UnsupportedOperationException("LATERAL of a table that is joined already");
    }
    var columns = new LinkedHashMap<String, String>();
    for (SelectItem<?> item : select.getSelectItems()) {
      types.name(ColumnNames.of(item), item.getExpression());
      columns.put(ColumnNames.of(item), "(" + types.qualified(item.getExpression(), from) + ")");
    }
    var conditions = new ArrayList<Expression>();
    if (select.getWhere() != null) {
      conditions.add(Fragments.expression("(" + types.qualified(select.getWhere(), from) + ")"));
    }
    join.getOnExpressions().forEach(conditions::add);
    var rows = new Join();
    rows.setFromItem(from);
    if (join.isLeft()) {
      rows.setLeft(true);
    } else {
      rows.setInner(true);
    }
    rows.setOnExpressions(
        List.of(
            conditions.isEmpty()
                ? Fragments.expression("1 = 1")
                : Fragments.expression(
                    conditions.stream()
                        .map(Object::toString)
                        .collect(Collectors.joining(" AND ")))));
    return new Lateral(Fragments.name(lateral), columns, Optional.empty(), Optional.of(rows));
  }

  private static boolean refersTo(String text, String name) {
    return Pattern.compile(
            "(?<![\\w\".])(?i:%s|%s)\\s*\\."
                .formatted(Pattern.quote(name), Pattern.quote(Identifiers.quote(name))))
        .matcher(text)
        .find();
  }

  static boolean isAggregate(Expression expression) {
    return expression instanceof Function function
        && isAggregate(StaticTypes.last(function.getName()));
  }

  private static boolean isOne(PlainSelect select) {
    return select.getLimit() != null
        && select.getLimit().getRowCount() instanceof LongValue number
        && number.getValue() == 1;
  }

  private static Map<String, String> columns(PlainSelect select, StaticTypes types) {
    var columns = new LinkedHashMap<String, String>();
    for (SelectItem<?> item : select.getSelectItems()) {
      types.name(ColumnNames.of(item), item.getExpression());
      PlainSelect one = Fragments.select(select.toString());
      one.setSelectItems(
          List.of(Fragments.select("SELECT " + item.getExpression()).getSelectItem(0)));
      String text = select.getFromItem() == null ? item.getExpression().toString() : one.toString();
      columns.put(ColumnNames.of(item), "(" + text + ")");
    }
    return columns;
  }

  private static Optional<String> condition(Join join, PlainSelect select, boolean alwaysThere) {
    boolean unconditional =
        join.getOnExpressions().stream()
            .allMatch(on -> TRUE.contains(on.toString().toLowerCase(Locale.ROOT)));
    if (!unconditional || join.isRight()) {
      throw new UnsupportedOperationException("LATERAL with a condition");
    }
    return alwaysThere || join.isLeft() ? Optional.empty() : Optional.of("EXISTS (" + select + ")");
  }
}
