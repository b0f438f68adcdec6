package org.walstream.observe.change;

import static org.walstream.observe.change.ReplicationChange.State.AT_RISK;
import static org.walstream.observe.change.ReplicationChange.State.BROKEN;
import static org.walstream.observe.change.ReplicationChange.State.CATCHUP;
import static org.walstream.observe.change.ReplicationChange.State.CONNECTED;
import static org.walstream.observe.change.ReplicationChange.State.DISCONNECTED;
import static org.walstream.observe.change.ReplicationChange.State.LAGGING;
import static org.walstream.observe.change.ReplicationChange.State.LOST;
import static org.walstream.observe.change.ReplicationChange.State.SAFE;
import static org.walstream.observe.change.ReplicationChange.State.STOPPING;
import static org.walstream.observe.change.ReplicationChange.State.STREAMING;

import java.time.Clock;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.walstream.observe.Status;
import org.walstream.observe.change.ReplicationChange.State;
import org.walstream.observe.change.ReplicationChange.Subject;
import org.walstream.receive.ReceiveEvent;
import org.walstream.receive.WalReceiverStatus;
import org.walstream.send.slot.ReplicationSlot;
import org.walstream.send.slot.RetentionHorizon.WalStatus;
import org.walstream.send.walsender.SenderEvent;
import org.walstream.send.walsender.WalSender;
import org.walstream.send.walsender.WalSenderState;
import org.walstream.store.ServedTimeline;
import org.walstream.wal.Lsn;

/// Knows the state of the upstream, of each standby and of each slot, and tells each change once.
///
/// Connections, beginnings and ends are told by those to whom they happen, in the moment they do
/// ([#on]). What changes without an event of its own, a distance that grows, is found by [#look],
/// which somebody calls as often as he wants to know.
///
/// Thread-safe; waits for nobody.
public final class ReplicationWatch {

  private static final Logger LOG = LoggerFactory.getLogger(ReplicationWatch.class);

  /// Who has caught up lags when it is so many segments behind, until it is less than one.
  private static final int LAGGING_SEGMENTS = 4;

  /// An upstream's WAL has all come when no more than this is on its way.
  private static final long ON_ITS_WAY_BYTES = 1 << 20;

  /// A slot is at risk when less than this part of what it may hold is left.
  private static final int RISK_PART = 4;

  private final Supplier<Status> status;
  private final Consumer<ReplicationChange> listener;
  private final Clock clock;
  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by the lock.
  private final Map<Integer, State> standbys = new HashMap<>();
  private final Map<String, State> slots = new HashMap<>();
  private @Nullable State upstream;

  /// @param listener is told each change, under this watch's lock: must not wait
  public ReplicationWatch(
      Supplier<Status> status, Consumer<ReplicationChange> listener, Clock clock) {
    this.status = status;
    this.listener = listener;
    this.clock = clock;
  }

