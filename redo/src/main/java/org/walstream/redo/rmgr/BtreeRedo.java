package org.walstream.redo.rmgr;

import static org.walstream.redo.page.PageHeader.PAGE_BYTES;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.walstream.redo.RedoProfile;
import org.walstream.redo.page.CorruptPageException;
import org.walstream.redo.page.LinePointer;
import org.walstream.wal.record.RecordBytes;
import org.walstream.wal.rmgr.BtreeRecord;
import org.walstream.wal.rmgr.WalRecord;

/// B-trees: which record does what to which of its blocks. The work is that of [BtreeSplit],
/// [BtreeDedup], [BtreeDelete], [BtreePageDeletion] and [BtreeMetapage]; how a page and its tuples
/// look, [BtreePage] and [BtreePosting] say.
///
/// Counterpart of btree_redo(), src/backend/access/nbtree/nbtxlog.c.
final class BtreeRedo implements PageRedo {

  private final RedoProfile profile;
  private final BtreeSplit split;
  private final BtreeDedup dedup;
  private final BtreeDelete delete;

  BtreeRedo(RedoProfile profile) {
    this.profile = profile;
    MemorySegment scratch = Arena.ofAuto().allocate(PAGE_BYTES, Long.BYTES);
    split = new BtreeSplit(scratch);
    dedup = new BtreeDedup(scratch);
    delete = new BtreeDelete(scratch, new RecordItems());
  }

  @Override
  public PageChange redo(WalRecord record, int blockId, MemorySegment pool, long page) {
    return switch ((BtreeRecord) record) {
      case BtreeRecord.Insert insert -> insert(insert, blockId, pool, page);
      case BtreeRecord.Split parts -> split.redo(parts, blockId, pool, page);
      case BtreeRecord.Dedup merged -> {
        dedup.redo(merged, pool, page);
        yield PageChange.LOGGED;
      }
      case BtreeRecord.Delete some -> {
        delete.redo(some.deletions(), some.ndeleted(), some.nupdated(), pool, page);
        yield PageChange.LOGGED;
      }
      case BtreeRecord.Vacuum some -> {
        delete.redo(some.deletions(), some.ndeleted(), some.nupdated(), pool, page);
        if (profile.clearsCycleIdOfVacuumedBtreePages()) {
          BtreePage.clearCycleId(pool, page);
        }
        yield PageChange.LOGGED;
      }
      case BtreeRecord.MarkPageHalfdead mark ->
          BtreePageDeletion.markHalfDead(mark, blockId, pool, page);
      case BtreeRecord.UnlinkPage unlink -> BtreePageDeletion.unlink(unlink, blockId, pool, page);
      case BtreeRecord.NewRoot root -> newRoot(root, blockId, pool, page);
      case BtreeRecord.MetaCleanup meta -> {
        BtreeMetapage.restore(meta.metadata(), pool, page);
        yield PageChange.LOGGED;
      }
      case BtreeRecord.ReusePage _ -> PageChange.NONE;
    };
  }

  private static PageChange insert(
      BtreeRecord.Insert insert, int blockId, MemorySegment pool, long page) {
    switch (blockId) {
      case 0 -> add(insert, pool, page);
      case 1 -> {
        BtreePage.check(pool, page);
        BtreePage.clear(pool, page, BtreePage.INCOMPLETE_SPLIT);
      }
      case 2 -> BtreeMetapage.restore(insert.metadata(), pool, page);
      default -> {
        return PageChange.NONE;
      }
    }
    return PageChange.LOGGED;
  }

  /// The tuple is as it came to the page: one that splits the posting list before it changes places
  /// with that list's last TID.
  private static void add(BtreeRecord.Insert insert, MemorySegment pool, long page) {
    RecordBytes data = insert.record().block(0).data();
    int at = insert.tupleAt();
    int number = insert.offnum();
    if (!RecordItems.add(data, at, insert.tupleLength(), pool, page, number)) {
      throw new CorruptPageException("failed to add new item");
    }
    if (insert.isPostingSplit()) {
      long posting = BtreePage.tuple(pool, page, number - 1);
      long newTid = BtreePosting.tid(data.i32(at), data.u16(at + Integer.BYTES));
      long lastTid = BtreePosting.swap(pool, posting, insert.postingoff(), newTid);
      BtreePosting.putTid(pool, LinePointer.item(pool, page, number), lastTid);
    }
  }

  private static PageChange newRoot(
      BtreeRecord.NewRoot root, int blockId, MemorySegment pool, long page) {
    switch (blockId) {
      case 0 -> {
        int level = root.level();
        int flags = level == 0 ? BtreePage.ROOT | BtreePage.LEAF : BtreePage.ROOT;
        BtreePage.init(pool, page, BtreePage.NO_PAGE, BtreePage.NO_PAGE, level, flags);
        if (level != 0) {
          BtreeTuples.restore(root.tuples(), pool, page);
        }
      }
      case 1 -> {
        BtreePage.check(pool, page);
        BtreePage.clear(pool, page, BtreePage.INCOMPLETE_SPLIT);
      }
      case 2 -> BtreeMetapage.restore(root.metadata(), pool, page);
      default -> {
        return PageChange.NONE;
      }
    }
    return PageChange.LOGGED;
  }
}
