package org.walstream.observe.sql.function;

import org.h2.value.Value;
import org.jspecify.annotations.Nullable;
import org.walstream.observe.sql.catalog.Catalog;
import org.walstream.observe.sql.catalog.PgType;
import org.walstream.observe.sql.context.QueryContext;
import org.walstream.observe.sql.view.RoleOids;
import org.walstream.send.hba.User;

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
            .map(relation -> relation.schema().equals(Catalog.PG_CATALOG))
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

  public static @Nullable Integer encodingNumber(@Nullable String name) {
    if (name == null) {
      return null;
    }
    return name.toUpperCase(java.util.Locale.ROOT)
            .replaceAll("[^A-Z0-9]", "")
            .matches("UTF8|UNICODE")
        ? UTF8
        : -1;
  }

  public static String encodingName(int encoding) {
    return encoding == UTF8 ? "UTF8" : "";
  }

  private static Catalog catalog() {
    return QueryContext.current().catalog();
  }
}
