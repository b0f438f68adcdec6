package org.walstream.observe.sql.catalog;

import java.util.List;
import java.util.Optional;
import org.walstream.send.RowSet.Column;

/// A table or view that can be asked.
///
/// @param kind pg_class.relkind: `r` or `v`
/// @param columns in the order of `SELECT *`
public record Relation(String schema, String name, int oid, char kind, List<Column> columns) {

  public Relation {
    columns = List.copyOf(columns);
  }

  /// How it is called without a search path: schema and name, or the name alone of PostgreSQL's
  /// own.
  public String qualifiedName() {
    return schema.equals(Catalog.PG_CATALOG) ? name : schema + "." + name;
  }

  public Optional<Column> column(String name) {
    return columns.stream().filter(c -> c.name().equals(name)).findFirst();
  }
}
