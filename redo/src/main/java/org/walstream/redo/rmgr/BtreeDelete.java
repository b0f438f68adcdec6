package org.walstream.redo.rmgr;

import java.lang.foreign.MemorySegment;
import org.walstream.redo.page.CorruptPageException;
import org.walstream.redo.page.IndexItems;
import org.walstream.wal.rmgr.BtreeDeletions;

/// Removes tuples of a leaf, and TIDs of posting lists that keep others: lists first, as deleting
/// changes offset numbers.
///
/// Counterpart of btree_xlog_updates(), src/backend/access/nbtree/nbtxlog.c, and
/// _bt_update_posting(), src/backend/access/nbtree/nbtdedup.c. One thread's.
final class BtreeDelete {

  private final MemorySegment scratch;
  private final RecordItems items;

  /// @param scratch a page to work on
  BtreeDelete(MemorySegment scratch, RecordItems items) {
    this.scratch = scratch;
    this.items = items;
  }

  /// @param ndeleted as the record has it, as `nupdated`, though the block may have no data
  void redo(BtreeDeletions deletions, int ndeleted, int nupdated, MemorySegment pool, long page) {
    if (deletions.ndeleted() != ndeleted || deletions.nupdated() != nupdated) {
      throw new CorruptPageException("record without the items that it deletes");
    }
    BtreePage.check(pool, page);
    int update = deletions.firstUpdateAt();
    for (int i = 0; i < nupdated; i++) {
      update(deletions, update, deletions.updated(i), pool, page);
      update = deletions.updateAfter(update);
    }
    if (ndeleted > 0) {
      items.delete(deletions.bytes(), 0, ndeleted, pool, page);
    }
    BtreePage.clear(pool, page, BtreePage.HAS_GARBAGE);
  }

  private void update(
      BtreeDeletions deletions, int update, int number, MemorySegment pool, long page) {
    long posting = BtreePage.tuple(pool, page, number);
    int keyBytes = BtreePosting.keyBytes(pool, posting);
    int count = BtreePosting.count(pool, posting);
    int deleted = deletions.ndeletedtids(update);
    int stay = count - deleted;
    if (!BtreePosting.isPosting(pool, posting) || stay < 1) {
      throw contradiction(number);
    }
    long from = posting + keyBytes;
    long to = BtreePosting.begin(pool, posting, keyBytes, stay, scratch, 0);
    int next = 0;
    for (int i = 0; i < count; i++) {
      if (next < deleted && deletions.ptid(update, next) == i) {
        next++;
      } else if (i - next < stay) {
        long tid = BtreePosting.tid(pool, from + (long) i * BtreePosting.TID_BYTES);
        BtreePosting.putTid(scratch, to + (long) (i - next) * BtreePosting.TID_BYTES, tid);
      }
    }
    int size = BtreePosting.sizeOf(keyBytes, stay);
    if (next < deleted || !IndexItems.overwrite(pool, page, number, scratch, 0, size)) {
      throw contradiction(number);
    }
  }

  private static CorruptPageException contradiction(int number) {
    return new CorruptPageException(
        "failed to update partially dead item at offset number " + number);
  }
}
