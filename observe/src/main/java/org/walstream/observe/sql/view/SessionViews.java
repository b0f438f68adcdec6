package org.walstream.observe.sql.view;

import static org.walstream.observe.sql.view.ReplicationViews.time;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.security.auth.x500.X500Principal;
import org.walstream.observe.sql.context.QueryContext;
import org.walstream.send.ClientIdentity;
import org.walstream.send.guc.Names;
import org.walstream.send.server.SessionActivity;
import org.walstream.send.walsender.WalSender;
import org.walstream.send.walsender.WalSenderState;
import org.walstream.wire.tls.DistinguishedName;
import org.walstream.wire.tls.TlsSession;

/// `pg_stat_activity` and what else there is to see of sessions.
final class SessionViews {

  private static final int DATABASE_OID = CatalogViews.DATABASE_OID;

  private SessionViews() {}

  static List<Row> statActivity(QueryContext context) {
    Map<Integer, WalSender> senders = new HashMap<>();
    context.status().senders().forEach(sender -> senders.put(sender.client().pid(), sender));
    var rows = new ArrayList<Row>();
    for (SessionActivity session : context.status().sessions()) {
      rows.add(
          mayLookAt(session, context)
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

  private static boolean mayLookAt(SessionActivity session, QueryContext context) {
    return context.session().mayMonitor()
        || session.client().user().equals(context.session().client().user());
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

  static List<Row> statSsl(QueryContext context) {
    return context.status().sessions().stream()
        .filter(session -> mayLookAt(session, context))
        .map(session -> {
          Row row = Row.of("pid", session.client().pid());
          return session
              .client()
              .tls()
              .map(tls -> encrypted(row, tls))
              .orElseGet(() -> row.with("ssl", false));
        })
        .toList();
  }

  private static Row encrypted(Row row, TlsSession tls) {
    Row shown =
        row.with("ssl", true)
            .with("version", tls.version())
            .with("cipher", tls.cipher())
            .with("bits", tls.bits());
    return tls.client()
        .map(certificate ->
            shown
                .with("client_dn", name(certificate.getSubjectX500Principal()))
                .with("client_serial", new BigDecimal(certificate.getSerialNumber()))
                .with("issuer_dn", name(certificate.getIssuerX500Principal())))
        .orElse(shown);
  }

  private static String name(X500Principal name) {
    return Names.truncate(DistinguishedName.of(name).slashed());
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
