package org.walstream.redo.rmgr;

import java.lang.foreign.MemorySegment;
import org.walstream.redo.page.HeapTuple;
import org.walstream.redo.page.PageBytes;
import org.walstream.wal.rmgr.FreezePlans;
import org.walstream.wal.rmgr.Heap2Record;

/// Tuples of a table's page are frozen.
///
/// Counterpart of heap_execute_freeze_tuple(), src/include/access/heapam.h.
final class HeapFreezing {

  /// FrozenTransactionId
  private static final int FROZEN_XID = 2;

  private HeapFreezing() {}

  static void redo(FreezePlans plans, MemorySegment pool, long page) {
    int index = 0;
    for (int plan = 0; plan < plans.count(); plan++) {
      int end = index + plans.ntuples(plan);
      for (; index < end; index++) {
        long tuple = TupleHeader.find(pool, page, plans.offset(index));
        PageBytes.putI32(pool, tuple + HeapTuple.XMAX, plans.xmax(plan));
        putXvac(pool, tuple, plans.frzflags(plan));
        PageBytes.putU16(pool, tuple + HeapTuple.INFOMASK, plans.tInfomask(plan));
        PageBytes.putU16(pool, tuple + HeapTuple.INFOMASK2, plans.tInfomask2(plan));
      }
    }
  }

  static void redo(Heap2Record.FreezeTuples freeze, MemorySegment pool, long page) {
    for (int index = 0; index < freeze.ntuples(); index++) {
      long tuple = TupleHeader.find(pool, page, freeze.offset(index));
      PageBytes.putI32(pool, tuple + HeapTuple.XMAX, freeze.xmax(index));
      putXvac(pool, tuple, freeze.frzflags(index));
      PageBytes.putU16(pool, tuple + HeapTuple.INFOMASK, freeze.tInfomask(index));
      PageBytes.putU16(pool, tuple + HeapTuple.INFOMASK2, freeze.tInfomask2(index));
    }
  }

  /// The transaction of a VACUUM FULL before PostgreSQL 9.0 stands where the command does.
  private static void putXvac(MemorySegment pool, long tuple, int frzflags) {
    if ((frzflags & FreezePlans.XLH_FREEZE_XVAC) != 0) {
      PageBytes.putI32(pool, tuple + HeapTuple.CID, FROZEN_XID);
    }
    if ((frzflags & FreezePlans.XLH_INVALID_XVAC) != 0) {
      PageBytes.putI32(pool, tuple + HeapTuple.CID, 0);
    }
  }
}
