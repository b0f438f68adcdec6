package org.walstream.observe.sql.function;

import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.walstream.observe.sql.context.QueryContext;
import org.walstream.send.hba.User;
import org.walstream.wire.SqlState;
import org.walstream.wire.server.ServerError;

/// Functions of PostgreSQL's that a standby answers with an error, always, or to all but
/// superusers. Who asks by way of trying gets the error that is waited for.
///
/// Source: pg_proc.proacl of PostgreSQL 18, and what a standby of 18 says.
public final class DeniedFunctions {

  private static final String CONTROL = "WAL control functions cannot be executed during recovery.";

  /// What anybody may call.
  private static final Set<String> OPEN =
      Set.of("txid_current", "pg_current_xact_id", "pg_notify", "lastval");

  private static final Map<String, Optional<ServerError>> BY_NAME = new LinkedHashMap<>();

  static {
    // denied to all but superusers, who find that a node has none of them
    for (String name :
        ("lo_export lo_import pg_config pg_hba_file_rules pg_ident_file_mappings"
                + " pg_log_backend_memory_contexts pg_ls_dir pg_read_binary_file pg_read_file"
                + " pg_replication_origin_advance pg_replication_origin_create"
                + " pg_replication_origin_drop pg_replication_origin_oid"
                + " pg_replication_origin_progress pg_replication_origin_session_is_setup"
                + " pg_replication_origin_session_progress pg_replication_origin_session_reset"
                + " pg_replication_origin_session_setup pg_replication_origin_xact_reset"
                + " pg_replication_origin_xact_setup pg_rotate_logfile pg_show_all_file_settings"
                + " pg_show_replication_origin_status pg_stat_file pg_stat_have_stats pg_stat_reset"
                + " pg_stat_reset_backend_stats pg_stat_reset_replication_slot pg_stat_reset_shared"
                + " pg_stat_reset_single_function_counters pg_stat_reset_single_table_counters"
                + " pg_stat_reset_slru pg_stat_reset_subscription_stats")
            .split(" ")) {
      BY_NAME.put(name, Optional.empty());
    }
    // and to superusers, during recovery
    for (String name :
        "pg_backup_start pg_backup_stop pg_create_restore_point pg_log_standby_snapshot pg_switch_wal"
            .split(" ")) {
      BY_NAME.put(
          name,
          Optional.of(
              ServerError.error(
                      SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, "recovery is in progress")
                  .withHint(CONTROL)));
    }
    BY_NAME.put("txid_current", inRecovery("pg_current_xact_id()"));
    BY_NAME.put("pg_current_xact_id", inRecovery("pg_current_xact_id()"));
    BY_NAME.put("pg_notify", inRecovery("NOTIFY"));
    BY_NAME.put(
        "lastval",
        Optional.of(
            ServerError.error(
                SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE,
                "lastval is not yet defined in this session")));
  }

  private DeniedFunctions() {}

  private static Optional<ServerError> inRecovery(String what) {
    return Optional.of(
        ServerError.error(
            SqlState.READ_ONLY_SQL_TRANSACTION,
            "cannot execute %s during recovery".formatted(what)));
  }

  public static boolean has(String name) {
    return BY_NAME.containsKey(name);
  }

  /// Called in the function's place, with its name.
  public static @Nullable String deny(String name) throws SQLException {
    Optional<ServerError> always = BY_NAME.getOrDefault(name, Optional.empty());
    boolean superuser = QueryContext.current().user().map(User::superuser).orElse(false);
    if (!superuser && !OPEN.contains(name)) {
      throw new RefusedException(
          ServerError.error(
              SqlState.INSUFFICIENT_PRIVILEGE, "permission denied for function " + name));
    }
    throw new RefusedException(
        always.orElseGet(() ->
            ServerError.error(
                SqlState.FEATURE_NOT_SUPPORTED,
                "not supported by this node: function %s()".formatted(name))));
  }
}
