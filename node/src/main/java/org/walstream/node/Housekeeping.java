package org.walstream.node;

import java.io.IOException;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.walstream.send.slot.RetentionHorizon;
import org.walstream.store.WalLog;
import org.walstream.store.WalStore;

/// What has to be done now and then, on a thread of its own: lets go of WAL that nobody needs,
/// brings slots to disk. Failures are logged and tried again at the next round.
final class Housekeeping implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);
  private static final Duration PERIOD = Duration.ofSeconds(5);

  private final WalStore store;
  private final RetentionHorizon horizon;
  private final Before before;
  private final BooleanSupplier keepAll;
  private final Runnable afterwards;
  private final SpaceReserve reserve;
  private final Duration period;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("housekeeping").daemon(true).factory());

  /// What is to be done first.
  interface Before {
    void run() throws IOException;
  }

  /// @param reserve space for what must be written before WAL can be removed
  /// @param before is done at the beginning of each round: which slots keep WAL
  /// @param afterwards is done at the end of each round
  Housekeeping(
      WalStore store,
      RetentionHorizon horizon,
      BooleanSupplier keepAll,
      SpaceReserve reserve,
      Before before,
      Runnable afterwards) {
    this(store, horizon, keepAll, reserve, before, afterwards, PERIOD);
  }

  /// The same with rounds as often as a test wants them.
  Housekeeping(
      WalStore store,
      RetentionHorizon horizon,
      BooleanSupplier keepAll,
      SpaceReserve reserve,
      Before before,
      Runnable afterwards,
      Duration period) {
    this.store = store;
    this.horizon = horizon;
    this.keepAll = keepAll;
    this.reserve = reserve;
    this.before = before;
    this.afterwards = afterwards;
    this.period = period;
  }

  void start() {
    var _ =
        timer.scheduleWithFixedDelay(
            this::round, period.toNanos(), period.toNanos(), TimeUnit.NANOSECONDS);
  }

  /// A round, on the caller's thread.
  synchronized void now() throws IOException {
    reserve.during(this::removeOld);
    afterwards.run();
  }

  private void round() {
    try {
      now();
    } catch (IOException | RuntimeException e) {
      LOG.error("could not remove old WAL: {}", e.getMessage());
    }
  }

  private void removeOld() throws IOException {
    before.run();
    OptionalLong keepFrom = keepFrom();
    if (keepFrom.isPresent() && !keepAll.getAsBoolean()) {
      store.removeBefore(keepFrom.getAsLong());
    }
  }

  private OptionalLong keepFrom() throws IOException {
    WalLog log = store.currentLog().orElse(null);
    return log == null
        ? OptionalLong.empty()
        : OptionalLong.of(horizon.keepFrom(log.flushedLsn(), log.segmentSize()));
  }

  /// Waits until a round that is under way has ended, however slow the disk: the directory may be
  /// another's on return. An interrupt would close the files the round works on.
  @Override
  public void close() throws InterruptedException {
    timer.shutdown();
    while (!timer.awaitTermination(period.toNanos(), TimeUnit.NANOSECONDS)) {
      LOG.debug("waiting for a round to end");
    }
  }
}
