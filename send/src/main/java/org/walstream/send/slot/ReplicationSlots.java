package org.walstream.send.slot;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.walstream.file.FileLayer;
import org.walstream.wire.SqlState;
import org.walstream.wire.server.ServerError;

/// All replication slots of a node. A slot is used by one session at a time, its `pid`.
///
/// One lock guards which slots there are, who uses them, and their files; it is held while files
/// are written, which is rare. Errors are PostgreSQL's.
public final class ReplicationSlots {

  private static final Logger LOG = LoggerFactory.getLogger(ReplicationSlots.class);

  private final SlotDirectory directory;
  private final IntSupplier maxReplicationSlots;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition released = lock.newCondition();
  private final Map<String, ReplicationSlot> slots = new TreeMap<>();

  private ReplicationSlots(
      SlotDirectory directory, IntSupplier maxReplicationSlots, InstantSource clock) {
    this.directory = directory;
    this.maxReplicationSlots = maxReplicationSlots;
    this.clock = clock;
  }

  /// Reads the slots that are in a node's `directory`.
  ///
  /// @throws IOException if there are more than `max_replication_slots`, or one is damaged: WAL
  ///   that it protects might be lost otherwise
  public static ReplicationSlots open(
      Path directory, FileLayer files, IntSupplier maxReplicationSlots) throws IOException {
    return open(directory, files, SlotFormat.own(), maxReplicationSlots, InstantSource.system());
  }

  /// Reads the slots that are in `directory`, which are kept in `format`.
  ///
  /// @param clock tells since when nobody uses one
  /// @throws IOException as the other does
  public static ReplicationSlots open(
      Path directory,
      FileLayer files,
      SlotFormat format,
      IntSupplier maxReplicationSlots,
      InstantSource clock)
      throws IOException {
    var all =
        new ReplicationSlots(
            new SlotDirectory(directory, files, format), maxReplicationSlots, clock);
    for (var entry : all.directory.load().entrySet()) {
      String name = entry.getKey();
      all.slots.put(name, new ReplicationSlot(name, false, entry.getValue(), clock.instant()));
    }
    if (all.slots.size() > maxReplicationSlots.getAsInt()) {
      throw new IOException(
          "too many replication slots in \"%s\": increase \"max_replication_slots\" and try again"
              .formatted(directory));
    }
    return all;
  }

  /// What the files say of the slots in `directory`, which a node may be using.
  public static List<ReplicationSlot> look(Path directory, FileLayer files) throws IOException {
    Instant now = Instant.now();
    return new SlotDirectory(directory, files, SlotFormat.own())
        .look().entrySet().stream()
            .map(slot -> new ReplicationSlot(slot.getKey(), false, slot.getValue(), now))
            .toList();
  }

  /// Makes a slot, which `pid` goes on to use if it is temporary.
  ///
  /// @param restartLsn from where on WAL is to be kept; 0 to wait for a standby
  public ReplicationSlot create(String name, boolean temporary, long restartLsn, int pid)
      throws IOException, ServerError {
    SlotName.check(name);
    lock.lock();
    try {
      if (slots.containsKey(name)) {
        throw ServerError.error(
            SqlState.DUPLICATE_OBJECT, "replication slot \"%s\" already exists".formatted(name));
      }
      checkRoom();
      var state = new SlotState(restartLsn, 0, 0, Optional.empty());
      if (!temporary) {
        directory.create(name, state);
      }
      var slot = new ReplicationSlot(name, temporary, state, clock.instant());
      if (temporary) {
        slot.acquire(pid, () -> {});
      }
      slots.put(name, slot);
      return slot;
    } finally {
      lock.unlock();
    }
  }

  private void checkRoom() throws ServerError {
    int max = maxReplicationSlots.getAsInt();
    if (max == 0) {
      throw ServerError.error(
          SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE,
          "replication slots can only be used if \"max_replication_slots\" > 0");
    } else if (slots.size() >= max) {
      throw ServerError.error(
              SqlState.CONFIGURATION_LIMIT_EXCEEDED, "all replication slots are in use")
          .withHint("Free one or increase \"max_replication_slots\".");
    }
  }

  /// Gives the slot to session `pid`, until [#release].
  ///
  /// @param whenInvalidated is called should the slot become unusable meanwhile; must not block
  public ReplicationSlot acquire(String name, int pid, Runnable whenInvalidated)
      throws ServerError {
    lock.lock();
    try {
      ReplicationSlot slot = require(name);
      refuseIfUsedByOther(slot, pid);
      refuseIfLogical(slot);
      refuseIfInvalid(slot);
      slot.acquire(pid, whenInvalidated);
      return slot;
    } finally {
      lock.unlock();
    }
  }

  /// The session does not use the slot any more. A temporary one stays its own.
  public void release(ReplicationSlot slot) throws IOException {
    lock.lock();
    try {
      if (slot.temporary()) {
        slot.acquire(slot.activePid(), () -> {});
        return;
      }
      slot.release(clock.instant());
      released.signalAll();
      if (slots.get(slot.name()) == slot) {
        save(slot);
      }
    } finally {
      lock.unlock();
    }
  }

