package org.walstream.observe.sql.view;

import static org.walstream.observe.sql.view.ReplicationViews.time;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.walstream.observe.sql.context.QueryContext;
import org.walstream.send.ClientIdentity;
import org.walstream.send.server.SessionActivity;
import org.walstream.send.walsender.WalSender;
import org.walstream.send.walsender.WalSenderState;

/// `pg_stat_activity` and what else there is to see of sessions.
final class SessionViews {

  private static final int DATABASE_OID = CatalogViews.DATABASE_OID;

  private SessionViews() {}

  static List<Row> statActivity(QueryContext context) {
    Map<Integer, WalSender> senders = new HashMap<>();
    context.status().senders().forEach(sender -> senders.put(sender.client().pid(), sender));
    var rows = new ArrayList<Row>();
    for (SessionActivity session : context.status().sessions()) {
      boolean own = session.client().user().equals(context.session().client().user());
      rows.add(
          context.session().mayMonitor() || own
              ? row(session, senders.get(session.client().pid()))
              : hidden(session));
    }
    context
        .status()
        .receiver()
        .ifPresent(receiver ->
            rows.add(Row.of("pid", (int) receiver.pid()).with("backend_type", "walreceiver")));
    return rows;
  }

  private static Row identity(SessionActivity session) {
    ClientIdentity client = session.client();
    boolean database = !client.database().isEmpty();
    return Row.of("datid", database ? DATABASE_OID : null)
        .with("datname", database ? client.database() : null)
        .with("pid", client.pid())
        .with("usesysid", RoleOids.of(client.user()))
        .with("usename", client.user());
  }

  private static Row hidden(SessionActivity session) {
    return identity(session).with("query", "<insufficient privilege>");
  }

  private static Row row(
      SessionActivity session, @org.jspecify.annotations.Nullable WalSender sender) {
    ClientIdentity client = session.client();
    boolean streaming =
        sender != null
            && (sender.state() == WalSenderState.STREAMING
                || sender.state() == WalSenderState.CATCHUP);
    return identity(session)
        .with("application_name", client.applicationName())
        .with("client_addr", client.host().orElse(null))
        .with("client_port", client.port())
        .with("backend_start", time(client.connected()))
        .with("xact_start", session.transactionBegun().map(ReplicationViews::time).orElse(null))
        .with("query_start", session.query().isEmpty() ? null : time(session.queryBegun()))
        .with("state_change", time(session.stateChanged()))
        .with(
            "wait_event_type",
            streaming || session.state().startsWith("idle") ? waitType(streaming) : null)
        .with(
            "wait_event",
            streaming ? "WalSenderMain" : session.state().startsWith("idle") ? "ClientRead" : null)
        .with("state", session.state())
        .with("query", session.query())
        .with("backend_type", session.walSender() ? "walsender" : "client backend");
  }

  private static String waitType(boolean streaming) {
    return streaming ? "Activity" : "Client";
  }

  /// There is no TLS yet.
  static List<Row> statSsl(QueryContext context) {
    return context.status().sessions().stream()
        .map(session -> Row.of("pid", session.client().pid()).with("ssl", false))
        .toList();
  }

  static List<Row> statGssapi(QueryContext context) {
    return context.status().sessions().stream()
        .map(session ->
            Row.of("pid", session.client().pid())
                .with("gss_authenticated", false)
                .with("encrypted", false)
                .with("credentials_delegated", false))
        .toList();
  }
}
