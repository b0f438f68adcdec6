package org.walstream.observe.sql.function;

import java.sql.SQLException;
import org.h2.value.Value;
import org.jspecify.annotations.Nullable;
import org.walstream.observe.sql.catalog.Catalog;
import org.walstream.observe.sql.catalog.PgType;
import org.walstream.observe.sql.catalog.Relation;
import org.walstream.observe.sql.context.QueryContext;
import org.walstream.observe.sql.view.RoleOids;
import org.walstream.send.hba.User;
import org.walstream.wire.SqlState;
import org.walstream.wire.server.ServerError;

/// Names of things, looked up by their numbers, and the other way round.
public final class CatalogFunctions {

  private static final int UTF8 = 6;

  private CatalogFunctions() {}

  public static @Nullable String formatType(@Nullable Long oid, @Nullable Integer modifier) {
    if (oid == null) {
      return null;
    }
    return oid == 0 ? "-" : catalog().type(oid.intValue()).map(PgType::title).orElse("???");
  }

  public static String userById(long oid) {
    if (oid == RoleOids.BOOTSTRAP_SUPERUSER) {
      return RoleOids.OWNER;
    }
    for (User user : QueryContext.current().status().users()) {
      if (RoleOids.of(user.name()) == oid) {
        return user.name();
      }
    }
    for (var role : RoleOids.PREDEFINED.entrySet()) {
      if (role.getValue() == oid) {
        return role.getKey();
      }
    }
    return "unknown (OID=%d)".formatted(oid);
  }

  /// Everything there is is in the search path, but for the node's own schema.
  public static boolean isVisible(Value oid) {
    return oid.getValueType() == Value.NULL
        || catalog()
            .relation(oid.getInt())
            .map(relation -> !relation.schema().equals(Catalog.WALSTREAM))
            .orElse(true);
  }

  public static boolean no(Value oid) {
    return false;
  }

  public static long nothing(Value about) {
    return 0;
  }

  /// A node knows no transactions, and so not how old one is.
  public static @Nullable Integer noNumber(Value about) {
    return null;
  }

  public static @Nullable String noText(Value about) {
    return null;
  }

  public static @Nullable String noText(Value about, Value more) {
    return null;
  }

  public static @Nullable String noText(Value about, Value more, Value pretty) {
    return null;
  }

  public static String encodingName(int encoding) {
    return encoding == UTF8 ? "UTF8" : "";
  }

  /// The number of a relation by its name, perhaps with its schema, or in digits.
  public static long relation(String name) throws SQLException {
    String digits = name.strip();
    if (digits.matches("\\d{1,10}")) {
      return Long.parseLong(digits);
    }
    return find(name)
        .map(Relation::oid)
        .orElseThrow(() ->
            new RefusedException(
                ServerError.error(
                    SqlState.UNDEFINED_TABLE, "relation \"%s\" does not exist".formatted(name))));
  }

  /// As `to_regclass`: NULL if there is none.
  public static @Nullable String relationOrNull(String name) {
    return find(name).map(Relation::qualifiedName).orElse(null);
  }

  private static java.util.Optional<Relation> find(String name) {
    String bare = name.strip().replace("\"", "");
    boolean qualified = bare.startsWith(Catalog.PG_CATALOG + ".");
    return catalog().relation(qualified ? bare.substring(Catalog.PG_CATALOG.length() + 1) : bare);
  }

  /// What a regclass shows.
  public static @Nullable String relationName(@Nullable Long oid) {
    if (oid == null) {
      return null;
    }
    return oid == 0
        ? "-"
        : catalog()
            .relation(oid.intValue())
            .map(Relation::qualifiedName)
            .orElse(Long.toString(oid));
  }

  /// What a regnamespace shows.
  public static String schemaName(long oid) {
    if (oid == Catalog.WALSTREAM_OID) {
      return Catalog.WALSTREAM;
    }
    return oid == Catalog.PG_CATALOG_OID ? Catalog.PG_CATALOG : "public";
  }

  public static @Nullable String typeName(@Nullable Long oid) {
    return formatType(oid, null);
  }

  public static long type(String name) throws SQLException {
    String bare = name.strip().replaceFirst("^pg_catalog\\.", "");
    return catalog().types().stream()
        .filter(type -> type.name().equals(bare) || type.title().equals(bare))
        .findFirst()
        .map(PgType::oid)
        .orElseThrow(() ->
            new RefusedException(
                ServerError.error(
                    SqlState.UNDEFINED_OBJECT, "type \"%s\" does not exist".formatted(name))));
  }

  private static Catalog catalog() {
    return QueryContext.current().catalog();
  }
}
