package org.walstream.node;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.walstream.node.config.Configuration;
import org.walstream.receive.WalReceiverStatus;
import org.walstream.send.sql.Standby;
import org.walstream.send.sql.StatusSource;
import org.walstream.send.sql.Upstream;
import org.walstream.send.walsender.StandbyProgress;
import org.walstream.send.walsender.WalSender;
import org.walstream.send.walsender.WalSenders;
import org.walstream.wal.TimelineId;
import org.walstream.wire.replication.HotStandbyFeedback;

/// The status that SQL shows, put together from the node's parts. Thread-safe; asked by sessions,
/// never waits.
record NodeStatus(
    WalSenders senders,
    Supplier<Optional<WalReceiverStatus>> receiver,
    Supplier<Configuration> configuration,
    ServerVersion version)
    implements StatusSource {

  @Override
  public List<Standby> standbys() {
    return senders.active().stream().map(NodeStatus::standby).toList();
  }

  private static Standby standby(WalSender sender) {
    StandbyProgress progress = sender.progress();
    return new Standby(
        sender.client(),
        sender.feedback().map(NodeStatus::xmin).orElse(0L),
        sender.state().toString(),
        sender.sentLsn(),
        progress.writtenLsn(),
        progress.flushedLsn(),
        progress.appliedLsn(),
        sender.writeLagNanos(),
        sender.flushLagNanos(),
        sender.applyLagNanos(),
        progress.replyTimeMicros());
  }

  private static long xmin(HotStandbyFeedback feedback) {
    return feedback.fullXmin();
  }

  @Override
  public Optional<Upstream> upstream() {
    return receiver.get().map(NodeStatus::upstream);
  }

  private static Upstream upstream(WalReceiverStatus status) {
    return new Upstream(
        status.status().toString(),
        status.receiveStartLsn(),
        status.receiveStartTli().map(TimelineId::value).orElse(0),
        status.writtenLsn(),
        status.flushedLsn(),
        status.receivedTli().map(TimelineId::value).orElse(0),
        status.lastMsgSendTime(),
        status.lastMsgReceiptTime(),
        status.latestEndLsn(),
        status.latestEndTime(),
        status.slotName(),
        status.senderHost(),
        status.senderPort().orElse(0),
        status.conninfo());
  }

  @Override
  public Optional<String> show(String name) {
    return configuration.get().show(name);
  }

  @Override
  public String serverVersion() {
    return version.text();
  }
}
