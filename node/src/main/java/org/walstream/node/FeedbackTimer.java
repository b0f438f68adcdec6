package org.walstream.node;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.walstream.send.slot.ReplicationSlots;
import org.walstream.send.walsender.WalSenders;
import org.walstream.wire.replication.HotStandbyFeedback;

/// Passes the standbys' feedback upstream (`hot_standby_feedback`), whenever it has changed and as
/// long as it is wanted.
final class FeedbackTimer implements AutoCloseable {

  private static final long PERIOD_SECONDS = 1;

  private final WalSenders senders;
  private final ReplicationSlots slots;
  private final Consumer<HotStandbyFeedback> upstream;
  private final BooleanSupplier wanted;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("feedback").daemon(true).factory());
  private HotStandbyFeedback last = HotStandbyFeedback.none(0);

  FeedbackTimer(
      WalSenders senders,
      ReplicationSlots slots,
      Consumer<HotStandbyFeedback> upstream,
      BooleanSupplier wanted) {
    this.senders = senders;
    this.slots = slots;
    this.upstream = upstream;
    this.wanted = wanted;
  }

  void start() {
    var _ =
        timer.scheduleWithFixedDelay(this::pass, PERIOD_SECONDS, PERIOD_SECONDS, TimeUnit.SECONDS);
  }

  private void pass() {
    HotStandbyFeedback now =
        wanted.getAsBoolean() ? FeedbackRelay.combined(senders, slots) : HotStandbyFeedback.none(0);
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

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
