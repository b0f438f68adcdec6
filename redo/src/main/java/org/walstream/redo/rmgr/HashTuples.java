package org.walstream.redo.rmgr;

import java.lang.foreign.MemorySegment;
import org.walstream.redo.page.CorruptPageException;
import org.walstream.wal.record.RecordBytes;
import org.walstream.wal.rmgr.IndexTuple;

/// Tuples that move to a page from another one of their bucket: first where each goes, then all of
/// them, each filled up to a multiple of 8 bytes, which is its length on the page.
///
/// Counterpart of what hash_xlog_move_page_contents() and hash_xlog_squeeze_page() have in common,
/// src/backend/access/hash/hash_xlog.c.
final class HashTuples {

  private HashTuples() {}

  static void add(RecordBytes moved, int ntups, MemorySegment pool, long page) {
    int at = Short.BYTES * ntups;
    for (int tuple = 0; tuple < ntups; tuple++) {
      int size = IndexTuple.alignedSize(moved, at);
      int number = moved.u16(Short.BYTES * tuple);
      if (!RecordItems.add(moved, at, size, pool, page, number)) {
        throw new CorruptPageException(
            "failed to add item to hash index page, size %d bytes".formatted(size));
      }
      at += size;
    }
  }
}
