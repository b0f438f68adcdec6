package org.walstream.send.sql;

import static org.walstream.send.RowSet.Type.INT4;
import static org.walstream.send.RowSet.Type.PG_LSN;
import static org.walstream.send.RowSet.Type.TEXT;
import static org.walstream.send.RowSet.Type.TIMESTAMPTZ;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.walstream.send.RowSet.Column;

/// `pg_stat_wal_receiver`: one row while the node receives, none otherwise.
record WalReceiverView(StatusSource source) implements SystemView {

  private static final List<Column> COLUMNS =
      List.of(
          new Column("pid", INT4),
          new Column("status", TEXT),
          new Column("receive_start_lsn", PG_LSN),
          new Column("receive_start_tli", INT4),
          new Column("written_lsn", PG_LSN),
          new Column("flushed_lsn", PG_LSN),
          new Column("received_tli", INT4),
          new Column("last_msg_send_time", TIMESTAMPTZ),
          new Column("last_msg_receipt_time", TIMESTAMPTZ),
          new Column("latest_end_lsn", PG_LSN),
          new Column("latest_end_time", TIMESTAMPTZ),
          new Column("slot_name", TEXT),
          new Column("sender_host", TEXT),
          new Column("sender_port", INT4),
          new Column("conninfo", TEXT));

  @Override
  public String name() {
    return "pg_stat_wal_receiver";
  }

  @Override
  public List<Column> columns() {
    return COLUMNS;
  }

  @Override
  public List<List<@Nullable String>> rows(SqlSession session) {
    Optional<Upstream> upstream = source.upstream();
    if (upstream.isEmpty()) {
      return List.of();
    }
    String pid = Long.toString(ProcessHandle.current().pid());
    List<@Nullable String> row =
        new ArrayList<@Nullable String>(
            Collections.<@Nullable String>nCopies(COLUMNS.size(), null));
    row.set(0, pid);
    return List.of(
        session.mayMonitor() ? row(pid, upstream.get(), session.parameters().zone()) : row);
  }

  private static List<@Nullable String> row(String pid, Upstream upstream, ZoneId zone) {
    return Arrays.asList(
        pid,
        upstream.status(),
        Texts.lsn(upstream.receiveStartLsn()),
        timeline(upstream.receiveStartTimeline()),
        Texts.lsn(upstream.writtenLsn()),
        Texts.lsn(upstream.flushedLsn()),
        timeline(upstream.receivedTimeline()),
        Texts.timestamp(upstream.lastMessageSent(), zone),
        Texts.timestamp(upstream.lastMessageReceived(), zone),
        Texts.lsn(upstream.latestEndLsn()),
        Texts.timestamp(upstream.latestEndTime(), zone),
        upstream.slotName().orElse(null),
        upstream.senderHost().orElse(null),
        upstream.senderPort() <= 0 ? null : Integer.toString(upstream.senderPort()),
        upstream.conninfo());
  }

  private static @Nullable String timeline(int timeline) {
    return timeline == 0 ? null : Integer.toUnsignedString(timeline);
  }
}
