package org.walstream.redo.replay;

/// Which lane a page belongs to: pages that stand near each other on disk belong to the same one,
/// so that it can write them together; the rest is scattered.
final class PageOwners {

  /// Log₂ of how many neighbours there are: 32 pages, 256 kB.
  private static final int NEIGHBOURS_SHIFT = 5;

  private final int lanes;

  PageOwners(int lanes) {
    this.lanes = lanes;
  }

  int laneOf(int spcOid, int dbOid, int relNumber, int fork, int block) {
    if (lanes == 1) {
      return 0;
    }
    int hash = (relNumber * 31 + dbOid) * 31 + spcOid * 4 + fork;
    hash = (hash * 0x9E3779B9 ^ block >>> NEIGHBOURS_SHIFT) * 0x85EBCA6B;
    return Integer.remainderUnsigned(hash ^ hash >>> 16, lanes);
  }
}
