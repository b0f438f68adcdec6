package org.walstream.observe.sql.dialect;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Functions that PostgreSQL's views are made of and that some clients call themselves: here they
/// are made of the views.
///
/// Source: pg_proc.dat and system_views.sql of PostgreSQL 18.
final class ViewFunctions {

  /// @param columns in the function's order; empty for all, in the view's
  record ViewFunction(String view, List<String> columns) {}

  private static final Map<String, ViewFunction> BY_NAME =
      new HashMap<>(
          Map.of(
              "pg_stat_get_wal_senders",
              new ViewFunction(
                  "pg_stat_replication",
                  columns(
                      "pid state sent_lsn write_lsn flush_lsn replay_lsn write_lag flush_lag replay_lag"
                          + " sync_priority sync_state reply_time")),
              "pg_stat_get_activity",
              new ViewFunction(
                  "pg_stat_activity",
                  columns(
                      "datid pid usesysid application_name state query wait_event_type wait_event"
                          + " xact_start query_start backend_start state_change client_addr"
                          + " client_hostname client_port backend_xid backend_xmin backend_type"
                          + " leader_pid query_id")),
              "pg_stat_get_wal_receiver",
              new ViewFunction(
                  "pg_stat_wal_receiver",
                  columns(
                      "pid status receive_start_lsn receive_start_tli written_lsn flushed_lsn"
                          + " received_tli last_msg_send_time last_msg_receipt_time latest_end_lsn"
                          + " latest_end_time slot_name sender_host sender_port conninfo")),
              "pg_get_replication_slots",
              new ViewFunction(
                  "pg_replication_slots",
                  columns(
                      "slot_name plugin slot_type datoid temporary active active_pid xmin catalog_xmin"
                          + " restart_lsn confirmed_flush_lsn wal_status safe_wal_size two_phase"
                          + " two_phase_at inactive_since conflicting invalidation_reason failover"
                          + " synced"))));

  static {
    // those that have their view's columns
    Map.of(
            "pg_show_all_settings", "pg_settings",
            "pg_lock_status", "pg_locks",
            "pg_stat_get_archiver", "pg_stat_archiver",
            "pg_stat_get_slru", "pg_stat_slru",
            "pg_stat_get_wal", "pg_stat_wal",
            "pg_stat_get_io", "pg_stat_io",
            "pg_get_wait_events", "pg_wait_events",
            "pg_cursor", "pg_cursors",
            "pg_prepared_statement", "pg_prepared_statements")
        .forEach((function, view) -> BY_NAME.put(function, new ViewFunction(view, List.of())));
  }

  private ViewFunctions() {}

  private static List<String> columns(String names) {
    return List.of(names.split(" "));
  }

  static Optional<ViewFunction> find(String function) {
    return Optional.ofNullable(BY_NAME.get(function));
  }

  /// The views of those that `sql` seems to call.
  static List<String> viewsIn(String sql) {
    return BY_NAME.entrySet().stream()
        .filter(entry -> sql.contains(entry.getKey()))
        .map(entry -> entry.getValue().view())
        .toList();
  }
}
