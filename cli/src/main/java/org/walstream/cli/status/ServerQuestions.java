package org.walstream.cli.status;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import org.walstream.wire.client.PgClient;
import org.walstream.wire.conninfo.ConnInfo;
import org.walstream.wire.conninfo.ConnInfoException;
import org.walstream.wire.conninfo.ConnInfoOption;
import org.walstream.wire.conninfo.ConnectionSettings;
import org.walstream.wire.conninfo.LibpqEnvironment;

/// Asks one server. What is asked is PostgreSQL's own SQL, so that a server can be asked as well as
/// a node; of a node, its schema `walstream` besides.
final class ServerQuestions {

  private static final String NODE =
      "SELECT pg_is_in_recovery() AS in_recovery, current_setting('server_version') AS version,"
          + " current_setting('cluster_name') AS name,"
          + " (SELECT setting <> '' FROM pg_settings WHERE name = 'primary_conninfo') AS"
          + " has_upstream";

  private static final String UPSTREAM =
      "SELECT status, sender_host, sender_port, written_lsn, flushed_lsn, latest_end_lsn,"
          + " pg_wal_lsn_diff(latest_end_lsn, written_lsn) AS behind_bytes, received_tli AS"
          + " timeline, slot_name FROM pg_stat_wal_receiver";

  /// @param here the function that tells how far this server's WAL is
  private static String standbys(String here) {
    return "SELECT application_name, client_addr, state, sync_state, sent_lsn, write_lsn,"
        + " flush_lsn,"
        + " replay_lsn, pg_wal_lsn_diff(%s, flush_lsn) AS behind_bytes,".formatted(here)
        + " extract(epoch FROM flush_lag) AS flush_lag_seconds,"
        + " extract(epoch FROM replay_lag) AS replay_lag_seconds"
        + " FROM pg_stat_replication ORDER BY application_name, pid";
  }

  private static String slots(String here) {
    return "SELECT slot_name, active, restart_lsn, wal_status, safe_wal_size,"
        + " pg_wal_lsn_diff(%s, restart_lsn) AS held_bytes".formatted(here)
        + " FROM pg_replication_slots ORDER BY slot_name";
  }

  private static final String STORE =
      "SELECT system_identifier, timeline, oldest_lsn, written_lsn, flushed_lsn, bytes, disk_free"
          + " FROM walstream.wal_store";

  private static final String THROUGHPUT =
      "SELECT subject, name, bytes, bytes_per_second FROM walstream.throughput";

  private static final String ERRORS =
      "SELECT time, severity, part, message FROM walstream.last_errors ORDER BY time DESC LIMIT 5";

  private ServerQuestions() {}

  static ServerReport ask(String server, ConnInfo conninfo, LibpqEnvironment environment) {
    ConnInfo complete =
        conninfo.orElse(
            ConnInfo.EMPTY
                .with(ConnInfoOption.CONNECT_TIMEOUT, "10")
                .with(ConnInfoOption.DBNAME, "postgres")
                .with(ConnInfoOption.FALLBACK_APPLICATION_NAME, "walstream status"));
    try (var client = PgClient.connect(ConnectionSettings.of(complete, environment))) {
      ServerReport report = ask(server, client);
      client.terminate();
      return report;
    } catch (IOException | ConnInfoException e) {
      return ServerReport.unreachable(server, String.valueOf(e.getMessage()).strip());
    }
  }

  private static ServerReport ask(String server, PgClient client) throws IOException {
    var answers = new LinkedHashMap<String, List<Map<String, String>>>();
    ask("node", NODE, client, answers);
    Map<String, String> node = rows("node", answers).getFirst();
    boolean recovers = node.getOrDefault("in_recovery", "").equals("t");
    boolean ours = node.getOrDefault("version", "").toLowerCase(Locale.ROOT).contains("walstream");
    String here = recovers ? "pg_last_wal_receive_lsn()" : "pg_current_wal_flush_lsn()";
    if (recovers) {
      ask("upstream", UPSTREAM, client, answers);
    }
    ask("standbys", standbys(here), client, answers);
    ask("slots", slots(here), client, answers);
    if (ours) {
      ask("store", STORE, client, answers);
      ask("throughput", THROUGHPUT, client, answers);
      ask("errors", ERRORS, client, answers);
    }
    return new ServerReport(
        server,
        OptionalLong.empty(),
        "",
        answers,
        problems(answers, recovers && hasUpstream(node)));
  }

  private static void ask(
      String subject, String sql, PgClient client, Map<String, List<Map<String, String>>> answers)
      throws IOException {
    answers.put(subject, ServerReport.rows(client.query(sql)));
  }

  private static List<Map<String, String>> rows(
      String subject, Map<String, List<Map<String, String>>> answers) {
    return answers.getOrDefault(subject, List.of());
  }

  /// A node that only keeps and sends what it has, and a standby that lives on an archive, receive
  /// nothing, and are to receive nothing. Who may not see the setting takes it for set.
  static boolean hasUpstream(Map<String, String> node) {
    return !node.getOrDefault("has_upstream", "").equals("f");
  }

  /// @param receives whether it should
  private static List<String> problems(
      Map<String, List<Map<String, String>>> answers, boolean receives) {
    var problems = new ArrayList<String>();
    if (receives) {
      List<Map<String, String>> upstream = rows("upstream", answers);
      if (upstream.isEmpty()) {
        problems.add("upstream: receives nothing");
      } else if (!upstream.getFirst().getOrDefault("status", "").equals("streaming")) {
        problems.add("upstream: " + upstream.getFirst().getOrDefault("status", "unknown"));
      }
    }
    for (Map<String, String> slot : rows("slots", answers)) {
      String status = slot.getOrDefault("wal_status", "");
      if (status.equals("lost") || status.equals("unreserved")) {
        problems.add("slot %s: %s".formatted(slot.get("slot_name"), status));
      }
    }
    return problems;
  }
}
