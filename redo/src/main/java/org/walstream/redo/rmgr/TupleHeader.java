package org.walstream.redo.rmgr;

import static org.walstream.redo.page.HeapTuple.COMBOCID;
import static org.walstream.redo.page.HeapTuple.HOT_UPDATED;
import static org.walstream.redo.page.HeapTuple.INFOMASK;
import static org.walstream.redo.page.HeapTuple.INFOMASK2;
import static org.walstream.redo.page.HeapTuple.KEYS_UPDATED;
import static org.walstream.redo.page.HeapTuple.LOCK_MASK;
import static org.walstream.redo.page.HeapTuple.MOVED;
import static org.walstream.redo.page.HeapTuple.XMAX_BITS;
import static org.walstream.redo.page.HeapTuple.XMAX_EXCL_LOCK;
import static org.walstream.redo.page.HeapTuple.XMAX_IS_MULTI;
import static org.walstream.redo.page.HeapTuple.XMAX_KEYSHR_LOCK;
import static org.walstream.redo.page.HeapTuple.XMAX_LOCK_ONLY;

import java.lang.foreign.MemorySegment;
import org.walstream.redo.page.CorruptPageException;
import org.walstream.redo.page.HeapTuple;
import org.walstream.redo.page.LinePointer;
import org.walstream.redo.page.PageBytes;
import org.walstream.redo.page.PageHeader;
import org.walstream.wal.rmgr.HeapRecord;

/// What records of Heap and Heap2 change in the header of a tuple that is there.
///
/// Counterpart of the macros in src/include/access/htup_details.h and of
/// fix_infomask_from_infobits(), src/backend/access/heap/heapam_xlog.c.
final class TupleHeader {

  /// MovedPartitionsBlockNumber, MovedPartitionsOffsetNumber: in place of a successor's TID when
  /// that is in another partition.
  private static final int MOVED_PARTITIONS_BLOCK = 0xFFFF_FFFF;

  private static final int MOVED_PARTITIONS_OFFSET_NUMBER = 0xFFFD;

  private TupleHeader() {}

  /// Where in the pool the tuple of this offset number starts, all of its header being on the page.
  ///
  /// @throws CorruptPageException if there is none
  static long find(MemorySegment pool, long page, int offsetNumber) {
    if (offsetNumber == 0 || offsetNumber > PageHeader.maxOffsetNumber(pool, page)) {
      throw new CorruptPageException("invalid lp");
    }
    int linePointer = LinePointer.get(pool, page, offsetNumber);
    if (!LinePointer.isNormal(linePointer) || LinePointer.length(linePointer) < HeapTuple.LENGTH) {
      throw new CorruptPageException("invalid lp");
    }
    return LinePointer.item(page, linePointer);
  }

  /// Has the tuple say of its xmax what a record's `infobits_set` says, and nothing else.
  static void putXmaxBits(MemorySegment pool, long tuple, int infobitsSet) {
    int masks = PageBytes.i32(pool, tuple + INFOMASK2);
    int infomask = masks >>> 16 & ~(XMAX_BITS | MOVED);
    int infomask2 = masks & 0xFFFF & ~KEYS_UPDATED;
    infomask |= bit(infobitsSet, HeapRecord.XLHL_XMAX_IS_MULTI, XMAX_IS_MULTI);
    infomask |= bit(infobitsSet, HeapRecord.XLHL_XMAX_LOCK_ONLY, XMAX_LOCK_ONLY);
    infomask |= bit(infobitsSet, HeapRecord.XLHL_XMAX_EXCL_LOCK, XMAX_EXCL_LOCK);
    infomask |= bit(infobitsSet, HeapRecord.XLHL_XMAX_KEYSHR_LOCK, XMAX_KEYSHR_LOCK);
    infomask2 |= bit(infobitsSet, HeapRecord.XLHL_KEYS_UPDATED, KEYS_UPDATED);
    PageBytes.putI32(pool, tuple + INFOMASK2, infomask2 | infomask << 16);
  }

  /// Counterpart of HEAP_XMAX_IS_LOCKED_ONLY().
  static boolean isLockedOnly(MemorySegment pool, long tuple) {
    int infomask = PageBytes.u16(pool, tuple + INFOMASK);
    return (infomask & XMAX_LOCK_ONLY) != 0
        || (infomask & (XMAX_IS_MULTI | LOCK_MASK)) == XMAX_EXCL_LOCK;
  }

  static void putHotUpdated(MemorySegment pool, long tuple, boolean hot) {
    int infomask2 = PageBytes.u16(pool, tuple + INFOMASK2) & ~HOT_UPDATED;
    PageBytes.putU16(pool, tuple + INFOMASK2, infomask2 | (hot ? HOT_UPDATED : 0));
  }

  /// Which command did it nobody needs to know any more: the first one.
  static void putFirstCommand(MemorySegment pool, long tuple) {
    PageBytes.putI32(pool, tuple + HeapTuple.CID, 0);
    int infomask = PageBytes.u16(pool, tuple + INFOMASK);
    PageBytes.putU16(pool, tuple + INFOMASK, infomask & ~COMBOCID);
  }

  static void putCtid(MemorySegment pool, long tuple, int block, int offsetNumber) {
    PageBytes.putI32(pool, tuple + HeapTuple.CTID_BLOCK, Integer.rotateLeft(block, 16));
    PageBytes.putU16(pool, tuple + HeapTuple.CTID_OFFSET_NUMBER, offsetNumber);
  }

  static void putMovedPartitions(MemorySegment pool, long tuple) {
    putCtid(pool, tuple, MOVED_PARTITIONS_BLOCK, MOVED_PARTITIONS_OFFSET_NUMBER);
  }

  private static int bit(int infobitsSet, int logged, int stored) {
    return (infobitsSet & logged) != 0 ? stored : 0;
  }
}
