package org.walstream.observe.sql.dialect;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.walstream.send.SqlType;

/// The names of types in casts.
final class TypeNames {

  private static final Map<String, SqlType> TYPES =
      Map.ofEntries(
          Map.entry("bool", SqlType.BOOL),
          Map.entry("boolean", SqlType.BOOL),
          Map.entry("bytea", SqlType.BYTEA),
          Map.entry("\"char\"", SqlType.CHAR),
          Map.entry("name", SqlType.NAME),
          Map.entry("int8", SqlType.INT8),
          Map.entry("bigint", SqlType.INT8),
          Map.entry("int2", SqlType.INT2),
          Map.entry("smallint", SqlType.INT2),
          Map.entry("int4", SqlType.INT4),
          Map.entry("int", SqlType.INT4),
          Map.entry("integer", SqlType.INT4),
          Map.entry("text", SqlType.TEXT),
          Map.entry("varchar", SqlType.VARCHAR),
          Map.entry("character varying", SqlType.VARCHAR),
          Map.entry("char", SqlType.BPCHAR),
          Map.entry("character", SqlType.BPCHAR),
          Map.entry("bpchar", SqlType.BPCHAR),
          Map.entry("cstring", SqlType.TEXT),
          Map.entry("oid", SqlType.OID),
          Map.entry("xid", SqlType.XID),
          Map.entry("xid8", SqlType.XID8),
          Map.entry("json", SqlType.JSON),
          Map.entry("jsonb", SqlType.JSONB),
          Map.entry("float4", SqlType.FLOAT4),
          Map.entry("real", SqlType.FLOAT4),
          Map.entry("float8", SqlType.FLOAT8),
          Map.entry("float", SqlType.FLOAT8),
          Map.entry("double precision", SqlType.FLOAT8),
          Map.entry("inet", SqlType.INET),
          Map.entry("cidr", SqlType.CIDR),
          Map.entry("date", SqlType.DATE),
          Map.entry("timestamp", SqlType.TIMESTAMP),
          Map.entry("timestamp without time zone", SqlType.TIMESTAMP),
          Map.entry("timestamptz", SqlType.TIMESTAMPTZ),
          Map.entry("timestamp with time zone", SqlType.TIMESTAMPTZ),
          Map.entry("interval", SqlType.INTERVAL),
          Map.entry("numeric", SqlType.NUMERIC),
          Map.entry("decimal", SqlType.NUMERIC),
          Map.entry("regtype", SqlType.REGTYPE),
          Map.entry("regproc", SqlType.REGPROC),
          Map.entry("pg_lsn", SqlType.PG_LSN),
          Map.entry("time", SqlType.TIME),
          Map.entry("time without time zone", SqlType.TIME),
          Map.entry("uuid", SqlType.UUID),
          Map.entry("macaddr", SqlType.MACADDR),
          Map.entry("regclass", SqlType.REGCLASS),
          Map.entry("regnamespace", SqlType.REGNAMESPACE),
          Map.entry("regrole", SqlType.REGROLE));

  private TypeNames() {}

  /// The name alone: in lower case, without schema and modifiers.
  static String bare(String written) {
    return written
        .toLowerCase(Locale.ROOT)
        .strip()
        .replaceFirst("^\"?pg_catalog\"?\\.", "")
        .replaceAll("\\s*\\([^)]*\\)", "")
        .replaceAll("\\s+", " ")
        .replaceAll(" ?\\[ ?\\d* ?\\]", "[]")
        .replaceFirst("^\"(?!char\")([a-z0-9_]+)\"", "$1");
  }

  /// `int4[]` and `_int4` too.
  static Optional<SqlType> find(String written) {
    String name = bare(written);
    boolean underscore = name.startsWith("_");
    if (underscore || name.endsWith("[]")) {
      String element = underscore ? name.substring(1) : name.substring(0, name.length() - 2);
      return Optional.ofNullable(TYPES.get(element)).flatMap(SqlType::array);
    }
    return Optional.ofNullable(TYPES.get(name));
  }

  /// A name of the type that [#find] knows.
  static String of(SqlType type) {
    Optional<SqlType> element = type.element().filter(_ -> type.isArray());
    if (element.isPresent()) {
      return of(element.get()) + "[]";
    }
    return type == SqlType.CHAR ? "\"char\"" : type.name().toLowerCase(Locale.ROOT);
  }
}
