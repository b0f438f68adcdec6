package org.walstream.redo.rmgr;

import static org.walstream.redo.page.PageItems.IS_HEAP;
import static org.walstream.redo.page.PageItems.NONE;
import static org.walstream.redo.page.PageItems.OVERWRITE;

import java.lang.foreign.MemorySegment;
import org.walstream.redo.page.CorruptPageException;
import org.walstream.redo.page.HeapTuple;
import org.walstream.redo.page.PageBytes;
import org.walstream.redo.page.PageHeader;
import org.walstream.redo.page.PageItems;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.rmgr.LoggedTuple;

/// Puts the tuples of records onto pages of tables.
final class TupleInsertion {

  /// BLCKSZ / 5: with less than that left on a page, the free space map is told.
  private static final int LOW_FREE_SPACE = PageHeader.PAGE_BYTES / 5;

  private TupleInsertion() {}

  /// Makes the page of block 0 anew if the record says so.
  static void initIfToldSo(
      DecodedXLogRecord record, boolean isInit, MemorySegment pool, long page) {
    if (record.block(0).willInit() != isInit) {
      throw new CorruptPageException(
          isInit
              ? "block to be initialized in redo routine must be marked with WILL_INIT flag in the"
                  + " WAL record"
              : "block with WILL_INIT flag in WAL record must be zeroed by redo routine");
    }
    if (isInit) {
      PageHeader.init(pool, page, 0);
    }
  }

  /// Adds a tuple that the record has all of.
  static void add(
      DecodedXLogRecord record,
      LoggedTuple tuple,
      int xmax,
      int offsetNumber,
      MemorySegment pool,
      long page) {
    long at = reserve(pool, page, HeapTuple.LENGTH + tuple.dataLength(), offsetNumber);
    putHeader(record, tuple, xmax, offsetNumber, pool, at);
    tuple.bytes().copyTo(tuple.dataAt(), tuple.dataLength(), pool, at + HeapTuple.LENGTH);
  }

  /// Makes room for a tuple at a line pointer that is free or the next one.
  ///
  /// @return where in the pool the tuple goes
  static long reserve(MemorySegment pool, long page, int length, int offsetNumber) {
    if (offsetNumber == NONE
        || PageItems.reserve(pool, page, length, offsetNumber, OVERWRITE | IS_HEAP) == NONE) {
      throw new CorruptPageException(
          offsetNumber > PageHeader.maxOffsetNumber(pool, page) + 1
              ? "invalid max offset number"
              : "failed to add tuple");
    }
    return page + PageHeader.upper(pool, page);
  }

  /// Writes the header of a new tuple of block 0's page: no successor, the record's transaction,
  /// the first command.
  static void putHeader(
      DecodedXLogRecord record,
      LoggedTuple tuple,
      int xmax,
      int offsetNumber,
      MemorySegment pool,
      long at) {
    long xmaxXmin = (long) xmax << 32 | Integer.toUnsignedLong(record.xid());
    PageBytes.putI64(pool, at + HeapTuple.XMIN, xmaxXmin);
    PageBytes.putI32(pool, at + HeapTuple.CID, 0);
    TupleHeader.putCtid(pool, at, record.block(0).blockNumber(), offsetNumber);
    int infomask = tuple.tInfomask() & ~HeapTuple.COMBOCID;
    PageBytes.putI32(pool, at + HeapTuple.INFOMASK2, tuple.tInfomask2() | infomask << 16);
    PageBytes.putU8(pool, at + HeapTuple.HOFF, tuple.tHoff());
  }

  /// What the free space map is told after an insertion: only that little is left. There is no
  /// knowing from here how full the table's pages are meant to be.
  static int freeSpace(MemorySegment pool, long page) {
    int space = PageItems.heapFreeSpace(pool, page);
    return space < LOW_FREE_SPACE ? space : -1;
  }
}
