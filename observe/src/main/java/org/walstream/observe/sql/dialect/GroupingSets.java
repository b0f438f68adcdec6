package org.walstream.observe.sql.dialect;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.sf.jsqlparser.expression.CastExpression;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.Function;
import net.sf.jsqlparser.expression.LongValue;
import net.sf.jsqlparser.expression.operators.relational.ExpressionList;
import net.sf.jsqlparser.expression.operators.relational.ParenthesedExpressionList;
import net.sf.jsqlparser.schema.Column;
import net.sf.jsqlparser.statement.select.OrderByElement;
import net.sf.jsqlparser.statement.select.PlainSelect;
import net.sf.jsqlparser.statement.select.SelectItem;
import net.sf.jsqlparser.util.deparser.ExpressionDeParser;
import net.sf.jsqlparser.util.deparser.SelectDeParser;

/// `GROUP BY ROLLUP (a, b)`, `CUBE (a, b)` and `GROUPING SETS ((a), ())`, which the engine does not
/// know, in words that it does: one SELECT for each set, in which what is not in it is NULL.
///
/// ```
/// SELECT a, sum(x) FROM t GROUP BY ROLLUP (a)
///
/// (SELECT a, sum(x) FROM t GROUP BY a UNION ALL SELECT NULL, sum(x) FROM t HAVING count(*) >= 0)
/// ```
final class GroupingSets {

  private static final Set<String> WORDS = Set.of("rollup", "cube");
  private static final int SETS_MAX = 64;

  private final PlainSelect select;

  private GroupingSets(PlainSelect select) {
    this.select = select;
  }

  /// @return the query's text; empty if it groups by one set, or not at all
  static Optional<String> written(PlainSelect select) {
    return isPlain(select) ? Optional.empty() : Optional.of(new GroupingSets(select).written());
  }

  private static boolean isPlain(PlainSelect select) {
    return select.getGroupBy() == null
        || (select.getGroupBy().getGroupingSets().isEmpty()
            && groups(select).stream().noneMatch(GroupingSets::isWord));
  }

  private static List<? extends Expression> groups(PlainSelect select) {
    ExpressionList<Expression> groups = select.getGroupBy().getGroupByExpressionList();
    return groups == null ? List.of() : groups;
  }

  private static boolean isWord(Expression group) {
    return group instanceof Function function
        && WORDS.contains(StaticTypes.last(function.getName()));
  }

  private String written() {
    if (select.getDistinct() != null || select.getWindowDefinitions() != null) {
      throw new UnsupportedOperationException("grouping sets of this form");
    }
    String order = order();
    String limit =
        (select.getLimit() == null ? "" : select.getLimit().toString())
            + (select.getOffset() == null ? "" : select.getOffset().toString());
    List<Set<String>> sets = sets();
    var all = new LinkedHashSet<String>();
    sets.forEach(all::addAll);
    var branches = new ArrayList<String>();
    for (Set<String> set : sets) {
      branches.add(branch(set, all));
    }
    return String.join(" UNION ALL ", branches) + order + limit;
  }

  // The sets

  private List<Set<String>> sets() {
    List<Set<String>> sets = List.of(Set.of());
    for (Expression group : groups(select)) {
      sets = crossed(sets, isWord(group) ? setsOf((Function) group) : List.of(Set.of(text(group))));
    }
    var listed = new ArrayList<Set<String>>();
    for (ExpressionList<Expression> set : select.getGroupBy().getGroupingSets()) {
      var texts = new LinkedHashSet<String>();
      set.forEach(expression -> texts.add(text(expression)));
      listed.add(texts);
    }
    return listed.isEmpty() ? sets : crossed(sets, listed);
  }

  /// `GROUP BY 1` too.
  private String text(Expression group) {
    if (group instanceof LongValue number
        && number.getValue() >= 1
        && number.getValue() <= select.getSelectItems().size()) {
      return select.getSelectItem((int) number.getValue() - 1).getExpression().toString();
    }
    return group instanceof ParenthesedExpressionList<?> list && list.size() == 1
        ? text(list.getFirst())
        : group.toString();
  }

  private List<Set<String>> setsOf(Function word) {
    List<String> columns = Arguments.ofClause(word).stream().map(this::text).toList();
    boolean cube = StaticTypes.last(word.getName()).equals("cube");
    requireFew(cube ? Math.scalb(1, columns.size()) : columns.size() + 1);
    var sets = new ArrayList<Set<String>>();
    if (cube) {
      for (int chosen = (1 << columns.size()) - 1; chosen >= 0; chosen--) {
        var set = new LinkedHashSet<String>();
        for (int i = 0; i < columns.size(); i++) {
          if ((chosen >> (columns.size() - 1 - i) & 1) == 1) {
            set.add(columns.get(i));
          }
        }
        sets.add(set);
      }
    } else {
      for (int length = columns.size(); length >= 0; length--) {
        sets.add(new LinkedHashSet<>(columns.subList(0, length)));
      }
    }
    return sets;
  }

