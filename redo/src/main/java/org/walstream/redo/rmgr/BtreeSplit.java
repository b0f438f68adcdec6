package org.walstream.redo.rmgr;

import java.lang.foreign.MemorySegment;
import org.walstream.redo.page.CorruptPageException;
import org.walstream.redo.page.LinePointer;
import org.walstream.redo.page.PageHeader;
import org.walstream.redo.page.PageItems;
import org.walstream.wal.record.RecordBytes;
import org.walstream.wal.rmgr.BtreeRecord;
import org.walstream.wal.rmgr.IndexTuple;

/// The halves of a page that was split. The right one comes with the record; the left one is built
/// on a page of zeros from what stays of the old one, the new tuple if that goes to the left, and a
/// new high key: so its items stand in their order, and its hole is zeros.
///
/// A new tuple whose TID belongs into a posting list changes that list, too, which is the tuple
/// before it: see [BtreePosting#swap].
///
/// Counterpart of btree_xlog_split(), src/backend/access/nbtree/nbtxlog.c. One thread's.
final class BtreeSplit {

  private static final int NO_TUPLE = 0;

  private final MemorySegment scratch;

  /// @param scratch a page to work on
  BtreeSplit(MemorySegment scratch) {
    this.scratch = scratch;
  }

  PageChange redo(BtreeRecord.Split split, int blockId, MemorySegment pool, long page) {
    switch (blockId) {
      case 0 -> left(split, pool, page);
      case 1 -> right(split, pool, page);
      case 2 -> {
        BtreePage.check(pool, page);
        BtreePage.putPrev(pool, page, RecordBlocks.number(split.record(), 1));
      }
      case 3 -> {
        BtreePage.check(pool, page);
        BtreePage.clear(pool, page, BtreePage.INCOMPLETE_SPLIT);
      }
      default -> {
        return PageChange.NONE;
      }
    }
    return PageChange.LOGGED;
  }

  private static void right(BtreeRecord.Split split, MemorySegment pool, long page) {
    var record = split.record();
    int left = RecordBlocks.number(record, 0);
    int next = record.hasBlock(2) ? RecordBlocks.number(record, 2) : BtreePage.NO_PAGE;
    BtreePage.init(pool, page, left, next, split.level(), leafFlag(split));
    BtreeTuples.restore(split.rightTuples(), pool, page);
  }

  private void left(BtreeRecord.Split split, MemorySegment pool, long page) {
    BtreePage.check(pool, page);
    PageHeader.initLike(scratch, 0, pool, page);
    RecordBytes data = split.left();
    boolean toLeft = split.record().opcode() == BtreeRecord.SPLIT_L;
    int newAt = toLeft ? split.newitemoff() : NO_TUPLE;
    int postingAt = split.postingoff() != 0 ? split.newitemoff() - 1 : NO_TUPLE;
    long newTid = split.hasNewitem() ? newTid(data, split.newitemAt()) : 0;

    addFromRecord(data, split.leftHighKeyAt(), BtreePage.HIGH_KEY);
    int to = BtreePage.HIGH_KEY + 1;
    int number = BtreePage.firstDataKey(pool, page);
    boolean swapped = false;
    for (; number < split.firstrightoff(); number++) {
      if (number == newAt) {
        addNew(split, to, newTid);
        to++;
      }
      addOld(pool, page, number, to);
      if (number == postingAt) {
        long posting = BtreePage.tuple(scratch, 0, to);
        newTid = BtreePosting.swap(scratch, posting, split.postingoff(), newTid);
        swapped = true;
      }
      to++;
    }
    if (number == newAt) {
      addNew(split, to, newTid);
    }
    if (postingAt != NO_TUPLE && !swapped) {
      throw new CorruptPageException("no posting list at offset number " + postingAt);
    }
    MemorySegment.copy(scratch, 0, pool, page, PageHeader.PAGE_BYTES);
    BtreePage.putFlags(pool, page, leafFlag(split) | BtreePage.INCOMPLETE_SPLIT);
    BtreePage.putNext(pool, page, RecordBlocks.number(split.record(), 1));
    BtreePage.clearCycleId(pool, page);
  }

  private static int leafFlag(BtreeRecord.Split split) {
    return split.level() == 0 ? BtreePage.LEAF : 0;
  }

  private static long newTid(RecordBytes data, int at) {
    return BtreePosting.tid(data.i32(at), data.u16(at + Integer.BYTES));
  }

  private void addNew(BtreeRecord.Split split, int number, long tid) {
    addFromRecord(split.left(), split.newitemAt(), number);
    BtreePosting.putTid(scratch, LinePointer.item(scratch, 0, number), tid);
  }

  private void addFromRecord(RecordBytes data, int at, int number) {
    if (!RecordItems.add(data, at, IndexTuple.alignedSize(data, at), scratch, 0, number)) {
      throw new CorruptPageException("failed to add new item to left page after split");
    }
  }

  private void addOld(MemorySegment pool, long page, int number, int to) {
    long item = LinePointer.item(pool, page, number);
    int length = LinePointer.length(LinePointer.get(pool, page, number));
    if (PageItems.add(scratch, 0, pool, item, length, to, 0) == PageItems.NONE) {
      throw new CorruptPageException("failed to add old item to left page after split");
    }
  }
}
