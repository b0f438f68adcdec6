package org.walstream.observe.sql.view;

import java.util.ArrayList;
import java.util.List;
import org.walstream.observe.sql.catalog.Catalog;
import org.walstream.observe.sql.catalog.PgType;
import org.walstream.observe.sql.catalog.Relation;
import org.walstream.observe.sql.context.QueryContext;
import org.walstream.send.RowSet.Column;

/// What psql and drivers look up of the relations there are: `pg_class`, `pg_attribute`, `pg_type`,
/// `pg_namespace`, `pg_database` and the like.
final class CatalogViews {

  /// The one database there is, by whatever name somebody calls it.
  static final int DATABASE_OID = 5;

  private static final int DEFAULT_TABLESPACE = 1663;
  private static final int GLOBAL_TABLESPACE = 1664;
  private static final int PUBLIC_OID = 2200;
  private static final int HEAP = 2;
  private static final int UTF8 = 6;

  private CatalogViews() {}

  static List<Row> classes(QueryContext context) {
    var rows = new ArrayList<Row>();
    for (Relation relation : context.catalog().relations()) {
      boolean view = relation.kind() == 'v';
      rows.add(
          Row.of("oid", relation.oid())
              .with("relname", relation.name())
              .with("relnamespace", relation.schemaOid())
              .with("reltype", 0)
              .with("reloftype", 0)
              .with("relowner", RoleOids.BOOTSTRAP_SUPERUSER)
              .with("relam", view ? 0 : HEAP)
              .with("relfilenode", 0)
              .with("reltablespace", 0)
              .with("relpages", 0)
              .with("reltuples", 0f)
              .with("relallvisible", 0)
              .with("relallfrozen", 0)
              .with("reltoastrelid", 0)
              .with("relhasindex", false)
              .with("relisshared", false)
              .with("relpersistence", "p")
              .with("relkind", String.valueOf(relation.kind()))
              .with("relnatts", (short) relation.columns().size())
              .with("relchecks", (short) 0)
              .with("relhasrules", view)
              .with("relhastriggers", false)
              .with("relhassubclass", false)
              .with("relrowsecurity", false)
              .with("relforcerowsecurity", false)
              .with("relispopulated", true)
              .with("relreplident", "n")
              .with("relispartition", false)
              .with("relrewrite", 0)
              .with("relfrozenxid", 0L)
              .with("relminmxid", 0L));
    }
    return rows;
  }

  static List<Row> attributes(QueryContext context) {
    var rows = new ArrayList<Row>();
    for (Relation relation : context.catalog().relations()) {
      int number = 0;
      for (Column column : relation.columns()) {
        number++;
        rows.add(
            Row.of("attrelid", relation.oid())
                .with("attname", column.name())
                .with("atttypid", column.type().oid())
                .with("attlen", (short) column.type().length())
                .with("attnum", (short) number)
                .with("atttypmod", -1)
                .with("attndims", (short) (column.type().element().isPresent() ? 1 : 0))
                .with("attbyval", false)
                .with("attalign", "i")
                .with("attstorage", column.type().length() < 0 ? "x" : "p")
                .with("attcompression", "")
                .with("attnotnull", false)
                .with("atthasdef", false)
                .with("atthasmissing", false)
                .with("attidentity", "")
                .with("attgenerated", "")
                .with("attisdropped", false)
                .with("attislocal", true)
                .with("attinhcount", (short) 0)
                .with("attcollation", 0));
      }
    }
    return rows;
  }

  static List<Row> types(QueryContext context) {
    var rows = new ArrayList<Row>();
    for (PgType type : context.catalog().types()) {
      rows.add(
          Row.of("oid", type.oid())
              .with("typname", type.name())
              .with("typnamespace", Catalog.PG_CATALOG_OID)
              .with("typowner", RoleOids.BOOTSTRAP_SUPERUSER)
              .with("typlen", (short) type.length())
              .with("typbyval", type.length() > 0 && type.length() <= Long.BYTES)
              .with("typtype", type.category() == 'P' ? "p" : "b")
              .with("typcategory", String.valueOf(type.category()))
              .with("typispreferred", false)
              .with("typisdefined", true)
              .with("typdelim", ",")
              .with("typrelid", 0)
              .with("typelem", type.element())
              .with("typarray", type.array())
              .with("typinput", type.name() + "in")
              .with("typoutput", type.name() + "out")
              .with("typreceive", type.name() + "recv")
              .with("typsend", type.name() + "send")
              .with("typnotnull", false)
              .with("typbasetype", 0)
              .with("typtypmod", -1)
              .with("typndims", 0)
              .with("typcollation", 0));
    }
    return rows;
  }

  static List<Row> namespaces(QueryContext context) {
    return List.of(
        namespace(Catalog.PG_CATALOG_OID, Catalog.PG_CATALOG),
        namespace(PUBLIC_OID, "public"),
        namespace(Catalog.INFORMATION_SCHEMA_OID, Catalog.INFORMATION_SCHEMA),
        namespace(Catalog.WALSTREAM_OID, Catalog.WALSTREAM));
  }

  private static Row namespace(int oid, String name) {
    return Row.of("oid", oid).with("nspname", name).with("nspowner", RoleOids.BOOTSTRAP_SUPERUSER);
  }

  static List<Row> databases(QueryContext context) {
    return List.of(
        Row.of("oid", DATABASE_OID)
            .with("datname", context.session().client().database())
            .with("datdba", RoleOids.BOOTSTRAP_SUPERUSER)
            .with("encoding", UTF8)
            .with("datlocprovider", "c")
            .with("datistemplate", false)
            .with("datallowconn", true)
            .with("dathasloginevt", false)
            .with("datconnlimit", -1)
            .with("datfrozenxid", 0L)
            .with("datminmxid", 0L)
            .with("dattablespace", DEFAULT_TABLESPACE)
            .with("datcollate", "C")
            .with("datctype", "C"));
  }

  static List<Row> tablespaces(QueryContext context) {
    return List.of(
        tablespace(DEFAULT_TABLESPACE, "pg_default"), tablespace(GLOBAL_TABLESPACE, "pg_global"));
  }

  private static Row tablespace(int oid, String name) {
    return Row.of("oid", oid).with("spcname", name).with("spcowner", RoleOids.BOOTSTRAP_SUPERUSER);
  }

  static List<Row> accessMethods(QueryContext context) {
    return List.of(
        Row.of("oid", HEAP)
            .with("amname", "heap")
            .with("amhandler", "heap_tableam_handler")
            .with("amtype", "t"));
  }

  static List<Row> views(QueryContext context) {
    return context.catalog().relations().stream()
        .filter(relation -> relation.kind() == 'v')
        .map(relation ->
            Row.of("schemaname", relation.schema())
                .with("viewname", relation.name())
                .with("viewowner", RoleOids.OWNER))
        .toList();
  }

  static List<Row> tables(QueryContext context) {
    return context.catalog().relations().stream()
        .filter(relation -> relation.kind() == 'r')
        .map(relation ->
            Row.of("schemaname", relation.schema())
                .with("tablename", relation.name())
                .with("tableowner", RoleOids.OWNER)
                .with("hasindexes", false)
                .with("hasrules", false)
                .with("hastriggers", false)
                .with("rowsecurity", false))
        .toList();
  }
}
