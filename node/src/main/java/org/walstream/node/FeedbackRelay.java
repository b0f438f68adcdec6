package org.walstream.node;

import java.time.Instant;
import java.util.Optional;
import org.walstream.send.slot.ReplicationSlots;
import org.walstream.send.walsender.WalSenders;
import org.walstream.wal.PgTimestamp;
import org.walstream.wire.replication.HotStandbyFeedback;

/// Makes one hot-standby feedback of all that standbys and slots ask for: the oldest transaction
/// that any of them still needs.
///
/// Transaction ids are compared with their epochs, as 64-bit numbers that never wrap. Counterpart
/// of XLogWalRcvSendHSFeedback(), walreceiver.c, on a cascading standby.
final class FeedbackRelay {

  private FeedbackRelay() {}

  static HotStandbyFeedback combined(WalSenders senders, ReplicationSlots slots) {
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
