package org.walstream.observe.sql.view;

import java.util.List;
import java.util.Map;
import org.walstream.observe.sql.context.QueryContext;

/// The rows of every relation that has any.
public final class SystemViews {

  private static final Map<String, Rows> SOURCES =
      Map.ofEntries(
          Map.entry("pg_stat_replication", ReplicationViews::statReplication),
          Map.entry("pg_stat_wal_receiver", ReplicationViews::statWalReceiver),
          Map.entry("pg_replication_slots", ReplicationViews::replicationSlots),
          Map.entry("pg_stat_activity", SessionViews::statActivity),
          Map.entry("pg_stat_ssl", SessionViews::statSsl),
          Map.entry("pg_stat_gssapi", SessionViews::statGssapi),
          Map.entry("pg_stat_archiver", RecoveryViews::archiver),
          Map.entry("pg_stat_recovery_prefetch", RecoveryViews::prefetch),
          Map.entry("pg_roles", RoleViews::roles),
          Map.entry("pg_authid", RoleViews::authIds),
          Map.entry("pg_shadow", RoleViews::shadow),
          Map.entry("pg_user", RoleViews::users),
          Map.entry("pg_auth_members", RoleViews::authMembers),
          Map.entry("pg_settings", SettingViews::settings),
          Map.entry("pg_hba_file_rules", FileViews::hbaFileRules),
          Map.entry("pg_ident_file_mappings", FileViews::identFileMappings),
          Map.entry("pg_file_settings", FileViews::fileSettings),
          Map.entry("pg_class", CatalogViews::classes),
          Map.entry("pg_attribute", CatalogViews::attributes),
          Map.entry("pg_type", CatalogViews::types),
          Map.entry("pg_namespace", CatalogViews::namespaces),
          Map.entry("pg_database", CatalogViews::databases),
          Map.entry("pg_tablespace", CatalogViews::tablespaces),
          Map.entry("pg_am", CatalogViews::accessMethods),
          Map.entry("pg_views", CatalogViews::views),
          Map.entry("pg_tables", CatalogViews::tables),
          Map.entry("information_schema.columns", InformationViews::columns),
          Map.entry("information_schema.schemata", InformationViews::schemata),
          Map.entry("information_schema.tables", InformationViews::tables),
          Map.entry("information_schema.views", InformationViews::views),
          Map.entry("walstream.backfill", WalstreamViews::backFill),
          Map.entry("walstream.backlog", WalstreamViews::backlog),
          Map.entry("walstream.last_errors", WalstreamViews::errors),
          Map.entry("walstream.throughput", WalstreamViews::throughput),
          Map.entry("walstream.wal_store", WalstreamViews::walStore));

  private SystemViews() {}

  /// Whether there ever are rows.
  ///
  /// @param relation its qualified name
  public static boolean hasRows(String relation) {
    return SOURCES.containsKey(relation);
  }

  /// The rows of a relation at this moment.
  public static List<Row> rows(String relation, QueryContext context) {
    Rows source = SOURCES.get(relation);
    return source == null ? List.of() : source.of(context);
  }
}
