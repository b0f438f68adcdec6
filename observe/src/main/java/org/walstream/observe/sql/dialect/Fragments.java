package org.walstream.observe.sql.dialect;

import net.sf.jsqlparser.expression.Alias;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.schema.Table;
import net.sf.jsqlparser.statement.select.FromItem;
import net.sf.jsqlparser.statement.select.PlainSelect;
import net.sf.jsqlparser.statement.select.Select;
import net.sf.jsqlparser.statement.select.TableFunction;
import org.walstream.wire.server.ServerError;

/// Pieces of a query that are put together anew: as texts, since what is written changes what it
/// was written of.
final class Fragments {

  private Fragments() {}

  /// @throws UnsupportedOperationException if the parser does not know its own words again
  static PlainSelect select(String sql) {
    try {
      if (Translator.parse(sql) instanceof PlainSelect select) {
        return select;
      }
    } catch (ServerError e) {
      // as if it were another kind of statement
    }
    throw new UnsupportedOperationException("a join of this form");
  }

  /// A query of any form.
  static Select query(String sql) {
    try {
      if (Translator.parse(sql) instanceof Select select) {
        return select;
      }
    } catch (ServerError e) {
      // as if it were another kind of statement
    }
    throw new UnsupportedOperationException("a query of this form");
  }

  static Expression expression(String sql) {
    return select("SELECT " + sql).getSelectItem(0).getExpression();
  }

  /// What columns of `item` are qualified by; empty if by nothing.
  static String name(FromItem item) {
    Alias alias = item.getAlias();
    if (alias != null) {
      return Identifiers.name(alias.getName());
    }
    return switch (item) {
      case Table table -> Identifiers.name(table.getName());
      case TableFunction function -> StaticTypes.last(function.getFunction().getName());
      default -> "";
    };
  }
}
