package org.walstream.redo;

import org.walstream.wal.WalFormat;

/// The PostgreSQL whose replay is imitated, down to the minor version: minor versions write the
/// same WAL and may make other bytes of it. Every such difference is an answer of this type; nobody
/// else compares minor versions.
///
/// A data directory knows its major version alone, so the minor one is for whoever starts replay to
/// tell: that of the standby to be equal to, or [#newest].
///
/// Source: the release notes of the minor versions named at each answer.
///
/// @param minor the `6` of 18.6
public record RedoProfile(WalFormat format, int minor) {

  private static final int NEVER = Integer.MAX_VALUE;
  private static final int NEWEST = NEVER - 1;

  public RedoProfile {
    if (minor < 0) {
      throw new IllegalArgumentException("minor version " + minor);
    }
  }

  /// As all minor versions known so far have it in the end.
  public static RedoProfile newest(WalFormat format) {
    return new RedoProfile(format, NEWEST);
  }

  /// Pages of the visibility map that a record of Heap refers to are redone like any other: not
  /// when their LSN is newer, and with the record's LSN afterwards. Before, such references were
  /// passed over and bits cleared whatever the LSN, as they still are for records without them.
  public boolean heedsVisibilityMapBlocks() {
    return minor
        >= switch (format) {
          case PG_15, PG_16 -> NEVER;
          case PG_17 -> 11;
          case PG_18 -> 6;
        };
  }

  /// A record of a single insertion whose flags say that all is frozen marks its page all-visible.
  /// No version is known to write such a record.
  public boolean insertionsMayFreeze() {
    return format == WalFormat.PG_16 || format == WalFormat.PG_17;
  }

  /// A new multixact also says where the next one's members begin, and makes the page for that if
  /// WAL has not yet. Before, each said so of itself alone.
  public boolean writesNextMultiXactOffset() {
    return minor
        >= switch (format) {
          case PG_15 -> 16;
          case PG_16 -> 12;
          case PG_17 -> 8;
          case PG_18 -> 2;
        };
  }

  /// What redo tells the free space map reaches the disk. Before, with checksums or wal_log_hints,
  /// it did only if something else had the page written.
  public boolean writesFreeSpaceMap() {
    return minor
        >= switch (format) {
          case PG_15 -> 18;
          case PG_16 -> 14;
          case PG_17 -> 10;
          case PG_18 -> 4;
        };
  }

  /// A page that VACUUM takes tuples from has no vacuum cycle ID afterwards (btpo_cycleid), as on
  /// the primary.
  public boolean clearsCycleIdOfVacuumedBtreePages() {
    return format == WalFormat.PG_18;
  }

  /// A hash index's page that was to take the tuples of one that is freed has the record's LSN even
  /// if there were none and nothing on it has changed.
  public boolean marksUnchangedHashPages() {
    return format == WalFormat.PG_15 || format == WalFormat.PG_16;
  }
}
