package org.walstream.observe.sql.dialect;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.Function;
import net.sf.jsqlparser.expression.LongValue;
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
/// ```
///
/// @param columns the text of each
/// @param condition what has to hold for a row to be there
record Lateral(String name, Map<String, String> columns, Optional<String> condition) {

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
      throw new UnsupportedOperationException("LATERAL with several rows");
    }
    return Optional.of(
        new Lateral(
            Fragments.name(lateral), columns(select, types), condition(join, select, alwaysThere)));
  }

  private static boolean refersTo(String text, String name) {
    return Pattern.compile(
            "(?<![\\w\".])(?i:%s|%s)\\s*\\."
                .formatted(Pattern.quote(name), Pattern.quote(Identifiers.quote(name))))
        .matcher(text)
        .find();
  }

  private static boolean isAggregate(Expression expression) {
    return expression instanceof Function function
        && AGGREGATES.contains(StaticTypes.last(function.getName()));
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
