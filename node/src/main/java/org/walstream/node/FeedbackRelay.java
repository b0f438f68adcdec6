package org.walstream.node;

import java.time.Instant;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.walstream.send.slot.ReplicationSlots;
import org.walstream.send.walsender.WalSenders;
import org.walstream.wal.PgTimestamp;
import org.walstream.wire.replication.HotStandbyFeedback;

/// Makes one hot-standby feedback of all that standbys and slots ask for, the oldest transaction
/// that any of them still needs, and passes it upstream (`hot_standby_feedback`), whenever it has
/// changed and as long as it is wanted.
///
/// Transaction ids are compared with their epochs, as 64-bit numbers that never wrap. Counterpart
/// of XLogWalRcvSendHSFeedback(), walreceiver.c, on a cascading standby.
final class FeedbackRelay {

  private static final long PERIOD_SECONDS = 1;

  private final WalSenders senders;
  private final ReplicationSlots slots;
  private final Consumer<HotStandbyFeedback> upstream;
  private final BooleanSupplier wanted;
  private HotStandbyFeedback last = HotStandbyFeedback.none(0);

  private FeedbackRelay(
      WalSenders senders,
      ReplicationSlots slots,
      Consumer<HotStandbyFeedback> upstream,
      BooleanSupplier wanted) {
    this.senders = senders;
    this.slots = slots;
    this.upstream = upstream;
    this.wanted = wanted;
  }

  /// What has it looked every second.
  static PeriodicTimer timer(
      WalSenders senders,
      ReplicationSlots slots,
      Consumer<HotStandbyFeedback> upstream,
      BooleanSupplier wanted) {
    var relay = new FeedbackRelay(senders, slots, upstream, wanted);
    return new PeriodicTimer("feedback", PERIOD_SECONDS, relay::pass);
  }

  private void pass() {
    HotStandbyFeedback now = wanted.getAsBoolean() ? combined() : HotStandbyFeedback.none(0);
    if (!isSame(now, last)) {
      upstream.accept(now);
      last = now;
    }
  }

  private static boolean isSame(HotStandbyFeedback one, HotStandbyFeedback other) {
    return one.xmin() == other.xmin()
        && one.xminEpoch() == other.xminEpoch()
        && one.catalogXmin() == other.catalogXmin()
        && one.catalogXminEpoch() == other.catalogXminEpoch();
  }

  private HotStandbyFeedback combined() {
    long xmin = 0;
    long catalogXmin = 0;
    for (var sender : senders.active()) {
      Optional<HotStandbyFeedback> feedback = sender.feedback();
      if (feedback.isPresent()) {
        xmin = Xids.older(xmin, feedback.get().fullXmin());
        catalogXmin = Xids.older(catalogXmin, feedback.get().fullCatalogXmin());
      }
    }
    for (var slot : slots.all()) {
      xmin = Xids.older(xmin, slot.xmin());
      catalogXmin = Xids.older(catalogXmin, slot.catalogXmin());
    }
    return new HotStandbyFeedback(
        PgTimestamp.micros(Instant.now()),
        Xids.xid(xmin),
        Xids.epoch(xmin),
        Xids.xid(catalogXmin),
        Xids.epoch(catalogXmin));
  }
}
