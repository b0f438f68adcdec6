package org.walstream.redo.rmgr;

import java.lang.foreign.MemorySegment;
import org.walstream.redo.page.CorruptPageException;
import org.walstream.redo.page.LinePointer;
import org.walstream.redo.page.PageHeader;
import org.walstream.wal.record.RecordBytes;
import org.walstream.wal.rmgr.SpgistRecord;
import org.walstream.wal.rmgr.WalRecord;

/// An SP-GiST index: inner tuples with links to those below, and chains of leaf tuples. A record
/// puts tuples on one page, dead ones in their place on another, and links to the new place on a
/// third; these may be the same page, and are then one block.
///
/// Counterpart of spg_redo(), src/backend/access/spgist/spgxlog.c.
final class SpgistRedo implements PageRedo {

  private final SpgistItems items = new SpgistItems();

  @Override
  public PageChange redo(WalRecord record, int blockId, MemorySegment pool, long page) {
    return switch ((SpgistRecord) record) {
      case SpgistRecord.AddLeaf add -> addLeaf(add, blockId, pool, page);
      case SpgistRecord.MoveLeafs move -> moveLeafs(move, blockId, pool, page);
      case SpgistRecord.AddNode add -> addNode(add, blockId, pool, page);
      case SpgistRecord.SplitTuple split -> splitTuple(split, blockId, pool, page);
      case SpgistRecord.PickSplit split -> pickSplit(split, blockId, pool, page);
      case SpgistRecord.VacuumLeaf vacuum -> vacuumLeaf(vacuum, pool, page);
      case SpgistRecord.VacuumRoot vacuum -> {
        items.delete(pool, page, vacuum.nDelete(), vacuum::offset);
        yield PageChange.LOGGED;
      }
      case SpgistRecord.VacuumRedirect vacuum -> vacuumRedirect(vacuum, pool, page);
    };
  }

  private static PageChange addLeaf(
      SpgistRecord.AddLeaf add, int blockId, MemorySegment pool, long page) {
    int leaf = add.offnumLeaf();
    if (blockId == 0) {
      putLeaf(add, leaf, pool, page);
    } else if (add.offnumParent() != 0) {
      int block = add.record().block(0).blockNumber();
      SpgistTuple.putLink(pool, page, add.offnumParent(), add.nodeI(), block, leaf);
    } else {
      return PageChange.NONE;
    }
    return PageChange.LOGGED;
  }

  /// A leaf tuple that is the head of its chain takes the place of a dead one.
  private static void putLeaf(SpgistRecord.AddLeaf add, int number, MemorySegment pool, long page) {
    if (add.newPage()) {
      SpgistPage.initLeaf(pool, page, add.storesNulls());
    }
    RecordBytes main = add.record().main();
    int at = add.tupleAt();
    int length = SpgistRecord.leafTupleSize(main, at);
    int head = add.offnumHeadLeaf();
    if (number == head) {
      SpgistItems.replace(main, at, length, pool, page, number);
      return;
    }
    SpgistItems.add(main, at, length, pool, page, number);
    if (head != 0) {
      SpgistTuple.putNext(pool, page, head, number);
    }
  }

  private PageChange moveLeafs(
      SpgistRecord.MoveLeafs move, int blockId, MemorySegment pool, long page) {
    int block = move.record().block(1).blockNumber();
    int head = move.toInsert(move.ninserts() - 1);
    switch (blockId) {
      case 0 ->
          items.redirectFirst(
              pool,
              page,
              move.nMoves(),
              move::toDelete,
              move.isBuild(),
              move.redirectXid(),
              block,
              head);
      case 1 -> putMoved(move, pool, page);
      default -> SpgistTuple.putLink(pool, page, move.offnumParent(), move.nodeI(), block, head);
    }
    return PageChange.LOGGED;
  }

  private static void putMoved(SpgistRecord.MoveLeafs move, MemorySegment pool, long page) {
    if (move.newPage()) {
      SpgistPage.initLeaf(pool, page, move.storesNulls());
    }
    RecordBytes main = move.record().main();
    int at = move.tuplesAt();
    for (int i = 0; i < move.ninserts(); i++) {
      int length = SpgistRecord.leafTupleSize(main, at);
      SpgistItems.add(main, at, length, pool, page, move.toInsert(i));
      at += length;
    }
  }

  private static PageChange addNode(
      SpgistRecord.AddNode add, int blockId, MemorySegment pool, long page) {
    RecordBytes main = add.record().main();
    int length = SpgistRecord.innerTupleSize(main, add.tupleAt());
    if (!add.record().hasBlock(1)) {
      SpgistItems.replace(main, add.tupleAt(), length, pool, page, add.offnum());
      return PageChange.LOGGED;
    }
    int block = add.record().block(1).blockNumber();
    if (blockId == 1) {
      if (add.newPage()) {
        SpgistPage.initInner(pool, page, false);
      }
      SpgistItems.add(main, add.tupleAt(), length, pool, page, add.offnumNew());
    } else if (blockId == 0) {
      SpgistItems.redirect(
          pool, page, add.offnum(), add.isBuild(), add.redirectXid(), block, add.offnumNew());
    } else if (blockId != add.parentBlk()) {
      return PageChange.NONE;
    }
    if (blockId == add.parentBlk()) {
      SpgistTuple.putLink(pool, page, add.offnumParent(), add.nodeI(), block, add.offnumNew());
    }
    return PageChange.LOGGED;
  }