  /// Something has happened to a standby.
  public void on(SenderEvent event) {
    lock.lock();
    try {
      switch (event) {
        case SenderEvent.Connected(WalSender sender) -> standby(sender, CONNECTED, "");
        case SenderEvent.StateChanged(WalSender sender, WalSenderState state) ->
            standby(sender, state(state), "");
        case SenderEvent.Flushed flushed -> {}
        case SenderEvent.Ended(WalSender sender, String reason) -> {
          standby(sender, reason.isEmpty() ? DISCONNECTED : BROKEN, reason);
          standbys.remove(sender.client().pid());
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private static State state(WalSenderState state) {
    return switch (state) {
      case STARTUP -> CONNECTED;
      case CATCHUP -> CATCHUP;
      case STREAMING -> STREAMING;
      case STOPPING -> STOPPING;
    };
  }

  /// Something has happened to the node's receiver.
  public void on(ReceiveEvent event) {
    lock.lock();
    try {
      switch (event) {
        case ReceiveEvent.Started started -> upstream(CONNECTED, "");
        case ReceiveEvent.TimelineSwitched(var timeline, long lsn) ->
            upstream(
                CONNECTED, "switched to timeline %s at %s".formatted(timeline, Lsn.format(lsn)));
        case ReceiveEvent.Disconnected(Exception reason, var retryIn) -> {
          if (upstream != BROKEN) { // each attempt that fails is none
            upstream(BROKEN, String.valueOf(reason.getMessage()).strip());
          }
        }
        case ReceiveEvent.EndReached end -> upstream(DISCONNECTED, "");
        case ReceiveEvent.Interrupted interrupted -> upstream(DISCONNECTED, "");
        case ReceiveEvent.SegmentFinished finished -> {}
        case ReceiveEvent.SegmentUnfinished unfinished -> {}
        case ReceiveEvent.Notice notice -> {}
      }
    } finally {
      lock.unlock();
    }
  }

  /// Compares distances, and finds who has fallen behind or caught up.
  public void look() {
    Status now = status.get();
    Optional<? extends ServedTimeline> log = now.store().currentLog();
    if (log.isEmpty()) {
      return;
    }
    lock.lock();
    try {
      now.receiver().ifPresent(receiver -> look(receiver, log.get()));
      now.senders().forEach(sender -> look(sender, log.get()));
      look(now.slots().all(), log.get());
    } finally {
      lock.unlock();
    }
  }

  private void look(WalReceiverStatus receiver, ServedTimeline log) {
    if (upstream == null
        || upstream == BROKEN
        || upstream == DISCONNECTED
        || receiver.latestEndLsn() == 0) {
      return;
    }
    long behind = behind(receiver.latestEndLsn(), receiver.writtenLsn());
    boolean hadAll = upstream == STREAMING || upstream == LAGGING;
    if (hadAll) {
      State next = distance(upstream, behind, log);
      if (next != upstream) {
        upstream(next, "");
      }
    } else if (behind <= ON_ITS_WAY_BYTES) {
      upstream(STREAMING, "");
    } else if (upstream == CONNECTED) {
      upstream(CATCHUP, "");
    }
  }

  private void look(WalSender sender, ServedTimeline log) {
    State known = standbys.get(sender.client().pid());
    if (known == STREAMING || known == LAGGING) {
      State next = distance(known, behind(sender, log), log);
      if (next != known) {
        standby(sender, next, "");
      }
    }
  }

  private static State distance(State known, long behind, ServedTimeline log) {
    long segment = log.segmentSize().bytes();
    if (behind > LAGGING_SEGMENTS * segment) {
      return LAGGING;
    }
    return behind < segment ? STREAMING : known;
  }

  /// What the standby has not written yet, of what is here.
  private static long behind(WalSender sender, ServedTimeline log) {
    long written = sender.progress().writtenLsn();
    return behind(log.writtenLsn(), written == 0 ? sender.sentLsn() : written);
  }

  private static long behind(long endLsn, long lsn) {
    return Lsn.isBefore(lsn, endLsn) ? endLsn - lsn : 0;
  }

  private void look(List<ReplicationSlot> all, ServedTimeline log) {
    var there = new HashSet<String>();
    for (ReplicationSlot slot : all) {
      there.add(slot.name());
      State next = state(slot, log);
      State known = slots.put(slot.name(), next);
      if (known != next && (known != null || next != SAFE)) {
        slot(slot, next, Optional.ofNullable(known), log);
      }
    }
    slots.keySet().retainAll(there);
  }

  private State state(ReplicationSlot slot, ServedTimeline log) {
    var horizon = status.get().horizon();
    Optional<WalStatus> left = horizon.status(slot, log.writtenLsn(), log.segmentSize());
    if (left.isPresent() && left.get() == WalStatus.LOST) {
      return LOST;
    }
    OptionalLong safe = horizon.safeWalBytes(slot, log.writtenLsn(), log.segmentSize());
    boolean little =
        safe.isPresent()
            && safe.getAsLong()
                < (safe.getAsLong() + behind(log.writtenLsn(), slot.restartLsn())) / RISK_PART;
    boolean unprotected = left.isPresent() && left.get() == WalStatus.UNRESERVED;
    return little || unprotected ? AT_RISK : SAFE;
  }

  private void slot(ReplicationSlot slot, State next, Optional<State> known, ServedTimeline log) {
    String reason =
        switch (next) {
          case LOST -> slot.invalidation().map(Object::toString).orElse("");
          case AT_RISK -> "max_slot_wal_keep_size is almost reached";
          default -> "";
        };
    if (next == AT_RISK) {
      LOG.warn(
          "replication slot \"{}\" is about to lose the WAL it needs: {}", slot.name(), reason);
    }
    listener.accept(
        new ReplicationChange(
            clock.instant(),
            Subject.SLOT,
            slot.name(),
            slot.activePid(),
            next,
            known,
            slot.restartLsn(),
            slot.restartLsn() == 0 ? -1 : behind(log.writtenLsn(), slot.restartLsn()),
            reason));
  }

  private void standby(WalSender sender, State next, String reason) {
    int pid = sender.client().pid();
    State known = standbys.put(pid, next);
    if (known == next) {
      return;
    }
    Optional<? extends ServedTimeline> log = status.get().store().currentLog();
    long lsn = sender.progress().writtenLsn();
    listener.accept(
        new ReplicationChange(
            clock.instant(),
            Subject.STANDBY,
            sender.client().applicationName(),
            pid,
            next,
            Optional.ofNullable(known),
            lsn == 0 ? sender.sentLsn() : lsn,
            log.isEmpty() || sender.sentLsn() == 0 ? -1 : behind(sender, log.get()),
            reason));
  }

  private void upstream(State next, String reason) {
    Optional<State> known = Optional.ofNullable(upstream);
    upstream = next;
    Optional<WalReceiverStatus> receiver = status.get().receiver();
    listener.accept(
        new ReplicationChange(
            clock.instant(),
            Subject.UPSTREAM,
            receiver.map(WalReceiverStatus::sender).orElse(""),
            0,
            next,
            known,
            receiver.map(WalReceiverStatus::writtenLsn).orElse(0L),
            receiver
                .filter(r -> r.latestEndLsn() != 0 && next != CONNECTED)
                .map(r -> behind(r.latestEndLsn(), r.writtenLsn()))
                .orElse(-1L),
            reason));
  }
}
