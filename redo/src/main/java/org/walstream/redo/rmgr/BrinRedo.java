package org.walstream.redo.rmgr;

import static org.walstream.redo.page.PageHeader.PAGE_BYTES;

import java.lang.foreign.MemorySegment;
import org.walstream.redo.page.CorruptPageException;
import org.walstream.redo.page.IndexItems;
import org.walstream.redo.page.PageHeader;
import org.walstream.redo.page.PageItems;
import org.walstream.wal.record.RecordBytes;
import org.walstream.wal.rmgr.BrinRecord;
import org.walstream.wal.rmgr.WalRecord;

/// A BRIN index. Its pages are drawn at [BrinPage]; items keep their numbers when others go, as the
/// map tells them by these.
///
/// Counterpart of brin_redo(), src/backend/access/brin/brin_xlog.c.
final class BrinRedo implements PageRedo {

  /// Summaries are put on block 0, and their place is noted on block 1.
  private static final int REVMAP_BLOCK = 1;

  private static final int OLD_BLOCK = 2;

  private final MemorySegment summary = MemorySegment.ofArray(new byte[PAGE_BYTES]);

  @Override
  public PageChange redo(WalRecord record, int blockId, MemorySegment pool, long page) {
    switch ((BrinRecord) record) {
      case BrinRecord.CreateIndex create ->
          BrinPage.initMeta(pool, page, create.pagesPerRange(), create.version());
      case BrinRecord.Insert insert -> insert(insert, blockId, pool, page);
      case BrinRecord.Update update -> update(update, blockId, pool, page);
      case BrinRecord.SamepageUpdate update -> samepageUpdate(update, pool, page);
      case BrinRecord.RevmapExtend extend -> revmapExtend(extend, blockId, pool, page);
      case BrinRecord.Desummarize desummarize -> desummarize(desummarize, blockId, pool, page);
    }
    return PageChange.LOGGED;
  }

  private static void insert(BrinRecord.Insert insert, int blockId, MemorySegment pool, long page) {
    if (blockId == REVMAP_BLOCK) {
      int block = insert.record().block(0).blockNumber();
      BrinPage.putSummary(
          pool, page, insert.pagesPerRange(), insert.heapBlk(), block, insert.offnum());
    } else {
      add(insert, insert.tuple(), insert.offnum(), pool, page);
    }
  }

  private static void update(BrinRecord.Update update, int blockId, MemorySegment pool, long page) {
    if (blockId == OLD_BLOCK) {
      IndexItems.deleteNoCompact(pool, page, update.oldOffnum());
    } else if (blockId == REVMAP_BLOCK) {
      int block = update.record().block(0).blockNumber();
      BrinPage.putSummary(
          pool, page, update.pagesPerRange(), update.heapBlk(), block, update.offnum());
    } else {
      add(update, update.tuple(), update.offnum(), pool, page);
    }
  }

  private static void add(
      BrinRecord record, RecordBytes tuple, int number, MemorySegment pool, long page) {
    if ((record.record().info() & BrinRecord.XLOG_BRIN_INIT_PAGE) != 0) {
      BrinPage.init(pool, page, BrinPage.REGULAR);
    }
    if (PageHeader.maxOffsetNumber(pool, page) + 1 < number) {
      throw new CorruptPageException("brin_xlog_insert_update: invalid max offset number");
    }
    int length = tuple.length();
    int added = LoggedItems.add(tuple, 0, length, pool, page, number, PageItems.OVERWRITE);
    if (added == PageItems.NONE) {
      throw new CorruptPageException("brin_xlog_insert_update: failed to add tuple");
    }
  }

  private void samepageUpdate(BrinRecord.SamepageUpdate update, MemorySegment pool, long page) {
    RecordBytes tuple = update.tuple();
    int length = tuple.length();
    if (length > PAGE_BYTES || !overwrite(tuple, length, update.offnum(), pool, page)) {
      throw new CorruptPageException("brin_xlog_samepage_update: failed to replace tuple");
    }
  }

  private boolean overwrite(
      RecordBytes tuple, int length, int number, MemorySegment pool, long page) {
    tuple.copyTo(summary, 0);
    return IndexItems.overwrite(pool, page, number, summary, 0, length);
  }

  private static void revmapExtend(
      BrinRecord.RevmapExtend extend, int blockId, MemorySegment pool, long page) {
    if (blockId == 0) {
      BrinPage.putLastRevmapPage(pool, page, extend.targetBlk());
    } else {
      BrinPage.init(pool, page, BrinPage.REVMAP);
    }
  }

  private static void desummarize(
      BrinRecord.Desummarize desummarize, int blockId, MemorySegment pool, long page) {
    if (blockId == 0) {
      BrinPage.putSummary(
          pool, page, desummarize.pagesPerRange(), desummarize.heapBlk(), TidBytes.NO_BLOCK, 0);
    } else {
      IndexItems.deleteNoCompact(pool, page, desummarize.regOffset());
    }
  }
}
