package org.walstream.observe.sql.catalog;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.walstream.send.RowSet.Column;

/// A table or view that can be asked.
///
/// @param kind pg_class.relkind: `r` or `v`
/// @param columns in the order of `SELECT *`
public record Relation(String schema, String name, int oid, char kind, List<Column> columns) {

  private static final Set<String> SECRET =
      Set.of(
          "pg_authid",
          "pg_shadow",
          "pg_statistic",
          "pg_config",
          "pg_user_mapping",
          "pg_largeobject");

  public Relation {
    columns = List.copyOf(columns);
  }

  /// How it is called without a search path: schema and name, or the name alone of PostgreSQL's
  /// own.
  public String qualifiedName() {
    return schema.equals(Catalog.PG_CATALOG) ? name : schema + "." + name;
  }

  /// The number of its schema.
  public int schemaOid() {
    return switch (schema) {
      case Catalog.WALSTREAM -> Catalog.WALSTREAM_OID;
      case Catalog.INFORMATION_SCHEMA -> Catalog.INFORMATION_SCHEMA_OID;
      default -> Catalog.PG_CATALOG_OID;
    };
  }

  /// What the engine calls its schema: it has an information_schema of its own, of which nobody is
  /// to see anything.
  public String engineSchema() {
    return schema.equals(Catalog.INFORMATION_SCHEMA) ? "walstream$" + schema : schema;
  }

  /// What only superusers may read.
  public boolean isSecret() {
    return SECRET.contains(qualifiedName());
  }

  public Optional<Column> column(String name) {
    return columns.stream().filter(c -> c.name().equals(name)).findFirst();
  }
}
