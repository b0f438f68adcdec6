package org.walstream.redo.rmgr;

import static org.walstream.wal.rmgr.Heap2Record.Visible.VISIBILITYMAP_VALID_BITS;
import static org.walstream.wal.rmgr.HeapRecord.Insert.XLH_INSERT_ALL_FROZEN_SET;
import static org.walstream.wal.rmgr.HeapRecord.Insert.XLH_INSERT_ALL_VISIBLE_CLEARED;

import java.lang.foreign.MemorySegment;
import org.walstream.redo.RedoProfile;
import org.walstream.redo.page.CorruptPageException;
import org.walstream.redo.page.HeapTuple;
import org.walstream.redo.page.PageBytes;
import org.walstream.redo.page.PageHeader;
import org.walstream.redo.page.PageItems;
import org.walstream.redo.page.VisibilityMapPage;
import org.walstream.wal.rmgr.Heap2Record;
import org.walstream.wal.rmgr.LoggedTuple;
import org.walstream.wal.rmgr.PruneFreeze;
import org.walstream.wal.rmgr.WalRecord;

/// Changes of tables, a page or many tuples at a time.
///
/// Counterpart of heap2_redo(), src/backend/access/heap/heapam_xlog.c.
final class Heap2Redo implements PageRedo {

  private static final int FREES_SPACE =
      PruneFreeze.XLHP_HAS_REDIRECTIONS
          | PruneFreeze.XLHP_HAS_DEAD_ITEMS
          | PruneFreeze.XLHP_HAS_NOW_UNUSED_ITEMS;

  private final boolean heedsVisibilityMapBlocks;
  private final boolean logsHints;
  private final HeapPruning pruning = new HeapPruning();

  Heap2Redo(RedoProfile profile, boolean logsHints) {
    heedsVisibilityMapBlocks = profile.heedsVisibilityMapBlocks();
    this.logsHints = logsHints;
  }

  @Override
  public boolean passesOver(WalRecord record, int blockId) {
    return switch (record) {
      case Heap2Record.Rewrite _, Heap2Record.NewCid _ -> true;
      case Heap2Record.Visible _ -> blockId > 1;
      case Heap2Record heap -> blockId != 0 && !isMapBlock(heap, blockId);
      default -> false;
    };
  }

  private boolean isMapBlock(Heap2Record record, int blockId) {
    return heedsVisibilityMapBlocks && VisibilityClears.isMapBlock(record, blockId);
  }

  /// The map may not be there yet when its first bits are set.
  @Override
  public boolean zeroIfMissing(WalRecord record, int blockId) {
    return record instanceof Heap2Record.Visible && blockId == 0;
  }

  @Override
  public PageChange redo(WalRecord record, int blockId, MemorySegment pool, long page) {
    if (record instanceof Heap2Record.Visible visible) {
      return blockId == 0 ? setInMap(visible, pool, page) : setOnPage(pool, page);
    }
    if (blockId != 0) {
      return VisibilityClears.redo(record, blockId, pool, page);
    }
    switch ((Heap2Record) record) {
      case Heap2Record.MultiInsert insert -> multiInsert(insert, pool, page);
      case Heap2Record.LockUpdated lock -> lockUpdated(lock, pool, page);
      case PruneFreeze prune -> {
        pruning.redo(prune, pool, page);
        HeapFreezing.redo(prune.plans(), pool, page);
      }
      case Heap2Record.Prune prune -> pruning.redo(prune, pool, page);
      case Heap2Record.Vacuum vacuum -> HeapPruning.redo(vacuum, pool, page);
      case Heap2Record.FreezePage freeze -> HeapFreezing.redo(freeze.plans(), pool, page);
      case Heap2Record.FreezeTuples freeze -> HeapFreezing.redo(freeze, pool, page);
      case Heap2Record.Visible _, Heap2Record.Rewrite _, Heap2Record.NewCid _ -> {
        return PageChange.NONE;
      }
    }
    return PageChange.LOGGED;
  }

  /// Whoever frees space tells it however the page came by it; whoever takes some, only when this
  /// record took it and little is left.
  @Override
  public int freeSpace(
      WalRecord record, int blockId, RedoAction action, MemorySegment pool, long page) {
    if (action == RedoAction.NOT_FOUND) {
      return -1;
    }
    return switch (record) {
      case Heap2Record.MultiInsert _ when blockId == 0 && action == RedoAction.NEEDS_REDO ->
          TupleInsertion.freeSpace(pool, page);
      case PruneFreeze prune when blockId == 0 && (prune.flags() & FREES_SPACE) != 0 ->
          PageItems.heapFreeSpace(pool, page);
      case Heap2Record.Prune _ when blockId == 0 -> PageItems.heapFreeSpace(pool, page);
      case Heap2Record.Vacuum _ when blockId == 0 -> PageItems.heapFreeSpace(pool, page);
      case Heap2Record.Visible visible
          when blockId == 1 && (visible.flags() & VISIBILITYMAP_VALID_BITS) != 0 ->
          PageItems.freeSpace(pool, page);
      default -> -1;
    };
  }

  private static PageChange setInMap(Heap2Record.Visible visible, MemorySegment pool, long page) {
    if (!VisibilityClears.isOn(visible.record(), 0, 1)) {
      throw new CorruptPageException("wrong VM buffer passed to visibilitymap_set");
    }
    int bits = visible.flags() & VISIBILITYMAP_VALID_BITS;
    int heapBlock = visible.record().block(1).blockNumber();
    boolean isNew = PageHeader.isNew(pool, page);
    if (bits == (isNew ? 0 : VisibilityMapPage.status(pool, page, heapBlock))) {
      return PageChange.NONE;
    }
    if (isNew) {
      PageHeader.init(pool, page, 0);
    }
    VisibilityMapPage.set(pool, page, heapBlock, bits);
    return PageChange.LOGGED;
  }

  private PageChange setOnPage(MemorySegment pool, long page) {
    PageHeader.set(pool, page, PageHeader.ALL_VISIBLE);
    return logsHints ? PageChange.LOGGED : PageChange.HINT;
  }

  private static void multiInsert(Heap2Record.MultiInsert insert, MemorySegment pool, long page) {
    TupleInsertion.initIfToldSo(insert.record(), insert.isInit(), pool, page);
    int next = 0;
    int end = 0;
    for (int index = 0; index < insert.ntuples(); index++) {
      LoggedTuple tuple = insert.tuple(next);
      TupleInsertion.add(insert.record(), tuple, 0, insert.offset(index), pool, page);
      end = tuple.dataAt() + tuple.dataLength();
      next = insert.after(next);
    }
    if (end != insert.record().block(0).data().length()) {
      throw new CorruptPageException("total tuple length mismatch");
    }
    if ((insert.flags() & XLH_INSERT_ALL_VISIBLE_CLEARED) != 0) {
      PageHeader.clear(pool, page, PageHeader.ALL_VISIBLE);
    }
    if ((insert.flags() & XLH_INSERT_ALL_FROZEN_SET) != 0) {
      PageHeader.set(pool, page, PageHeader.ALL_VISIBLE);
    }
  }

  private static void lockUpdated(Heap2Record.LockUpdated lock, MemorySegment pool, long page) {
    long tuple = TupleHeader.find(pool, page, lock.offnum());
    TupleHeader.putXmaxBits(pool, tuple, lock.infobitsSet());
    PageBytes.putI32(pool, tuple + HeapTuple.XMAX, lock.xmax());
  }
}
