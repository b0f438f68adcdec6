package org.walstream.redo.rmgr;

import static org.walstream.redo.page.PageHeader.PAGE_BYTES;

import java.lang.foreign.MemorySegment;
import org.walstream.redo.page.CorruptPageException;
import org.walstream.redo.page.PageHeader;
import org.walstream.wal.record.RecordBytes;
import org.walstream.wal.rmgr.GenericRecord;
import org.walstream.wal.rmgr.WalRecord;

/// Patches the bytes of a page that an extension has changed. What it left in the page's hole is
/// not in the log: it is zeros afterwards, there as here.
///
/// Counterpart of generic_redo(), src/backend/access/transam/generic_xlog.c.
final class GenericRedo implements PageRedo {

  @Override
  public PageChange redo(WalRecord record, int blockId, MemorySegment pool, long page) {
    RecordBytes data = record.record().block(blockId).data();
    for (var delta = ((GenericRecord) record).delta(blockId); delta.next(); ) {
      int offset = delta.offset();
      int length = delta.length();
      if (offset + length > PAGE_BYTES) {
        throw new CorruptPageException(
            "%d bytes at %d do not fit on the page".formatted(length, offset));
      }
      data.copyTo(delta.bytesAt(), length, pool, page + offset);
    }
    PageHeader.zeroHole(pool, page);
    return PageChange.LOGGED;
  }
}
