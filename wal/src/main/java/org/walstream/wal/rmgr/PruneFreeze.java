package org.walstream.wal.rmgr;

import static org.walstream.wal.rmgr.UnknownRecord.unless;

import org.jspecify.annotations.Nullable;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.record.RecordBytes;

/// A page is pruned of dead tuples, and what is left is frozen, in one go; since PostgreSQL 17. The
/// three opcodes say why, and mean the same.
///
/// ```
/// offset  bytes  field                    (main data)
///      0      1  reason                   unused
///      1      1  flags                    0x02 of a catalog, 0x04 needs a cleanup lock,
///                                         0x08 … 0x80 as below
///      2      4  snapshotConflictHorizon  if flags has 0x08
///
/// bytes  field          (data of block 0, the page)
///     2  nplans         if flags has 0x10; followed by 2 bytes of padding
///  12 n  plans          FreezePlans
///     2  nredirected    if flags has 0x20
///   4 n  redirected     line pointers, each followed by the one it is redirected to
///     2  ndead          if flags has 0x40
///   2 n  dead           line pointers
///     2  nunused        if flags has 0x80
///   2 n  unused         line pointers
///   2 n  plan offsets   FreezePlans
/// ```
///
/// Counterpart of xl_heap_prune and xlhp_*, src/include/access/heapam_xlog.h.
public record PruneFreeze(DecodedXLogRecord record) implements Heap2Record {

  public static final int XLHP_IS_CATALOG_REL = 0x02;
  public static final int XLHP_CLEANUP_LOCK = 0x04;
  public static final int XLHP_HAS_CONFLICT_HORIZON = 0x08;
  public static final int XLHP_HAS_FREEZE_PLANS = 0x10;
  public static final int XLHP_HAS_REDIRECTIONS = 0x20;
  public static final int XLHP_HAS_DEAD_ITEMS = 0x40;
  public static final int XLHP_HAS_NOW_UNUSED_ITEMS = 0x80;

  private static final int LENGTH = 2;
  private static final int PLANS_AT = 4;

  static @Nullable PruneFreeze of(DecodedXLogRecord record) {
    var prune = new PruneFreeze(record);
    return unless(
        record.main().length() >= LENGTH && prune.horizonFits() && prune.itemsFit(), prune);
  }

  private boolean horizonFits() {
    return !hasConflictHorizon() || record.main().length() >= LENGTH + Integer.BYTES;
  }

  /// Each count is read only when all that stands before it has proven to fit.
  private boolean itemsFit() {
    return plansFit()
        && listFits(XLHP_HAS_REDIRECTIONS, redirectedCountAt(), 2 * Short.BYTES)
        && listFits(XLHP_HAS_DEAD_ITEMS, deadCountAt(), Short.BYTES)
        && listFits(XLHP_HAS_NOW_UNUSED_ITEMS, unusedCountAt(), Short.BYTES)
        && plans().fit();
  }

  private boolean plansFit() {
    return !has(XLHP_HAS_FREEZE_PLANS)
        || (items().length() >= PLANS_AT && items().holds(PLANS_AT, nplans(), FreezePlans.LENGTH));
  }

  private boolean listFits(int flag, int countAt, int itemLength) {
    return !has(flag)
        || (items().holds(countAt, 1, Short.BYTES)
            && items().holds(countAt + Short.BYTES, items().u16(countAt), itemLength));
  }

  public int reason() {
    return record.main().u8(0);
  }

  public int flags() {
    return record.main().u8(1);
  }

  public boolean isCatalogRel() {
    return (flags() & XLHP_IS_CATALOG_REL) != 0;
  }

  public boolean hasConflictHorizon() {
    return (flags() & XLHP_HAS_CONFLICT_HORIZON) != 0;
  }

  /// 0 when there is none.
  public int snapshotConflictHorizon() {
    return hasConflictHorizon() ? record.main().i32(LENGTH) : 0;
  }

  /// The data of block 0, in which all that is counted stands; empty, and the counts are 0, when
  /// there is an image in its place.
  public RecordBytes items() {
    return record.block(0).data();
  }

  public int nplans() {
    return has(XLHP_HAS_FREEZE_PLANS) ? items().u16(0) : 0;
  }

  public FreezePlans plans() {
    int offsetsAt = unusedAt() + Short.BYTES * nunused();
    return new FreezePlans(items(), PLANS_AT, nplans(), offsetsAt);
  }

  public int nredirected() {
    return count(XLHP_HAS_REDIRECTIONS, redirectedCountAt());
  }

  /// Where in [#items] the redirections stand, two line pointers each.
  public int redirectedAt() {
    return listAt(XLHP_HAS_REDIRECTIONS, redirectedCountAt());
  }

  public int redirectedFrom(int index) {
    return items().u16(redirectedAt() + 2 * Short.BYTES * index);
  }

  public int redirectedTo(int index) {
    return items().u16(redirectedAt() + 2 * Short.BYTES * index + Short.BYTES);
  }

  public int ndead() {
    return count(XLHP_HAS_DEAD_ITEMS, deadCountAt());
  }

  /// Where in [#items] the line pointers stand that become dead.
  public int deadAt() {
    return listAt(XLHP_HAS_DEAD_ITEMS, deadCountAt());
  }

  public int dead(int index) {
    return items().u16(deadAt() + Short.BYTES * index);
  }

  public int nunused() {
    return count(XLHP_HAS_NOW_UNUSED_ITEMS, unusedCountAt());
  }

  /// Where in [#items] the line pointers stand that become unused.
  public int unusedAt() {
    return listAt(XLHP_HAS_NOW_UNUSED_ITEMS, unusedCountAt());
  }

  public int unused(int index) {
    return items().u16(unusedAt() + Short.BYTES * index);
  }

  private int redirectedCountAt() {
    return has(XLHP_HAS_FREEZE_PLANS) ? PLANS_AT + FreezePlans.LENGTH * nplans() : 0;
  }

  private int deadCountAt() {
    return redirectedAt() + 2 * Short.BYTES * nredirected();
  }

  private int unusedCountAt() {
    return deadAt() + Short.BYTES * ndead();
  }

  private int count(int flag, int countAt) {
    return has(flag) ? items().u16(countAt) : 0;
  }

  private int listAt(int flag, int countAt) {
    return has(flag) ? countAt + Short.BYTES : countAt;
  }

  private boolean has(int flag) {
    return (flags() & flag) != 0 && items().length() > 0;
  }

  @Override
  public void fields(RecordFields out) {
    out.number("reason", reason());
    out.number("flags", flags());
    if (hasConflictHorizon()) {
      out.u32("snapshotConflictHorizon", snapshotConflictHorizon());
    }
    out.flag("isCatalogRel", isCatalogRel());
    plans().fields(out);
    out.list(
        "redirected",
        nredirected(),
        (index, item) -> {
          item.number("from", redirectedFrom(index));
          item.number("to", redirectedTo(index));
        });
    out.numbers("dead", ndead(), this::dead);
    out.numbers("unused", nunused(), this::unused);
  }
}
