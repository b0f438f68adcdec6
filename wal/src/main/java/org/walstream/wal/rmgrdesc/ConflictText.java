package org.walstream.wal.rmgrdesc;

import org.walstream.wal.WalFormat;

/// What records of hash and GiST indexes say of the queries on a standby that they conflict with,
/// in each version's words.
final class ConflictText {

  private ConflictText() {}

  static String horizonName(WalFormat format) {
    return format.describesConflictHorizon() ? "snapshotConflictHorizon" : "latestRemovedXid";
  }

  static void isCatalogRel(WalFormat format, boolean isCatalogRel, RecordText out) {
    if (format.describesIsCatalogRel()) {
      out.add(", isCatalogRel ").flag(isCatalogRel);
    }
  }
}
