package org.walstream.observe.sql.view;

import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.walstream.observe.sql.context.QueryContext;
import org.walstream.send.hba.User;

/// `pg_roles`, `pg_user`, `pg_auth_members`: the users of the node. `monitor` is membership in
/// pg_monitor, `signal` in pg_signal_backend.
final class RoleViews {

  private RoleViews() {}

  static List<Row> roles(QueryContext context) {
    var rows = new ArrayList<Row>();
    for (User user : context.status().users()) {
      rows.add(
          role(user.name(), RoleOids.of(user.name()), true)
              .with("rolsuper", user.superuser())
              .with("rolreplication", user.replication())
              .with("rolvaliduntil", validUntil(user)));
    }
    RoleOids.PREDEFINED.forEach((name, oid) -> rows.add(role(name, oid, false)));
    return rows;
  }

  private static Row role(String name, int oid, boolean login) {
    return Row.of("rolname", name)
        .with("rolsuper", false)
        .with("rolinherit", true)
        .with("rolcreaterole", false)
        .with("rolcreatedb", false)
        .with("rolcanlogin", login)
        .with("rolreplication", false)
        .with("rolconnlimit", -1)
        .with("rolpassword", "********")
        .with("rolbypassrls", false)
        .with("oid", oid);
  }

  static List<Row> users(QueryContext context) {
    return context.status().users().stream()
        .map(user ->
            Row.of("usename", user.name())
                .with("usesysid", RoleOids.of(user.name()))
                .with("usecreatedb", false)
                .with("usesuper", user.superuser())
                .with("userepl", user.replication())
                .with("usebypassrls", false)
                .with("passwd", "********")
                .with("valuntil", validUntil(user)))
        .toList();
  }

  /// `pg_authid`: nobody is told a password, hashed or not.
  static List<Row> authIds(QueryContext context) {
    return roles(context).stream().map(row -> row.with("rolpassword", null)).toList();
  }

  /// `pg_shadow`
  static List<Row> shadow(QueryContext context) {
    return users(context).stream().map(row -> row.with("passwd", null)).toList();
  }

  private static @Nullable OffsetDateTime validUntil(User user) {
    return user.validUntil().map(ReplicationViews::time).orElse(null);
  }

  static List<Row> authMembers(QueryContext context) {
    var rows = new ArrayList<Row>();
    for (User user : context.status().users()) {
      if (user.monitor()) {
        rows.add(member("pg_monitor", RoleOids.of(user.name())));
      }
      if (user.signal()) {
        rows.add(member("pg_signal_backend", RoleOids.of(user.name())));
      }
    }
    int monitor = RoleOids.PREDEFINED.getOrDefault("pg_monitor", 0);
    rows.add(member("pg_read_all_settings", monitor));
    rows.add(member("pg_read_all_stats", monitor));
    return rows;
  }

  private static Row member(String role, int member) {
    int oid = RoleOids.PREDEFINED.getOrDefault(role, 0);
    return Row.of("oid", RoleOids.of(role + "/" + member))
        .with("roleid", oid)
        .with("member", member)
        .with("grantor", RoleOids.BOOTSTRAP_SUPERUSER)
        .with("admin_option", false)
        .with("inherit_option", true)
        .with("set_option", true);
  }
}
