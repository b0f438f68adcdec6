package org.walstream.cli.waldump;

import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.walstream.wal.record.BlockReference;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.record.RelFileLocator;

/// Which records are wanted: those that pass every test asked for. Set up while options are read,
/// unchanged from then on, and shared by all readers.
final class RecordFilter {

  private static final int ANY_FORK = -1;

  private @Nullable BitSet rmgrs;
  private boolean byXid;
  private int xid;
  private boolean byBlocks;
  private List<RelFileLocator> relations = List.of();
  private boolean byBlock;
  private int block;
  private int fork = ANY_FORK;
  private boolean fullPage;

  /// Wants records of this resource manager, or of one named before.
  void rmgr(int id) {
    if (rmgrs == null) {
      rmgrs = new BitSet();
    }
    rmgrs.set(id);
  }

  void xid(int wanted) {
    byXid = true;
    xid = wanted;
  }

  /// Wants records that refer to a block of one of these: a relation, and what it was before it was
  /// rewritten.
  void relations(List<RelFileLocator> wanted) {
    byBlocks = true;
    relations = List.copyOf(wanted);
  }

  void block(int wanted) {
    byBlocks = true;
    byBlock = true;
    block = wanted;
  }

  void fork(int number) {
    byBlocks = true;
    fork = number;
  }

  void fullPage() {
    fullPage = true;
  }

  boolean wantsBlock() {
    return byBlock;
  }

  boolean wantsRelation() {
    return !relations.isEmpty();
  }

  boolean accepts(DecodedXLogRecord record) {
    return (rmgrs == null || rmgrs.get(record.rmgrId()))
        && (!byXid || record.xid() == xid)
        && (!byBlocks || refersToWantedBlock(record))
        && (!fullPage || hasImage(record));
  }

  /// Relation, fork and block must fit in one and the same reference.
  private boolean refersToWantedBlock(DecodedXLogRecord record) {
    for (int id = 0; id <= record.maxBlockId(); id++) {
      BlockReference reference = record.block(id);
      if (reference.inUse()
          && (fork == ANY_FORK || reference.forkNumber() == fork)
          && (!byBlock || reference.blockNumber() == block)
          && isWanted(reference)) {
        return true;
      }
    }
    return false;
  }

  private boolean isWanted(BlockReference reference) {
    if (relations.isEmpty()) {
      return true;
    }
    for (int i = 0; i < relations.size(); i++) {
      RelFileLocator wanted = relations.get(i);
      if (wanted.relNumber() == reference.relNumber()
          && wanted.dbOid() == reference.dbOid()
          && wanted.spcOid() == reference.spcOid()) {
        return true;
      }
    }
    return false;
  }

  private static boolean hasImage(DecodedXLogRecord record) {
    for (int id = 0; id <= record.maxBlockId(); id++) {
      if (record.block(id).inUse() && record.block(id).hasImage()) {
        return true;
      }
    }
    return false;
  }
}
