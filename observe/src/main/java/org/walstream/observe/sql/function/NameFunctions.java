package org.walstream.observe.sql.function;

import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.walstream.observe.sql.catalog.Catalog;
import org.walstream.observe.sql.catalog.PgType;
import org.walstream.observe.sql.catalog.Relation;
import org.walstream.observe.sql.context.QueryContext;
import org.walstream.observe.sql.view.RoleOids;
import org.walstream.send.SqlType;
import org.walstream.send.hba.User;
import org.walstream.wire.SqlState;
import org.walstream.wire.server.ServerError;

/// `regclass`, `regtype`, `regnamespace` and `regrole`: numbers that are written and shown as
/// names.
///
/// Source: src/backend/utils/adt/regproc.c.
public final class NameFunctions {

  /// What types are called in SQL and not in the catalog, nor as they are shown.
  private static final Map<String, String> ALIASES =
      Map.of(
          "int", "int4",
          "decimal", "numeric",
          "float", "float8");

  private static final int PUBLIC_OID = 2200;

  private NameFunctions() {}

  /// As a value of `type` is shown.
  public static @Nullable String name(SqlType type, long oid) {
    return switch (type) {
      case REGCLASS -> relationName(oid);
      case REGTYPE -> typeName(oid);
      case REGNAMESPACE -> schemaName(oid);
      case REGROLE -> roleName(oid);
      default -> Long.toString(oid);
    };
  }

  public static @Nullable Long relation(@Nullable String name) throws SQLException {
    return found(name, relationOrNull(name), "relation", SqlState.UNDEFINED_TABLE);
  }

  public static @Nullable Long relationOrNull(@Nullable String name) {
    return oid(name, find(name).map(relation -> (long) relation.oid()));
  }

  public static @Nullable String relationName(@Nullable Long oid) {
    return shown(
        oid,
        catalog -> catalog.relation(oid == null ? 0 : oid.intValue()).map(Relation::qualifiedName));
  }

  public static @Nullable Long type(@Nullable String name) throws SQLException {
    return found(name, typeOrNull(name), "type", SqlState.UNDEFINED_OBJECT);
  }

  public static @Nullable Long typeOrNull(@Nullable String name) {
    if (name == null) {
      return null;
    }
    String bare =
        name.strip()
            .replaceFirst("^\"?pg_catalog\"?\\.", "")
            .replaceFirst("^\"((?!char\"$)[^\"]*)\"$", "$1")
            .replaceAll("\\s*\\([^)]*\\)", "");
    boolean array = bare.endsWith("[]");
    String element = array ? bare.substring(0, bare.length() - 2).strip() : bare;
    Optional<PgType> type = type(catalog(), element);
    return oid(
        name,
        (array ? type.filter(t -> t.array() != 0).map(PgType::array) : type.map(PgType::oid))
            .map(oid -> (long) oid));
  }

  private static Optional<PgType> type(Catalog catalog, String name) {
    String lower = name.toLowerCase(java.util.Locale.ROOT);
    String known = ALIASES.getOrDefault(lower, lower);
    return catalog.types().stream()
        .filter(type ->
            type.title().equals(known) || (type.name().equals(known) && !known.equals("char")))
        .findFirst()
        .or(() ->
            catalog.types().stream()
                .filter(type -> known.equals("char") && type.name().equals("bpchar"))
                .findFirst());
  }

  public static @Nullable String typeName(@Nullable Long oid) {
    return shown(oid, catalog -> catalog.type(oid == null ? 0 : oid.intValue()).map(PgType::title));
  }

  public static @Nullable Long schema(@Nullable String name) throws SQLException {
    return found(name, schemaOrNull(name), "schema", "3F000");
  }

  public static @Nullable Long schemaOrNull(@Nullable String name) {
    return oid(
        name,
        switch (unquoted(name)) {
          case Catalog.PG_CATALOG -> Optional.of((long) Catalog.PG_CATALOG_OID);
          case Catalog.WALSTREAM -> Optional.of((long) Catalog.WALSTREAM_OID);
          case Catalog.INFORMATION_SCHEMA -> Optional.of((long) Catalog.INFORMATION_SCHEMA_OID);
          case "public" -> Optional.of((long) PUBLIC_OID);
          default -> Optional.empty();
        });
  }

  public static @Nullable String schemaName(@Nullable Long oid) {
    return shown(
        oid,
        _ ->
            switch (oid == null ? 0 : oid.intValue()) {
              case Catalog.PG_CATALOG_OID -> Optional.of(Catalog.PG_CATALOG);
              case Catalog.WALSTREAM_OID -> Optional.of(Catalog.WALSTREAM);
              case Catalog.INFORMATION_SCHEMA_OID -> Optional.of(Catalog.INFORMATION_SCHEMA);
              case PUBLIC_OID -> Optional.of("public");
              default -> Optional.empty();
            });
  }

  public static @Nullable Long role(@Nullable String name) throws SQLException {
    return found(name, roleOrNull(name), "role", SqlState.UNDEFINED_OBJECT);
  }

  public static @Nullable Long roleOrNull(@Nullable String name) {
    String bare = unquoted(name);
    Optional<Long> predefined =
        Optional.ofNullable(RoleOids.PREDEFINED.get(bare)).map(Integer::longValue);
    Optional<Long> oid =
        QueryContext.current().status().users().stream()
            .map(User::name)
            .filter(bare::equals)
            .findFirst()
            .map(user -> (long) RoleOids.of(user));
    return oid(
        name,
        predefined
            .or(() -> oid)
            .or(() ->
                bare.equals(RoleOids.OWNER)
                    ? Optional.of((long) RoleOids.BOOTSTRAP_SUPERUSER)
                    : Optional.empty()));
  }

  public static @Nullable String roleName(@Nullable Long oid) {
    if (oid == null || oid == 0) {
      return oid == null ? null : "-";
    }
    String name = CatalogFunctions.userById(oid);
    return name.startsWith("unknown (OID") ? Long.toString(oid) : TextFunctions.quoteIdent(name);
  }

  private interface Lookup {
    Optional<String> in(Catalog catalog);
  }

  private static @Nullable String shown(@Nullable Long oid, Lookup lookup) {
    if (oid == null || oid == 0) {
      return oid == null ? null : "-";
    }
    return lookup.in(catalog()).orElse(Long.toString(oid));
  }

  /// Of what is in digits, the number; nothing is looked up.
  private static @Nullable Long oid(@Nullable String name, Optional<Long> found) {
    if (name != null && name.strip().matches("\\d{1,10}")) {
      return Long.valueOf(name.strip());
    }
    return "-".equals(name) ? Long.valueOf(0) : found.orElse(null);
  }

  private static @Nullable Long found(
      @Nullable String name, @Nullable Long oid, String what, String sqlState) throws SQLException {
    if (name != null && oid == null) {
      throw new RefusedException(
          ServerError.error(sqlState, "%s \"%s\" does not exist".formatted(what, name)));
    }
    return oid;
  }

  private static Optional<Relation> find(@Nullable String name) {
    String bare = name == null ? "" : name.strip().replace("\"", "");
    boolean qualified = bare.startsWith(Catalog.PG_CATALOG + ".");
    return catalog().relation(qualified ? bare.substring(Catalog.PG_CATALOG.length() + 1) : bare);
  }

  private static String unquoted(@Nullable String name) {
    return name == null ? "" : name.strip().replaceFirst("^\"(.*)\"$", "$1");
  }

  private static Catalog catalog() {
    return QueryContext.current().catalog();
  }
}
