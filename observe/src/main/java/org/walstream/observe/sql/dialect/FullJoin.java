package org.walstream.observe.sql.dialect;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import net.sf.jsqlparser.schema.Column;
import net.sf.jsqlparser.statement.select.FromItem;
import net.sf.jsqlparser.statement.select.Join;
import net.sf.jsqlparser.statement.select.PlainSelect;

/// `a FULL JOIN b ON c`, which the engine does not know, in words that it does: once for all of
/// `a`, once for what of `b` has found nobody.
///
/// ```
/// FROM (SELECT 1 AS side UNION ALL SELECT 2) AS sides
/// LEFT JOIN a ON side = 1
/// LEFT JOIN b ON (side = 1 AND c) OR (side = 2 AND NOT EXISTS (SELECT 1 FROM a WHERE c))
/// WHERE (side = 1 AND EXISTS (SELECT 1 FROM a))
///    OR (side = 2 AND EXISTS (SELECT 1 FROM b WHERE NOT EXISTS (SELECT 1 FROM a WHERE c)))
/// ```
///
/// @param using columns that both have and that are one in the result
record FullJoin(String left, String right, List<String> using) {

  private static final String SIDE = "\"full$side\"";

  /// Takes the first join of `select` for one.
  ///
  /// @throws UnsupportedOperationException where there is more to its left than one item
  static FullJoin replace(PlainSelect select, Join join) {
    FromItem left = select.getFromItem();
    String a = left.toString();
    String b = join.getFromItem().toString();
    List<String> using =
        join.getUsingColumns().stream().map(Column::getColumnName).map(Identifiers::name).toList();
    var full = new FullJoin(Fragments.name(left), Fragments.name(join.getFromItem()), using);
    if (select.getJoins().indexOf(join) != 0 || join.isNatural() || full.hasNoNames()) {
      throw new UnsupportedOperationException("FULL JOIN of this form");
    }
    String unmatched = "NOT EXISTS (SELECT 1 FROM %s WHERE %s)".formatted(a, full.condition(join));
    PlainSelect made =
        Fragments.select(
            """
            SELECT 1 FROM (SELECT 1 AS %1$s UNION ALL SELECT 2 AS %1$s) AS "full$sides"
            LEFT JOIN %2$s ON %1$s = 1
            LEFT JOIN %3$s ON (%1$s = 1 AND (%4$s)) OR (%1$s = 2 AND %5$s)
            WHERE ((%1$s = 1 AND EXISTS (SELECT 1 FROM %2$s))
              OR (%1$s = 2 AND EXISTS (SELECT 1 FROM %3$s WHERE %5$s)))%6$s
            """
                .formatted(
                    SIDE,
                    a,
                    b,
                    full.condition(join),
                    unmatched,
                    select.getWhere() == null ? "" : " AND (" + select.getWhere() + ")"));
    var joins = new ArrayList<>(made.getJoins());
    joins.addAll(select.getJoins().subList(1, select.getJoins().size()));
    select.setFromItem(made.getFromItem());
    select.setJoins(joins);
    select.setWhere(made.getWhere());
    return full;
  }

  private boolean hasNoNames() {
    return left.isEmpty() || right.isEmpty();
  }

  private String condition(Join join) {
    if (using.isEmpty()) {
      return join.getOnExpressions().stream()
          .map(on -> "(" + on + ")")
          .collect(Collectors.joining(" AND "));
    }
    return using.stream()
        .map(name -> column(left, name) + " = " + column(right, name))
        .collect(Collectors.joining(" AND "));
  }

  static String column(String table, String name) {
    return Identifiers.quote(table) + "." + Identifiers.quote(name);
  }
}