  /// Removes a slot.
  ///
  /// @param waits whether to wait until no other session uses it
  public void drop(String name, int pid, boolean waits) throws IOException, ServerError {
    lock.lock();
    try {
      while (waits && isUsedByOther(require(name), pid)) {
        released.await();
      }
      ReplicationSlot slot = require(name);
      refuseIfUsedByOther(slot, pid);
      if (!slot.temporary()) {
        directory.drop(name);
      }
      slots.remove(name);
      released.signalAll();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for a replication slot", e);
    } finally {
      lock.unlock();
    }
  }

  /// Session `pid` has ended: what it used is free, its temporary slots go.
  public void sessionEnded(int pid) {
    lock.lock();
    try {
      slots.values().removeIf(slot -> slot.temporary() && slot.activePid() == pid);
      slots.values().stream()
          .filter(slot -> slot.activePid() == pid)
          .forEach(slot -> slot.release(clock.instant()));
      released.signalAll();
    } finally {
      lock.unlock();
    }
  }

  public Optional<ReplicationSlot> find(String name) {
    lock.lock();
    try {
      return Optional.ofNullable(slots.get(name));
    } finally {
      lock.unlock();
    }
  }

  /// All slots, by name.
  public List<ReplicationSlot> all() {
    lock.lock();
    try {
      return new ArrayList<>(slots.values());
    } finally {
      lock.unlock();
    }
  }

  /// Brings to disk what has been confirmed since the last time. To be called before WAL is
  /// removed, and at shutdown.
  public void save() throws IOException {
    lock.lock();
    try {
      for (ReplicationSlot slot : slots.values()) {
        save(slot);
      }
    } finally {
      lock.unlock();
    }
  }

  /// Makes those unusable that nobody has used for so long: WAL is not kept for them any more. As
  /// in PostgreSQL, those that have reserved nothing may stay.
  public void invalidateIdle(Duration timeout) throws IOException {
    if (timeout.isZero()) {
      return;
    }
    Instant now = clock.instant();
    lock.lock();
    try {
      for (ReplicationSlot slot : List.copyOf(slots.values())) {
        Optional<Duration> idle = slot.inactiveSince().map(since -> Duration.between(since, now));
        if (idle.isPresent() && idle.get().compareTo(timeout) >= 0 && slot.restartLsn() != 0) {
          invalidate(
              slot,
              Invalidation.IDLE_TIMEOUT,
              " (The slot's idle time of %ds exceeds the configured \"idle_replication_slot_timeout\" duration of %ds.)"
                  .formatted(idle.get().toSeconds(), timeout.toSeconds()));
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /// Makes a slot unusable, and sees to it that it stays so. Whoever uses it is told.
  void invalidate(ReplicationSlot slot, Invalidation cause) throws IOException {
    invalidate(slot, cause, "");
  }

  private void invalidate(ReplicationSlot slot, Invalidation cause, String detail)
      throws IOException {
    lock.lock();
    try {
      if (slots.get(slot.name()) == slot && slot.invalidation().isEmpty()) {
        LOG.info("invalidating obsolete replication slot \"{}\"{}", slot.name(), detail);
        slot.invalidate(cause);
        save(slot);
      }
    } finally {
      lock.unlock();
    }
  }

  private void save(ReplicationSlot slot) throws IOException {
    if (slot.temporary() || !slot.takeDirty()) {
      return;
    }
    try {
      SlotState state = slot.state();
      directory.save(slot.name(), state);
      slot.saved(state);
    } catch (IOException e) {
      slot.markDirty();
      throw e;
    }
  }

  private ReplicationSlot require(String name) throws ServerError {
    ReplicationSlot slot = slots.get(name);
    if (slot == null) {
      throw ServerError.error(
          SqlState.UNDEFINED_OBJECT, "replication slot \"%s\" does not exist".formatted(name));
    }
    return slot;
  }

  private static boolean isUsedByOther(ReplicationSlot slot, int pid) {
    return slot.activePid() != 0 && slot.activePid() != pid;
  }

  private static void refuseIfUsedByOther(ReplicationSlot slot, int pid) throws ServerError {
    if (isUsedByOther(slot, pid)) {
      throw ServerError.error(
          SqlState.OBJECT_IN_USE,
          "replication slot \"%s\" is active for PID %d".formatted(slot.name(), slot.activePid()));
    }
  }

  private static void refuseIfLogical(ReplicationSlot slot) throws ServerError {
    if (slot.logical()) {
      throw ServerError.error(
          SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE,
          "cannot use a logical replication slot for physical replication");
    }
  }

  private static void refuseIfInvalid(ReplicationSlot slot) throws ServerError {
    if (slot.invalidation().isPresent()) {
      throw ServerError.error(
              SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE,
              "can no longer access replication slot \"%s\"".formatted(slot.name()))
          .withDetail(
              "This replication slot has been invalidated due to \"%s\"."
                  .formatted(slot.invalidation().get()));
    }
  }
}
