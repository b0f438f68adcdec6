package org.walstream.send.sql;

import static org.walstream.send.RowSet.Type.BOOL;
import static org.walstream.send.RowSet.Type.INT4;
import static org.walstream.send.RowSet.Type.INT8;
import static org.walstream.send.RowSet.Type.NAME;
import static org.walstream.send.RowSet.Type.OID;
import static org.walstream.send.RowSet.Type.PG_LSN;
import static org.walstream.send.RowSet.Type.TEXT;
import static org.walstream.send.RowSet.Type.TIMESTAMPTZ;
import static org.walstream.send.RowSet.Type.XID;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.walstream.send.RowSet.Column;
import org.walstream.send.slot.ReplicationSlot;
import org.walstream.send.slot.ReplicationSlots;
import org.walstream.send.slot.RetentionHorizon;
import org.walstream.store.WalLog;
import org.walstream.store.WalStore;

/// `pg_replication_slots`: the node's own slots, all physical.
record SlotsView(WalStore store, ReplicationSlots slots, RetentionHorizon horizon)
    implements SystemView {

  private static final List<Column> COLUMNS =
      List.of(
          new Column("slot_name", NAME),
          new Column("plugin", NAME),
          new Column("slot_type", TEXT),
          new Column("datoid", OID),
          new Column("database", NAME),
          new Column("temporary", BOOL),
          new Column("active", BOOL),
          new Column("active_pid", INT4),
          new Column("xmin", XID),
          new Column("catalog_xmin", XID),
          new Column("restart_lsn", PG_LSN),
          new Column("confirmed_flush_lsn", PG_LSN),
          new Column("wal_status", TEXT),
          new Column("safe_wal_size", INT8),
          new Column("two_phase", BOOL),
          new Column("two_phase_at", PG_LSN),
          new Column("inactive_since", TIMESTAMPTZ),
          new Column("conflicting", BOOL),
          new Column("invalidation_reason", TEXT),
          new Column("failover", BOOL),
          new Column("synced", BOOL));

  @Override
  public String name() {
    return "pg_replication_slots";
  }

  @Override
  public List<Column> columns() {
    return COLUMNS;
  }

  @Override
  public List<List<@Nullable String>> rows(SqlSession session) {
    Optional<WalLog> log = store.currentLog();
    var rows = new ArrayList<List<@Nullable String>>();
    for (ReplicationSlot slot : slots.all()) {
      rows.add(row(slot, log, session.parameters().zone()));
    }
    return rows;
  }

  private List<@Nullable String> row(ReplicationSlot slot, Optional<WalLog> log, ZoneId zone) {
    boolean active = slot.activePid() != 0;
    return Arrays.asList(
        slot.name(),
        null,
        "physical",
        null,
        null,
        Texts.bool(slot.temporary()),
        Texts.bool(active),
        active ? Integer.toString(slot.activePid()) : null,
        Texts.xid(slot.xmin()),
        Texts.xid(slot.catalogXmin()),
        Texts.lsn(slot.restartLsn()),
        null,
        log.flatMap(l -> horizon.status(slot, l.writtenLsn(), l.segmentSize()))
            .map(status -> status.name().toLowerCase(Locale.ROOT))
            .orElse(null),
        safeWalBytes(slot, log),
        "f",
        null,
        Texts.timestamp(slot.inactiveSince(), zone),
        null,
        slot.invalidation().map(Object::toString).orElse(null),
        "f",
        "f");
  }

  private @Nullable String safeWalBytes(ReplicationSlot slot, Optional<WalLog> log) {
    if (log.isEmpty()) {
      return null;
    }
    OptionalLong bytes =
        horizon.safeWalBytes(slot, log.get().writtenLsn(), log.get().segmentSize());
    return bytes.isPresent() ? Long.toString(bytes.getAsLong()) : null;
  }
}
