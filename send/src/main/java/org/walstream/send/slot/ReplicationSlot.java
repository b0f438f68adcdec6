package org.walstream.send.slot;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.walstream.wal.Lsn;
import org.walstream.wire.replication.HotStandbyFeedback;

/// One slot: a physical one, or, in a server's directory, a logical one that nobody uses here and
/// for which WAL is kept.
///
/// ```
/// restartLsn ≤ what the standby has flushed: WAL from here on is kept
/// ```
///
/// What a standby confirms is taken note of in memory; the disk hears of it when the slot is saved,
/// and WAL is removed only because of what the disk knows ([#neededLsn]). So a crash can only make
/// a slot keep too much, and what it then wants is still there.
///
/// Thread-safe: the session that uses the slot writes, everyone reads.
public final class ReplicationSlot {

  private final String name;
  private final boolean temporary;
  private final boolean logical;

  private volatile long restartLsn;

  /// What the slot's file says, often older than [#restartLsn]; 0 while nothing is reserved there.
  private volatile long savedRestartLsn;

  private volatile long xmin;
  private volatile long catalogXmin;
  private volatile Optional<Invalidation> invalidation;
  private volatile boolean dirty;

  // Guarded by ReplicationSlots' lock for writing.
  private volatile int activePid;
  private volatile @Nullable Instant inactiveSince;
  private volatile @Nullable Runnable onInvalidation;

  /// @param begun since when nobody has used it
  ReplicationSlot(String name, boolean temporary, SlotState state, Instant begun) {
    this.name = name;
    this.temporary = temporary;
    this.logical = state.logical();
    this.restartLsn = state.restartLsn();
    this.savedRestartLsn = state.restartLsn();
    this.xmin = state.xmin();
    this.catalogXmin = state.catalogXmin();
    this.invalidation = state.invalidation();
    this.inactiveSince = begun;
  }

  public String name() {
    return name;
  }

  /// True for a slot that goes with the session that made it.
  public boolean temporary() {
    return temporary;
  }

  public boolean logical() {
    return logical;
  }

  /// From where on WAL is kept; 0 while nothing has been reserved.
  public long restartLsn() {
    return restartLsn;
  }

  /// From where on WAL must stay, so that this slot finds it after a crash too; 0 while nothing is
  /// reserved, and once the slot is invalidated.
  long neededLsn() {
    long confirmed = restartLsn;
    long saved = savedRestartLsn;
    if (invalidation.isPresent()) {
      return 0;
    }
    return temporary || saved == 0 ? confirmed : Lsn.min(confirmed, saved);
  }

  /// The session that uses the slot, or 0.
  public int activePid() {
    return activePid;
  }

  /// Since when nobody has used it; empty while somebody does.
  public Optional<Instant> inactiveSince() {
    return Optional.ofNullable(inactiveSince);
  }

  public Optional<Invalidation> invalidation() {
    return invalidation;
  }

  /// The oldest transaction that the standby's queries still see, with its epoch in the upper 32
  /// bits; 0 if the standby holds nothing back.
  public long xmin() {
    return xmin;
  }

  public long catalogXmin() {
    return catalogXmin;
  }

  /// Keeps WAL from `lsn` on, for a standby that has confirmed nothing yet.
  public void reserve(long lsn) {
    restartLsn = lsn;
    dirty = true;
  }

  /// The standby has made everything before `lsn` durable. Counterpart of
  /// PhysicalConfirmReceivedLocation().
  public void confirmFlushed(long lsn) {
    if (lsn != 0 && lsn != restartLsn && invalidation.isEmpty()) {
      restartLsn = lsn;
      dirty = true;
    }
  }

  /// The standby's queries hold these transactions back. Counterpart of
  /// PhysicalReplicationSlotNewXmin().
  public void feedback(HotStandbyFeedback feedback) {
    long newXmin = feedback.fullXmin();
    long newCatalogXmin = feedback.fullCatalogXmin();
    if (newXmin != xmin || newCatalogXmin != catalogXmin) {
      xmin = newXmin;
      catalogXmin = newCatalogXmin;
      dirty = true;
    }
  }

  // What follows is for ReplicationSlots, under its lock.

  SlotState state() {
    return new SlotState(restartLsn, xmin, catalogXmin, invalidation, logical);
  }

  /// True if there is something to save. To be called before [#state]: what is confirmed from now
  /// on makes the slot dirty anew. A clean slot is not touched, or it could be made clean in the
  /// very moment in which its user makes it dirty.
  boolean takeDirty() {
    if (!dirty) {
      return false;
    }
    dirty = false;
    return true;
  }

  /// The file holds `state` now.
  void saved(SlotState state) {
    savedRestartLsn = state.restartLsn();
  }

  void markDirty() {
    dirty = true;
  }

  void acquire(int pid, Runnable whenInvalidated) {
    activePid = pid;
    inactiveSince = null;
    onInvalidation = whenInvalidated;
  }

  void release(Instant now) {
    activePid = 0;
    inactiveSince = now;
    onInvalidation = null;
  }

  void invalidate(Invalidation cause) {
    invalidation = Optional.of(cause);
    if (cause == Invalidation.WAL_REMOVED) {
      restartLsn = 0;
    }
    dirty = true;
    Runnable user = onInvalidation;
    if (user != null) {
      user.run();
    }
  }

  @Override
  public String toString() {
    return "%s at %s".formatted(name, Lsn.format(restartLsn));
  }
}
