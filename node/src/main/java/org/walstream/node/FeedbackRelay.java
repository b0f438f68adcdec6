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

  private static final int XID_BITS = 32;

  private FeedbackRelay() {}

  static HotStandbyFeedback combined(WalSenders senders, ReplicationSlots slots) {
    long xmin = 0;
    long catalogXmin = 0;
    for (var sender : senders.active()) {
      Optional<HotStandbyFeedback> feedback = sender.feedback();
      if (feedback.isPresent()) {
        xmin = older(xmin, full(feedback.get().xmin(), feedback.get().xminEpoch()));
        catalogXmin =
            older(
                catalogXmin, full(feedback.get().catalogXmin(), feedback.get().catalogXminEpoch()));
      }
    }
    for (var slot : slots.all()) {
      xmin = older(xmin, slot.xmin());
      catalogXmin = older(catalogXmin, slot.catalogXmin());
    }
    return new HotStandbyFeedback(
        PgTimestamp.micros(Instant.now()),
        (int) xmin,
        (int) (xmin >>> XID_BITS),
        (int) catalogXmin,
        (int) (catalogXmin >>> XID_BITS));
  }

  private static long full(int xid, int epoch) {
    return xid == 0 ? 0 : Integer.toUnsignedLong(epoch) << XID_BITS | Integer.toUnsignedLong(xid);
  }

  /// The older of two; 0 asks for nothing.
  private static long older(long one, long other) {
    if (one == 0 || other == 0) {
      return one | other;
    }
    return Math.min(one, other);
  }
}
