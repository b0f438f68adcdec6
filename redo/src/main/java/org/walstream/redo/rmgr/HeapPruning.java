package org.walstream.redo.rmgr;

import java.lang.foreign.MemorySegment;
import org.walstream.redo.page.HeapItems;
import org.walstream.redo.page.LinePointer;
import org.walstream.wal.record.RecordBytes;
import org.walstream.wal.rmgr.Heap2Record;
import org.walstream.wal.rmgr.PruneFreeze;

/// Line pointers of a table's page lose their tuples, and the page is tidied: first those that are
/// redirected, then those that are dead, then those that are free again.
///
/// Counterpart of heap_page_prune_execute(), src/backend/access/heap/pruneheap.c, and of
/// heap_xlog_vacuum() up to PostgreSQL 16. One thread's, for the room of [HeapItems].
final class HeapPruning {

  private final HeapItems items = new HeapItems();

  HeapPruning() {}

  void redo(Heap2Record.Prune prune, MemorySegment pool, long page) {
    RecordBytes data = prune.items();
    redirect(data, 0, prune.nredirected(), pool, page);
    put(data, prune.deadAt(), prune.ndead(), LinePointer.DEAD, pool, page);
    put(data, prune.unusedAt(), prune.nunused(), LinePointer.UNUSED, pool, page);
    items.repairFragmentation(pool, page);
  }

  static void redo(Heap2Record.Vacuum vacuum, MemorySegment pool, long page) {
    put(vacuum.items(), 0, vacuum.nunused(), LinePointer.UNUSED, pool, page);
    HeapItems.truncateLinePointerArray(pool, page);
  }

  /// Without the cleanup lock nothing may move.
  void redo(PruneFreeze prune, MemorySegment pool, long page) {
    RecordBytes data = prune.items();
    int nredirected = prune.nredirected();
    int ndead = prune.ndead();
    int nunused = prune.nunused();
    if (nredirected + ndead + nunused == 0) {
      return;
    }
    redirect(data, prune.redirectedAt(), nredirected, pool, page);
    put(data, prune.deadAt(), ndead, LinePointer.DEAD, pool, page);
    put(data, prune.unusedAt(), nunused, LinePointer.UNUSED, pool, page);
    if ((prune.flags() & PruneFreeze.XLHP_CLEANUP_LOCK) != 0) {
      items.repairFragmentation(pool, page);
    } else {
      HeapItems.truncateLinePointerArray(pool, page);
    }
  }

  private static void redirect(RecordBytes data, int at, int count, MemorySegment pool, long page) {
    for (int i = 0; i < count; i++) {
      int from = data.u16(at + 2 * Short.BYTES * i);
      int to = data.u16(at + 2 * Short.BYTES * i + Short.BYTES);
      LinePointer.get(pool, page, to); // must be there
      LinePointer.put(pool, page, from, LinePointer.of(to, LinePointer.REDIRECT, 0));
    }
  }

  private static void put(
      RecordBytes data, int at, int count, int flags, MemorySegment pool, long page) {
    int linePointer = LinePointer.of(0, flags, 0);
    for (int i = 0; i < count; i++) {
      LinePointer.put(pool, page, data.u16(at + Short.BYTES * i), linePointer);
    }
  }
}