  private static void requireFew(double sets) {
    if (sets > SETS_MAX) {
      throw new UnsupportedOperationException("more than %d grouping sets".formatted(SETS_MAX));
    }
  }

  private static List<Set<String>> crossed(List<Set<String>> some, List<Set<String>> others) {
    requireFew((double) some.size() * others.size());
    var crossed = new ArrayList<Set<String>>();
    for (Set<String> one : some) {
      for (Set<String> other : others) {
        var both = new LinkedHashSet<>(one);
        both.addAll(other);
        crossed.add(both);
      }
    }
    return crossed;
  }

  // One SELECT of each

  private String branch(Set<String> set, Set<String> all) {
    PlainSelect one = Fragments.select(select.toString());
    var missing = new LinkedHashSet<>(all);
    missing.removeAll(set);
    var items = new ArrayList<String>();
    for (SelectItem<?> item : one.getSelectItems()) {
      items.add(
          without(item.getExpression(), set, missing)
              + " AS "
              + Identifiers.quote(ColumnNames.of(item)));
    }
    String having = one.getHaving() == null ? "" : without(one.getHaving(), set, missing);
    one.setGroupByElement(null);
    one.setHaving(null);
    one.setOrderByElements(null);
    one.setLimit(null);
    one.setOffset(null);
    one.setSelectItems(Fragments.select("SELECT " + String.join(", ", items)).getSelectItems());
    if (!set.isEmpty()) {
      return one
          + " GROUP BY "
          + String.join(", ", set)
          + (having.isEmpty() ? "" : " HAVING " + having);
    }
    return one + " HAVING count(*) >= 0" + (having.isEmpty() ? "" : " AND (" + having + ")");
  }

  /// `expression` with NULL in the place of what is missing, but in what aggregates look at.
  private static String without(Expression expression, Set<String> set, Set<String> missing) {
    var writer =
        new ExpressionDeParser() {
          @Override
          public <S> StringBuilder visit(Column column, S context) {
            return isMissing(column) ? builder.append("NULL") : super.visit(column, context);
          }

          @Override
          public <S> StringBuilder visit(CastExpression cast, S context) {
            return isMissing(cast) ? builder.append("NULL") : super.visit(cast, context);
          }

          @Override
          public <S> StringBuilder visit(Function function, S context) {
            String name = StaticTypes.last(function.getName());
            if (isMissing(function)) {
              return builder.append("NULL");
            } else if (name.equals("grouping")) {
              return builder.append(grouping(function));
            } else if (Lateral.isAggregate(function)) {
              return builder.append(function);
            }
            return super.visit(function, context);
          }

          private boolean isMissing(Expression part) {
            return missing.contains(part.toString());
          }

          /// A bit for each, set if it is not in the set.
          private int grouping(Function function) {
            int bits = 0;
            for (Expression argument : Arguments.ofClause(function)) {
              boolean here = set.contains(argument.toString());
              if (!here && !missing.contains(argument.toString())) {
                throw new UnsupportedOperationException("GROUPING of something else");
              }
              bits = bits << 1 | (here ? 0 : 1);
            }
            return bits;
          }
        };
    writer.setSelectVisitor(new SelectDeParser(writer, writer.getBuilder()));
    return expression.accept(writer, null).toString();
  }

  // Around them

  private String order() {
    if (select.getOrderByElements() == null) {
      return "";
    }
    var numbers = new ArrayList<String>();
    for (OrderByElement element : select.getOrderByElements()) {
      Expression by = element.getExpression();
      String written = element.toString();
      String rest = written.substring(by.toString().length());
      numbers.add((by instanceof LongValue ? by.toString() : String.valueOf(column(by))) + rest);
    }
    return " ORDER BY " + String.join(", ", numbers);
  }

  private int column(Expression by) {
    for (int i = 0; i < select.getSelectItems().size(); i++) {
      SelectItem<?> item = select.getSelectItem(i);
      boolean named =
          by instanceof Column column
              && column.getTable() == null
              && ColumnNames.of(item).equals(Identifiers.name(column.getColumnName()));
      if (named || item.getExpression().toString().equals(by.toString())) {
        return i + 1;
      }
    }
    throw new UnsupportedOperationException("grouping sets sorted by what is not selected");
  }
}
