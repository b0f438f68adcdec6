package org.walstream.redo.rmgr;

import java.lang.foreign.MemorySegment;
import org.walstream.redo.page.CorruptPageException;
import org.walstream.redo.page.IndexItems;
import org.walstream.redo.page.LinePointer;
import org.walstream.redo.page.PageBytes;
import org.walstream.redo.page.PageHeader;
import org.walstream.redo.page.PageItems;
import org.walstream.wal.rmgr.BtreeRecord;

/// Takes empty pages out of the tree: a leaf first becomes half dead and loses its downlink, then
/// it and what is above it are unlinked from their neighbours, topmost first.
///
/// ```
/// a half-dead leaf's only tuple, in place of its high key
/// offset  bytes  field
///      0      4  the topmost page that goes with it, the high half first, or -1
///      4      2  0
///      6      2  0x2008: 8 bytes, and no columns
///
/// a deleted page's only content, at the end of its header
///      0      8  safexid: epoch and transaction
/// ```
///
/// Counterpart of btree_xlog_mark_page_halfdead() and btree_xlog_unlink_page(),
/// src/backend/access/nbtree/nbtxlog.c.
final class BtreePageDeletion {

  private static final int TOP_PARENT_BYTES = 8;
  private static final int TOP_PARENT_INFO = 0x2000 | TOP_PARENT_BYTES;

  private BtreePageDeletion() {}

  static PageChange markHalfDead(
      BtreeRecord.MarkPageHalfdead mark, int blockId, MemorySegment pool, long page) {
    switch (blockId) {
      case 0 -> halfDeadLeaf(pool, page, mark.leftblk(), mark.rightblk(), mark.topparent());
      case 1 -> removeDownlink(mark.poffset(), pool, page);
      default -> {
        return PageChange.NONE;
      }
    }
    return PageChange.LOGGED;
  }

  static PageChange unlink(
      BtreeRecord.UnlinkPage unlink, int blockId, MemorySegment pool, long page) {
    switch (blockId) {
      case 0 -> deleted(unlink, pool, page);
      case 1 -> {
        BtreePage.check(pool, page);
        BtreePage.putNext(pool, page, unlink.rightsib());
      }
      case 2 -> {
        BtreePage.check(pool, page);
        BtreePage.putPrev(pool, page, unlink.leftsib());
      }
      case 3 ->
          halfDeadLeaf(
              pool, page, unlink.leafleftsib(), unlink.leafrightsib(), unlink.leaftopparent());
      case 4 -> BtreeMetapage.restore(unlink.metadata(), pool, page);
      default -> {
        return PageChange.NONE;
      }
    }
    return PageChange.LOGGED;
  }

  /// The downlink comes to lead where the next one does, which is removed: its key stays, so that
  /// what is to the right of the page takes over its range.
  private static void removeDownlink(int offsetNumber, MemorySegment pool, long page) {
    BtreePage.check(pool, page);
    long next = BtreePage.tuple(pool, page, offsetNumber + 1);
    long downlink = BtreePage.tuple(pool, page, offsetNumber);
    PageBytes.putI32(pool, downlink, PageBytes.i32(pool, next));
    IndexItems.delete(pool, page, offsetNumber + 1);
  }

  private static void halfDeadLeaf(
      MemorySegment pool, long page, int prev, int next, int topParent) {
    BtreePage.init(pool, page, prev, next, 0, BtreePage.HALF_DEAD | BtreePage.LEAF);
    int number = PageItems.reserve(pool, page, TOP_PARENT_BYTES, BtreePage.HIGH_KEY, 0);
    if (number == PageItems.NONE) {
      throw new CorruptPageException("could not add dummy high key to half-dead page");
    }
    long tuple = LinePointer.item(pool, page, number);
    PageBytes.putU16(pool, tuple, topParent >>> 16);
    PageBytes.putU16(pool, tuple + 2, topParent);
    PageBytes.putU16(pool, tuple + 6, TOP_PARENT_INFO);
  }

  private static void deleted(BtreeRecord.UnlinkPage unlink, MemorySegment pool, long page) {
    int flags = BtreePage.DELETED | BtreePage.HAS_FULLXID;
    int level = unlink.level();
    BtreePage.init(
        pool,
        page,
        unlink.leftsib(),
        unlink.rightsib(),
        level,
        level == 0 ? flags | BtreePage.LEAF : flags);
    PageBytes.putI64(pool, page + PageHeader.LENGTH, unlink.safexid());
    PageHeader.putLower(pool, page, PageHeader.LENGTH + Long.BYTES);
  }
}
