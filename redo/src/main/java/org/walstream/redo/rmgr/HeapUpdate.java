package org.walstream.redo.rmgr;

import static org.walstream.wal.rmgr.HeapRecord.Update.XLH_UPDATE_NEW_ALL_VISIBLE_CLEARED;
import static org.walstream.wal.rmgr.HeapRecord.Update.XLH_UPDATE_OLD_ALL_VISIBLE_CLEARED;

import java.lang.foreign.MemorySegment;
import org.walstream.redo.page.CorruptPageException;
import org.walstream.redo.page.HeapTuple;
import org.walstream.redo.page.LinePointer;
import org.walstream.redo.page.PageBytes;
import org.walstream.redo.page.PageHeader;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.rmgr.HeapRecord;
import org.walstream.wal.rmgr.LoggedTuple;

/// An update: the old tuple gets a successor, which block 0's page gets. On the same page the
/// successor may be logged without what it has in common with the old tuple:
///
/// ```
///  old   │ header │ bitmap │ prefix │ …           │ suffix │
///                      from │ here            and │ here
///  new   │ header │ bitmap │ prefix │ from record │ suffix │
/// ```
///
/// Counterpart of heap_xlog_update(), src/backend/access/heap/heapam_xlog.c.
final class HeapUpdate {

  private HeapUpdate() {}

  /// Which of the record's blocks is the old page.
  static int oldBlockId(HeapRecord.Update update) {
    return update.record().hasBlock(1) ? 1 : 0;
  }

  static void redo(HeapRecord.Update update, int blockId, MemorySegment pool, long page) {
    if (blockId == 0) {
      boolean isInit = (update.record().opcode() & HeapRecord.XLOG_HEAP_INIT_PAGE) != 0;
      TupleInsertion.initIfToldSo(update.record(), isInit, pool, page);
    }
    if (blockId == oldBlockId(update)) {
      redoOld(update, pool, page);
    }
    if (blockId == 0) {
      redoNew(update, pool, page);
    }
  }

  private static void redoOld(HeapRecord.Update update, MemorySegment pool, long page) {
    DecodedXLogRecord record = update.record();
    long tuple = TupleHeader.find(pool, page, update.oldOffnum());
    TupleHeader.putXmaxBits(pool, tuple, update.oldInfobitsSet());
    TupleHeader.putHotUpdated(pool, tuple, update.isHot());
    PageBytes.putI32(pool, tuple + HeapTuple.XMAX, update.oldXmax());
    TupleHeader.putFirstCommand(pool, tuple);
    TupleHeader.putCtid(pool, tuple, record.block(0).blockNumber(), update.newOffnum());
    PageHeader.setPrunable(pool, page, record.xid());
    if ((update.flags() & XLH_UPDATE_OLD_ALL_VISIBLE_CLEARED) != 0) {
      PageHeader.clear(pool, page, PageHeader.ALL_VISIBLE);
    }
  }

  private static void redoNew(HeapRecord.Update update, MemorySegment pool, long page) {
    LoggedTuple tuple = update.newTuple();
    if (tuple == null) {
      throw new CorruptPageException("no tuple to add");
    }
    if (update.prefixLength() == 0 && update.suffixLength() == 0) {
      TupleInsertion.add(update.record(), tuple, update.newXmax(), update.newOffnum(), pool, page);
    } else {
      addFromOld(update, tuple, pool, page);
    }
    if ((update.flags() & XLH_UPDATE_NEW_ALL_VISIBLE_CLEARED) != 0) {
      PageHeader.clear(pool, page, PageHeader.ALL_VISIBLE);
    }
  }

  private static void addFromOld(
      HeapRecord.Update update, LoggedTuple tuple, MemorySegment pool, long page) {
    if (oldBlockId(update) != 0) {
      throw new CorruptPageException("the old tuple is on another page");
    }
    int prefix = update.prefixLength();
    int suffix = update.suffixLength();
    long old = TupleHeader.find(pool, page, update.oldOffnum());
    int oldLength = LinePointer.length(LinePointer.get(pool, page, update.oldOffnum()));
    int oldHoff = PageBytes.u8(pool, old + HeapTuple.HOFF);
    if (oldHoff + prefix > oldLength || suffix > oldLength) {
      throw new CorruptPageException(
          "no %d and %d bytes in an old tuple of %d".formatted(prefix, suffix, oldLength));
    }
    int length = tuple.dataLength();
    int bitmap = prefix == 0 ? 0 : tuple.tHoff() - HeapTuple.LENGTH;
    if (bitmap < 0 || bitmap > length) {
      throw new CorruptPageException(
          "a header of %d bytes in a tuple of %d".formatted(tuple.tHoff(), length));
    }
    int newLength = HeapTuple.LENGTH + length + prefix + suffix;
    long at = TupleInsertion.reserve(pool, page, newLength, update.newOffnum());
    TupleInsertion.putHeader(
        update.record(), tuple, update.newXmax(), update.newOffnum(), pool, at);
    long to = at + HeapTuple.LENGTH;
    tuple.bytes().copyTo(tuple.dataAt(), bitmap, pool, to);
    MemorySegment.copy(pool, old + oldHoff, pool, to + bitmap, prefix);
    tuple.bytes().copyTo(tuple.dataAt() + bitmap, length - bitmap, pool, to + bitmap + prefix);
    MemorySegment.copy(pool, old + oldLength - suffix, pool, to + length + prefix, suffix);
  }
}
