package org.walstream.send.sql;

import static org.walstream.send.RowSet.Type.INET;
import static org.walstream.send.RowSet.Type.INT4;
import static org.walstream.send.RowSet.Type.INTERVAL;
import static org.walstream.send.RowSet.Type.NAME;
import static org.walstream.send.RowSet.Type.OID;
import static org.walstream.send.RowSet.Type.PG_LSN;
import static org.walstream.send.RowSet.Type.TEXT;
import static org.walstream.send.RowSet.Type.TIMESTAMPTZ;
import static org.walstream.send.RowSet.Type.XID;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.walstream.send.ClientIdentity;
import org.walstream.send.RowSet.Column;

/// `pg_stat_replication`: a row for each standby, receiver or relay that is connected. Who may not
/// monitor sees that they are there, and nothing else, as in PostgreSQL.
record ReplicationView(StatusSource source) implements SystemView {

  private static final List<Column> COLUMNS =
      List.of(
          new Column("pid", INT4),
          new Column("usesysid", OID),
          new Column("usename", NAME),
          new Column("application_name", TEXT),
          new Column("client_addr", INET),
          new Column("client_hostname", TEXT),
          new Column("client_port", INT4),
          new Column("backend_start", TIMESTAMPTZ),
          new Column("backend_xmin", XID),
          new Column("state", TEXT),
          new Column("sent_lsn", PG_LSN),
          new Column("write_lsn", PG_LSN),
          new Column("flush_lsn", PG_LSN),
          new Column("replay_lsn", PG_LSN),
          new Column("write_lag", INTERVAL),
          new Column("flush_lag", INTERVAL),
          new Column("replay_lag", INTERVAL),
          new Column("sync_priority", INT4),
          new Column("sync_state", TEXT),
          new Column("reply_time", TIMESTAMPTZ));

  @Override
  public String name() {
    return "pg_stat_replication";
  }

  @Override
  public List<Column> columns() {
    return COLUMNS;
  }

  @Override
  public List<List<@Nullable String>> rows(SqlSession session) {
    var rows = new ArrayList<List<@Nullable String>>();
    for (Standby standby : source.standbys()) {
      rows.add(
          session.mayMonitor()
              ? row(standby, session.parameters().zone())
              : pidOnly(standby.client().pid()));
    }
    return rows;
  }

  private static List<@Nullable String> row(Standby standby, ZoneId zone) {
    ClientIdentity client = standby.client();
    return Arrays.asList(
        Integer.toString(client.pid()),
        null, // users of a node have names, and no numbers
        client.user(),
        client.applicationName(),
        client.host().orElse(null),
        null,
        Integer.toString(client.port()),
        Texts.timestamp(client.connected(), zone),
        Texts.xid(standby.backendXmin()),
        standby.state(),
        Texts.lsn(standby.sentLsn()),
        Texts.lsn(standby.writtenLsn()),
        Texts.lsn(standby.flushedLsn()),
        Texts.lsn(standby.appliedLsn()),
        Texts.interval(standby.writeLagNanos()),
        Texts.interval(standby.flushLagNanos()),
        Texts.interval(standby.applyLagNanos()),
        "0",
        "async",
        Texts.timestampMicros(standby.replyTimeMicros(), zone));
  }

  static List<@Nullable String> pidOnly(int pid) {
    List<@Nullable String> row =
        new ArrayList<@Nullable String>(
            Collections.<@Nullable String>nCopies(COLUMNS.size(), null));
    row.set(0, Integer.toString(pid));
    return row;
  }
}
