package org.walstream.redo.rmgr;

import static org.walstream.wal.rmgr.HeapRecord.Delete.XLH_DELETE_ALL_VISIBLE_CLEARED;
import static org.walstream.wal.rmgr.HeapRecord.Delete.XLH_DELETE_IS_PARTITION_MOVE;
import static org.walstream.wal.rmgr.HeapRecord.Delete.XLH_DELETE_IS_SUPER;
import static org.walstream.wal.rmgr.HeapRecord.Insert.XLH_INSERT_ALL_FROZEN_SET;
import static org.walstream.wal.rmgr.HeapRecord.Insert.XLH_INSERT_ALL_VISIBLE_CLEARED;

import java.lang.foreign.MemorySegment;
import org.walstream.redo.RedoProfile;
import org.walstream.redo.page.CorruptPageException;
import org.walstream.redo.page.HeapTuple;
import org.walstream.redo.page.LinePointer;
import org.walstream.redo.page.PageBytes;
import org.walstream.redo.page.PageHeader;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.record.RecordBytes;
import org.walstream.wal.rmgr.HeapRecord;
import org.walstream.wal.rmgr.LoggedTuple;
import org.walstream.wal.rmgr.WalRecord;

/// Changes of tables, a tuple at a time.
///
/// Counterpart of heap_redo(), src/backend/access/heap/heapam_xlog.c.
final class HeapRedo implements PageRedo {

  private final boolean heedsVisibilityMapBlocks;
  private final boolean insertionsMayFreeze;

  HeapRedo(RedoProfile profile) {
    heedsVisibilityMapBlocks = profile.heedsVisibilityMapBlocks();
    insertionsMayFreeze = profile.insertionsMayFreeze();
  }

  @Override
  public boolean passesOver(WalRecord record, int blockId) {
    return switch (record) {
      case HeapRecord.Truncate _ -> true;
      case HeapRecord heap -> !isHeapBlock(heap, blockId) && !isMapBlock(heap, blockId);
      default -> false;
    };
  }

  private static boolean isHeapBlock(HeapRecord record, int blockId) {
    return blockId == 0 || (blockId == 1 && record instanceof HeapRecord.Update);
  }

  private boolean isMapBlock(HeapRecord record, int blockId) {
    return heedsVisibilityMapBlocks && VisibilityClears.isMapBlock(record, blockId);
  }

  @Override
  public PageChange redo(WalRecord record, int blockId, MemorySegment pool, long page) {
    HeapRecord heap = (HeapRecord) record;
    if (!isHeapBlock(heap, blockId)) {
      return VisibilityClears.redo(record, blockId, pool, page);
    }
    switch (heap) {
      case HeapRecord.Insert insert -> insert(insert, pool, page);
      case HeapRecord.Delete delete -> delete(delete, pool, page);
      case HeapRecord.Update update -> HeapUpdate.redo(update, blockId, pool, page);
      case HeapRecord.Confirm confirm -> confirm(confirm, pool, page);
      case HeapRecord.Lock lock -> lock(lock, pool, page);
      case HeapRecord.Inplace inplace -> inplace(inplace, pool, page);
      case HeapRecord.Truncate _ -> {
        return PageChange.NONE;
      }
    }
    return PageChange.LOGGED;
  }

  /// Of a page that has just got a tuple. After a HOT update one of the two tuples is sure to go,
  /// and the page to have as much room as before.
  @Override
  public int freeSpace(
      WalRecord record, int blockId, RedoAction action, MemorySegment pool, long page) {
    boolean adds =
        record instanceof HeapRecord.Insert
            || (record instanceof HeapRecord.Update update && !update.isHot());
    return adds && blockId == 0 && action == RedoAction.NEEDS_REDO
        ? TupleInsertion.freeSpace(pool, page)
        : -1;
  }

  private void insert(HeapRecord.Insert insert, MemorySegment pool, long page) {
    boolean isInit = (insert.record().opcode() & HeapRecord.XLOG_HEAP_INIT_PAGE) != 0;
    TupleInsertion.initIfToldSo(insert.record(), isInit, pool, page);
    LoggedTuple tuple = insert.tuple();
    if (tuple == null) {
      throw new CorruptPageException("no tuple to add");
    }
    TupleInsertion.add(insert.record(), tuple, 0, insert.offnum(), pool, page);
    if ((insert.flags() & XLH_INSERT_ALL_VISIBLE_CLEARED) != 0) {
      PageHeader.clear(pool, page, PageHeader.ALL_VISIBLE);
    }
    if (insertionsMayFreeze && (insert.flags() & XLH_INSERT_ALL_FROZEN_SET) != 0) {
      PageHeader.set(pool, page, PageHeader.ALL_VISIBLE);
    }
  }

  private static void delete(HeapRecord.Delete delete, MemorySegment pool, long page) {
    DecodedXLogRecord record = delete.record();
    int flags = delete.flags();
    long tuple = TupleHeader.find(pool, page, delete.offnum());
    TupleHeader.putXmaxBits(pool, tuple, delete.infobitsSet());
    TupleHeader.putHotUpdated(pool, tuple, false);
    if ((flags & XLH_DELETE_IS_SUPER) != 0) {
      PageBytes.putI32(pool, tuple + HeapTuple.XMIN, 0);
    } else {
      PageBytes.putI32(pool, tuple + HeapTuple.XMAX, delete.xmax());
    }
    TupleHeader.putFirstCommand(pool, tuple);
    PageHeader.setPrunable(pool, page, record.xid());
    if ((flags & XLH_DELETE_ALL_VISIBLE_CLEARED) != 0) {
      PageHeader.clear(pool, page, PageHeader.ALL_VISIBLE);
    }
    if ((flags & XLH_DELETE_IS_PARTITION_MOVE) != 0) {
      TupleHeader.putMovedPartitions(pool, tuple);
    } else {
      TupleHeader.putCtid(pool, tuple, record.block(0).blockNumber(), delete.offnum());
    }
  }

  private static void confirm(HeapRecord.Confirm confirm, MemorySegment pool, long page) {
    long tuple = TupleHeader.find(pool, page, confirm.offnum());
    int block = confirm.record().block(0).blockNumber();
    TupleHeader.putCtid(pool, tuple, block, confirm.offnum());
  }

  private static void lock(HeapRecord.Lock lock, MemorySegment pool, long page) {
    long tuple = TupleHeader.find(pool, page, lock.offnum());
    TupleHeader.putXmaxBits(pool, tuple, lock.infobitsSet());
    if (TupleHeader.isLockedOnly(pool, tuple)) {
      TupleHeader.putHotUpdated(pool, tuple, false);
      TupleHeader.putCtid(pool, tuple, lock.record().block(0).blockNumber(), lock.offnum());
    }
    PageBytes.putI32(pool, tuple + HeapTuple.XMAX, lock.xmax());
    TupleHeader.putFirstCommand(pool, tuple);
  }

  private static void inplace(HeapRecord.Inplace inplace, MemorySegment pool, long page) {
    long tuple = TupleHeader.find(pool, page, inplace.offnum());
    int length = LinePointer.length(LinePointer.get(pool, page, inplace.offnum()));
    int hoff = PageBytes.u8(pool, tuple + HeapTuple.HOFF);
    RecordBytes data = inplace.data();
    if (length - hoff != data.length()) {
      throw new CorruptPageException("wrong tuple length");
    }
    data.copyTo(pool, tuple + hoff);
  }
}