  private static PageChange splitTuple(
      SpgistRecord.SplitTuple split, int blockId, MemorySegment pool, long page) {
    boolean staysTogether = split.postfixBlkSame();
    if (blockId == 0) {
      RecordBytes main = split.record().main();
      int at = split.prefixTupleAt();
      int length = SpgistRecord.innerTupleSize(main, at);
      SpgistItems.replace(main, at, length, pool, page, split.offnumPrefix());
      if (staysTogether) {
        putPostfix(split, pool, page);
      }
    } else if (!staysTogether) {
      if (split.newPage()) {
        SpgistPage.initInner(pool, page, false);
      }
      putPostfix(split, pool, page);
    } else {
      return PageChange.NONE;
    }
    return PageChange.LOGGED;
  }

  private static void putPostfix(SpgistRecord.SplitTuple split, MemorySegment pool, long page) {
    RecordBytes main = split.record().main();
    int at = split.postfixTupleAt();
    int length = SpgistRecord.innerTupleSize(main, at);
    SpgistItems.add(main, at, length, pool, page, split.offnumPostfix());
  }

  private PageChange pickSplit(
      SpgistRecord.PickSplit split, int blockId, MemorySegment pool, long page) {
    int block = split.record().block(2).blockNumber();
    switch (blockId) {
      case 0 -> {
        takeLeafs(split, block, pool, page);
        putLeafs(split, false, pool, page);
      }
      case 1 -> {
        if (split.initDest()) {
          SpgistPage.initLeaf(pool, page, split.storesNulls());
        }
        putLeafs(split, true, pool, page);
      }
      case 2 -> putInner(split, block, pool, page);
      default -> putLink(split, block, pool, page);
    }
    return PageChange.LOGGED;
  }

  private void takeLeafs(SpgistRecord.PickSplit split, int inner, MemorySegment pool, long page) {
    if (split.initSrc()) {
      SpgistPage.initLeaf(pool, page, split.storesNulls());
      return;
    }
    items.redirectFirst(
        pool,
        page,
        split.nDelete(),
        split::toDelete,
        split.isBuild(),
        split.redirectXid(),
        inner,
        split.offnumInner());
  }

  /// Puts those leaf tuples on a page that belong there: on block 1 or on block 0.
  private static void putLeafs(
      SpgistRecord.PickSplit split, boolean onBlock1, MemorySegment pool, long page) {
    RecordBytes main = split.record().main();
    int at = split.leafTuplesAt();
    for (int i = 0; i < split.nInsert(); i++) {
      int length = SpgistRecord.leafTupleSize(main, at);
      if (onBlock1 == (split.leafPageSelect(i) != 0)) {
        SpgistItems.add(main, at, length, pool, page, split.toInsert(i));
      }
      at += length;
    }
  }

  private static void putInner(
      SpgistRecord.PickSplit split, int block, MemorySegment pool, long page) {
    if (split.initInner()) {
      SpgistPage.initInner(pool, page, split.storesNulls());
    }
    RecordBytes main = split.record().main();
    int at = split.innerTupleAt();
    int length = SpgistRecord.innerTupleSize(main, at);
    SpgistItems.add(main, at, length, pool, page, split.offnumInner());
    if (split.innerIsParent()) {
      putLink(split, block, pool, page);
    }
  }

  private static void putLink(
      SpgistRecord.PickSplit split, int block, MemorySegment pool, long page) {
    SpgistTuple.putLink(
        pool, page, split.offnumParent(), split.nodeI(), block, split.offnumInner());
  }

  /// Tuples that are moved change places with what was where they go, which then makes room for
  /// placeholders.
  private PageChange vacuumLeaf(SpgistRecord.VacuumLeaf vacuum, MemorySegment pool, long page) {
    items.kill(pool, page, vacuum.nDead(), vacuum::toDead, SpgistTuple.DEAD);
    items.kill(pool, page, vacuum.nPlaceholder(), vacuum::toPlaceholder, SpgistTuple.PLACEHOLDER);
    for (int i = 0; i < vacuum.nMove(); i++) {
      int from = vacuum.moveSrc(i);
      int to = vacuum.moveDest(i);
      int moved = LinePointer.get(pool, page, from);
      LinePointer.put(pool, page, from, LinePointer.get(pool, page, to));
      LinePointer.put(pool, page, to, moved);
    }
    items.kill(pool, page, vacuum.nMove(), vacuum::moveSrc, SpgistTuple.PLACEHOLDER);
    for (int i = 0; i < vacuum.nChain(); i++) {
      SpgistTuple.putNext(pool, page, vacuum.chainSrc(i), vacuum.chainDest(i));
    }
    return PageChange.LOGGED;
  }

  private PageChange vacuumRedirect(
      SpgistRecord.VacuumRedirect vacuum, MemorySegment pool, long page) {
    int count = vacuum.nToPlaceholder();
    for (int i = 0; i < count; i++) {
      SpgistTuple.toPlaceholder(pool, page, vacuum.offset(i));
    }
    SpgistPage.addRedirections(pool, page, -count);
    SpgistPage.addPlaceholders(pool, page, count);
    if (vacuum.firstPlaceholder() != 0) {
      removeLast(vacuum.firstPlaceholder(), pool, page);
    }
    return PageChange.LOGGED;
  }

  /// Removes the placeholders from the one of number `first` to the end of the page.
  private void removeLast(int first, MemorySegment pool, long page) {
    int count = PageHeader.maxOffsetNumber(pool, page) - first + 1;
    if (count < 0) {
      throw new CorruptPageException("no placeholder %d".formatted(first));
    }
    SpgistPage.addPlaceholders(pool, page, -count);
    items.delete(pool, page, count, index -> first + index);
  }
}
