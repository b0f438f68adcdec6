package org.walstream.redo.rmgr;

import static org.walstream.redo.page.PageHeader.PAGE_BYTES;

import java.lang.foreign.MemorySegment;
import org.walstream.redo.page.CorruptPageException;
import org.walstream.redo.page.LinePointer;
import org.walstream.redo.page.PageBytes;
import org.walstream.redo.page.PageHeader;
import org.walstream.redo.page.PageItems;
import org.walstream.wal.rmgr.SequenceRecord;
import org.walstream.wal.rmgr.WalRecord;

/// A sequence is one page with one tuple, made anew by each record.
///
/// ```
///      0      24   28                                 8184
///      ┌────────┬────┬───────────────────┬───────┬────────┐
///      │ header │ lp │ zeros             │ tuple │ magic  │
///      └────────┴────┴───────────────────┴───────┴────────┘
/// ```
///
/// Counterpart of seq_redo(), src/backend/commands/sequence.c.
final class SequenceRedo implements PageRedo {

  /// SEQ_MAGIC, in a special area of 8 bytes.
  private static final int MAGIC = 0x1717;

  private static final int SPECIAL_BYTES = 8;

  @Override
  public PageChange redo(WalRecord record, int blockId, MemorySegment pool, long page) {
    switch ((SequenceRecord) record) {
      case SequenceRecord.Log log -> log(log, pool, page);
    }
    return PageChange.LOGGED;
  }

  private static void log(SequenceRecord.Log log, MemorySegment pool, long page) {
    PageHeader.init(pool, page, SPECIAL_BYTES);
    PageBytes.putI32(pool, page + PAGE_BYTES - SPECIAL_BYTES, MAGIC);
    int length = log.tupleLength();
    int number = PageItems.reserve(pool, page, length, 1, 0);
    if (number == PageItems.NONE) {
      throw new CorruptPageException("failed to add item of %d bytes to page".formatted(length));
    }
    long item = LinePointer.item(pool, page, number);
    log.record().main().copyTo(log.tupleAt(), length, pool, item);
  }
}
