package org.walstream.redo.rmgr;

import java.lang.foreign.MemorySegment;
import org.walstream.redo.page.CorruptPageException;
import org.walstream.redo.page.LinePointer;
import org.walstream.redo.page.PageHeader;
import org.walstream.redo.page.PageItems;
import org.walstream.wal.rmgr.BtreeRecord;

/// Makes posting lists of equal tuples: the record tells which runs of them. The page is built anew
/// on one of zeros, and keeps its high key and the tuples outside of the runs.
///
/// Counterpart of btree_xlog_dedup(), src/backend/access/nbtree/nbtxlog.c. One thread's.
final class BtreeDedup {

  private final MemorySegment scratch;

  /// @param scratch a page to work on
  BtreeDedup(MemorySegment scratch) {
    this.scratch = scratch;
  }

  void redo(BtreeRecord.Dedup dedup, MemorySegment pool, long page) {
    BtreePage.check(pool, page);
    PageHeader.initLike(scratch, 0, pool, page);
    int first = BtreePage.firstDataKey(pool, page);
    int last = PageHeader.maxOffsetNumber(pool, page);
    int intervals = dedup.nintervals();
    int interval = 0;
    int to = 1;
    if (first > BtreePage.HIGH_KEY) {
      addSame(pool, page, BtreePage.HIGH_KEY, to);
      to++;
    }
    for (int number = first; number <= last; to++) {
      if (interval < intervals && dedup.baseoff(interval) == number) {
        int items = dedup.nitems(interval);
        merge(pool, page, number, items, last, to);
        number += items;
        interval++;
      } else {
        addSame(pool, page, number, to);
        number++;
      }
    }
    if (interval < intervals) {
      throw badInterval(dedup.baseoff(interval), dedup.nitems(interval));
    }
    MemorySegment.copy(scratch, 0, pool, page, PageHeader.PAGE_BYTES);
    BtreePage.clear(pool, page, BtreePage.HAS_GARBAGE);
  }

  private void addSame(MemorySegment pool, long page, int number, int to) {
    long tuple = BtreePage.tuple(pool, page, number);
    int size = BtreePosting.size(pool, tuple);
    if (PageItems.add(scratch, 0, pool, tuple, size, to, 0) == PageItems.NONE) {
      throw failed();
    }
  }

  /// The run's first tuple gives the key, lists that are in it already their TIDs.
  private void merge(MemorySegment pool, long page, int base, int items, int last, int to) {
    if (items < 2 || items > last - base + 1) {
      throw badInterval(base, items);
    }
    long baseTuple = BtreePage.tuple(pool, page, base);
    int keyBytes = BtreePosting.keyBytes(pool, baseTuple);
    int count = 0;
    for (int number = base; number < base + items; number++) {
      count += BtreePosting.count(pool, BtreePage.tuple(pool, page, number));
    }
    int size = BtreePosting.sizeOf(keyBytes, count);
    if (size > BtreePosting.MAX_BYTES) {
      throw new CorruptPageException(
          "deduplication failed to add heap tid to pending posting list");
    }
    if (PageItems.reserve(scratch, 0, size, to, 0) == PageItems.NONE) {
      throw failed();
    }
    long merged = LinePointer.item(scratch, 0, to);
    long tids = BtreePosting.begin(pool, baseTuple, keyBytes, count, scratch, merged);
    for (int number = base; number < base + items; number++) {
      long tuple = BtreePage.tuple(pool, page, number);
      long bytes = (long) BtreePosting.count(pool, tuple) * BtreePosting.TID_BYTES;
      MemorySegment.copy(pool, BtreePosting.tids(pool, tuple), scratch, tids, bytes);
      tids += bytes;
    }
  }

  private static CorruptPageException badInterval(int base, int items) {
    return new CorruptPageException(
        "deduplication of %d items at offset number %d".formatted(items, base));
  }

  private static CorruptPageException failed() {
    return new CorruptPageException("deduplication failed to add tuple to page");
  }
}
