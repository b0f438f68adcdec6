package org.walstream.observe.sql.view;

import java.util.ArrayList;
import java.util.List;
import org.walstream.observe.sql.catalog.Catalog;
import org.walstream.observe.sql.catalog.Relation;
import org.walstream.observe.sql.context.QueryContext;
import org.walstream.send.RowSet.Column;

/// The SQL standard's views of what relations there are; the others are empty.
///
/// Source: src/backend/catalog/information_schema.sql.
final class InformationViews {

  private InformationViews() {}

  static List<Row> schemata(QueryContext context) {
    return List.of(Catalog.PG_CATALOG, Catalog.INFORMATION_SCHEMA, "public", Catalog.WALSTREAM)
        .stream()
        .map(schema ->
            Row.of("catalog_name", database(context))
                .with("schema_name", schema)
                .with("schema_owner", RoleOids.OWNER))
        .toList();
  }

  static List<Row> tables(QueryContext context) {
    return context.catalog().relations().stream()
        .filter(relation -> !relation.isSecret())
        .map(relation ->
            Row.of("table_catalog", database(context))
                .with("table_schema", relation.schema())
                .with("table_name", relation.name())
                .with("table_type", relation.kind() == 'v' ? "VIEW" : "BASE TABLE")
                .with("is_insertable_into", relation.kind() == 'v' ? "NO" : "YES")
                .with("is_typed", "NO"))
        .toList();
  }

  static List<Row> views(QueryContext context) {
    return context.catalog().relations().stream()
        .filter(relation -> relation.kind() == 'v' && !relation.isSecret())
        .map(relation ->
            Row.of("table_catalog", database(context))
                .with("table_schema", relation.schema())
                .with("table_name", relation.name())
                .with("check_option", "NONE")
                .with("is_updatable", "NO")
                .with("is_insertable_into", "NO")
                .with("is_trigger_updatable", "NO")
                .with("is_trigger_deletable", "NO")
                .with("is_trigger_insertable_into", "NO"))
        .toList();
  }

  static List<Row> columns(QueryContext context) {
    var rows = new ArrayList<Row>();
    for (Relation relation : context.catalog().relations()) {
      int position = 0;
      for (Column column : relation.isSecret() ? List.<Column>of() : relation.columns()) {
        boolean array = column.type().isArray();
        var type = context.catalog().type(column.type().oid());
        rows.add(
            Row.of("table_catalog", database(context))
                .with("table_schema", relation.schema())
                .with("table_name", relation.name())
                .with("column_name", column.name())
                .with("ordinal_position", ++position)
                .with("is_nullable", "YES")
                .with("data_type", array ? "ARRAY" : type.map(t -> t.title()).orElse(""))
                .with("udt_catalog", database(context))
                .with("udt_schema", Catalog.PG_CATALOG)
                .with("udt_name", type.map(t -> t.name()).orElse(""))
                .with("dtd_identifier", Integer.toString(position))
                .with("is_self_referencing", "NO")
                .with("is_identity", "NO")
                .with("is_generated", "NEVER")
                .with("is_updatable", relation.kind() == 'v' ? "NO" : "YES"));
      }
    }
    return rows;
  }

  private static String database(QueryContext context) {
    return context.session().client().database();
  }
}
