package org.walstream.observe.sql.view;

import static org.walstream.observe.sql.context.QueryContext.lsn;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.walstream.observe.sql.context.QueryContext;
import org.walstream.receive.WalReceiverStatus;
import org.walstream.send.ClientIdentity;
import org.walstream.send.slot.ReplicationSlot;
import org.walstream.send.sync.SyncStandbys;
import org.walstream.send.walsender.StandbyProgress;
import org.walstream.send.walsender.WalSender;
import org.walstream.store.ServedTimeline;
import org.walstream.wal.PgTimestamp;
import org.walstream.wal.TimelineId;
import org.walstream.wire.replication.HotStandbyFeedback;

/// `pg_stat_replication`, `pg_stat_wal_receiver`, `pg_replication_slots`: where WAL comes from, to
/// whom it goes, and for whom it is kept. Who may not monitor sees that somebody is there, and
/// nothing else, as in PostgreSQL.
final class ReplicationViews {

  private ReplicationViews() {}

  static List<Row> statReplication(QueryContext context) {
    boolean details = context.session().mayMonitor();
    Collection<WalSender> senders = context.status().senders();
    var standbys = SyncStandbys.of(context.status().synchronousStandbys(), senders);
    return senders.stream()
        .map(sender -> details ? row(sender, standbys) : Row.of("pid", sender.client().pid()))
        .toList();
  }

  private static Row row(WalSender sender, SyncStandbys standbys) {
    ClientIdentity client = sender.client();
    StandbyProgress progress = sender.progress();
    return Row.of("pid", client.pid())
        .with("usesysid", RoleOids.of(client.user()))
        .with("usename", client.user())
        .with("application_name", client.applicationName())
        .with("client_addr", client.host().orElse(null))
        .with("client_port", client.port())
        .with("backend_start", time(client.connected()))
        .with("backend_xmin", xid(sender.feedback().map(HotStandbyFeedback::fullXmin).orElse(0L)))
        .with("state", sender.state().toString())
        .with("sent_lsn", lsn(sender.sentLsn()))
        .with("write_lsn", lsn(progress.writtenLsn()))
        .with("flush_lsn", lsn(progress.flushedLsn()))
        .with("replay_lsn", lsn(progress.appliedLsn()))
        .with("write_lag", lag(sender.writeLagNanos()))
        .with("flush_lag", lag(sender.flushLagNanos()))
        .with("replay_lag", lag(sender.applyLagNanos()))
        .with("sync_priority", standbys.priority(sender))
        .with("sync_state", standbys.state(sender))
        .with("reply_time", micros(progress.replyTimeMicros()));
  }

  /// One row while the node receives, none otherwise.
  static List<Row> statWalReceiver(QueryContext context) {
    Optional<WalReceiverStatus> receiver = context.status().receiver();
    if (receiver.isEmpty()) {
      return List.of();
    }
    return List.of(
        context.session().mayMonitor()
            ? row(receiver.get())
            : Row.of("pid", (int) receiver.get().pid()));
  }

  private static Row row(WalReceiverStatus receiver) {
    return Row.of("pid", (int) receiver.pid())
        .with("status", receiver.status().toString())
        .with("receive_start_lsn", lsn(receiver.receiveStartLsn()))
        .with("receive_start_tli", receiver.receiveStartTli().map(TimelineId::value).orElse(null))
        .with("written_lsn", lsn(receiver.writtenLsn()))
        .with("flushed_lsn", lsn(receiver.flushedLsn()))
        .with("received_tli", receiver.receivedTli().map(TimelineId::value).orElse(null))
        .with("last_msg_send_time", time(receiver.lastMsgSendTime()))
        .with("last_msg_receipt_time", time(receiver.lastMsgReceiptTime()))
        .with("latest_end_lsn", lsn(receiver.latestEndLsn()))
        .with("latest_end_time", time(receiver.latestEndTime()))
        .with("slot_name", receiver.slotName().orElse(null))
        .with("sender_host", receiver.senderHost().orElse(null))
        .with("sender_port", receiver.senderPort().orElse(null))
        .with("conninfo", receiver.conninfo());
  }

  /// The node's own slots.
  static List<Row> replicationSlots(QueryContext context) {
    Optional<? extends ServedTimeline> log = context.status().store().currentLog();
    var rows = new ArrayList<Row>();
    for (ReplicationSlot slot : context.status().slots().all()) {
      rows.add(row(slot, log, context));
    }
    return rows;
  }

  private static Row row(
      ReplicationSlot slot, Optional<? extends ServedTimeline> log, QueryContext context) {
    boolean active = slot.activePid() != 0;
    var horizon = context.status().horizon();
    return Row.of("slot_name", slot.name())
        .with("slot_type", slot.logical() ? "logical" : "physical")
        .with("temporary", slot.temporary())
        .with("active", active)
        .with("active_pid", active ? slot.activePid() : null)
        .with("xmin", xid(slot.xmin()))
        .with("catalog_xmin", xid(slot.catalogXmin()))
        .with("restart_lsn", lsn(slot.restartLsn()))
        .with(
            "wal_status",
            log.flatMap(l -> horizon.status(slot, l.writtenLsn(), l.segmentSize()))
                .map(status -> status.name().toLowerCase(Locale.ROOT))
                .orElse(null))
        .with("safe_wal_size", safeWalBytes(slot, log, context))
        .with("two_phase", false)
        .with("inactive_since", time(slot.inactiveSince()))
        .with("invalidation_reason", slot.invalidation().map(Object::toString).orElse(null))
        .with("failover", false)
        .with("synced", false);
  }

  private static @Nullable Long safeWalBytes(
      ReplicationSlot slot, Optional<? extends ServedTimeline> log, QueryContext context) {
    OptionalLong bytes =
        log.map(l -> context.status().horizon().safeWalBytes(slot, l.writtenLsn(), l.segmentSize()))
            .orElse(OptionalLong.empty());
    return bytes.isPresent() ? bytes.getAsLong() : null;
  }

  /// The 32 bits of a transaction id that type xid shows.
  private static @Nullable Long xid(long fullXid) {
    return fullXid == 0 ? null : Integer.toUnsignedLong((int) fullXid);
  }

  private static @Nullable Duration lag(long nanos) {
    return nanos < 0 ? null : Duration.ofNanos(nanos);
  }

  private static @Nullable OffsetDateTime micros(long micros) {
    return micros == 0 ? null : time(PgTimestamp.instant(micros));
  }

  static @Nullable OffsetDateTime time(Optional<Instant> instant) {
    return instant.map(ReplicationViews::time).orElse(null);
  }

  static OffsetDateTime time(Instant instant) {
    return instant.truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
  }
}
