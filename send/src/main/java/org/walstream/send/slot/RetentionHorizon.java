package org.walstream.send.slot;

import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.walstream.wal.Lsn;
import org.walstream.wal.WalSegmentSize;

/// How far back WAL must be kept for those who are sent it.
///
/// ```
///          max_slot_wal_keep_size
///    ├───────────────────────────────────────┤
///    │               wal_keep_size           │
///    │        ├──────────────────────────────┤
/// ───┴────────┴──────▲───────────────────────┴──▶ end of WAL
///  a slot left of    │
///  here is given up  a slot's restartLsn: WAL from the oldest of them on is kept
/// ```
///
/// Counterpart of KeepLogSeg() and InvalidateObsoleteReplicationSlots(), xlog.c and slot.c.
/// Thread-safe.
public final class RetentionHorizon {

  /// What the configuration says.
  ///
  /// @param walKeepBytes WAL kept for standbys without a slot
  /// @param maxSlotWalKeepBytes the most that slots may hold; negative: no limit
  public record Limits(long walKeepBytes, long maxSlotWalKeepBytes) {

    /// PostgreSQL's defaults.
    public static final Limits DEFAULT = new Limits(0, -1);
  }

  /// What is left of a slot's WAL, as `pg_replication_slots.wal_status` calls it.
  public enum WalStatus {
    /// Kept anyway.
    RESERVED,
    /// Kept because of slots.
    EXTENDED,
    /// No longer protected; may go at any time.
    UNRESERVED,
    /// Gone.
    LOST
  }

  private final ReplicationSlots slots;
  private final Supplier<Limits> limits;

  public RetentionHorizon(ReplicationSlots slots, Supplier<Limits> limits) {
    this.slots = slots;
    this.limits = limits;
  }

  /// The position before which WAL may be removed while it ends at `endLsn`: the start of a
  /// segment. Slots that want more than they may are invalidated, and the state of the others is on
  /// disk, when this returns.
  public long keepFrom(long endLsn, WalSegmentSize segmentSize) throws IOException {
    Limits now = limits.get();
    long keepFrom = back(endLsn, now.walKeepBytes, segmentSize);
    if (now.maxSlotWalKeepBytes >= 0) {
      giveUpSlotsBefore(slotLimit(endLsn, now, segmentSize), segmentSize);
    }
    slots.save();
    OptionalLong oldest = oldestNeededLsn();
    return oldest.isPresent()
        ? segmentSize.startOfSegment(Lsn.min(keepFrom, oldest.getAsLong()))
        : keepFrom;
  }

  /// What is left of the WAL of `slot`; empty for one that has reserved none.
  public Optional<WalStatus> status(ReplicationSlot slot, long endLsn, WalSegmentSize segmentSize) {
    if (slot.invalidation().isPresent()) {
      return Optional.of(WalStatus.LOST);
    }
    long restartLsn = slot.restartLsn();
    if (restartLsn == 0) {
      return Optional.empty();
    }
    Limits now = limits.get();
    if (!Lsn.isBefore(restartLsn, back(endLsn, now.walKeepBytes, segmentSize))) {
      return Optional.of(WalStatus.RESERVED);
    }
    boolean held =
        now.maxSlotWalKeepBytes < 0
            || !Lsn.isBefore(restartLsn, slotLimit(endLsn, now, segmentSize));
    return Optional.of(held ? WalStatus.EXTENDED : WalStatus.UNRESERVED);
  }

  /// How many bytes of WAL may still be written before `slot` is given up; empty when there is no
  /// limit, or nothing to lose any more.
  public OptionalLong safeWalBytes(ReplicationSlot slot, long endLsn, WalSegmentSize segmentSize) {
    Limits now = limits.get();
    long restartLsn = slot.restartLsn();
    if (now.maxSlotWalKeepBytes < 0 || restartLsn == 0 || slot.invalidation().isPresent()) {
      return OptionalLong.empty();
    }
    long kept = Math.max(now.maxSlotWalKeepBytes, now.walKeepBytes);
    long failSegment = segmentSize.segmentNumber(restartLsn) + segments(kept, segmentSize) + 1;
    return OptionalLong.of(segmentSize.start(failSegment) - endLsn);
  }

  private void giveUpSlotsBefore(long limitLsn, WalSegmentSize segmentSize) throws IOException {
    for (ReplicationSlot slot : slots.all()) {
      long restartLsn = slot.restartLsn();
      if (restartLsn != 0 && Lsn.isBefore(segmentSize.startOfSegment(restartLsn), limitLsn)) {
        slots.invalidate(slot, Invalidation.WAL_REMOVED);
      }
    }
  }

  private OptionalLong oldestNeededLsn() {
    return slots.all().stream()
        .mapToLong(ReplicationSlot::neededLsn)
        .filter(lsn -> lsn != 0)
        .reduce(Lsn::min);
  }

  private static long slotLimit(long endLsn, Limits limits, WalSegmentSize segmentSize) {
    return back(endLsn, Math.max(limits.maxSlotWalKeepBytes, limits.walKeepBytes), segmentSize);
  }

  /// The start of the segment that lies so many whole segments before the one with `endLsn`.
  private static long back(long endLsn, long bytes, WalSegmentSize segmentSize) {
    long segment = segmentSize.segmentNumber(endLsn) - segments(bytes, segmentSize);
    return segment <= 0 ? 0 : segmentSize.start(segment);
  }

  private static long segments(long bytes, WalSegmentSize segmentSize) {
    return bytes / segmentSize.bytes();
  }
}
