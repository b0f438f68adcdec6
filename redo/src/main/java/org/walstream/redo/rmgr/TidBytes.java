package org.walstream.redo.rmgr;

import java.lang.foreign.MemorySegment;
import org.walstream.redo.page.PageBytes;

/// Writes where something is: a block, in halves, the high one first, and a line pointer on it.
///
/// ```
/// offset  bytes  field
///      0      2  block, high half
///      2      2  block, low half
///      4      2  offset
/// ```
///
/// Counterpart of BlockIdSet(), ItemPointerSet() and ItemPointerSetInvalid(),
/// src/include/storage/itemptr.h.
final class TidBytes {

  /// InvalidBlockNumber
  static final int NO_BLOCK = -1;

  private TidBytes() {}

  static void putBlock(MemorySegment pool, long at, int block) {
    PageBytes.putU16(pool, at, block >>> 16);
    PageBytes.putU16(pool, at + 2, block);
  }

  static void put(MemorySegment pool, long at, int block, int offset) {
    putBlock(pool, at, block);
    PageBytes.putU16(pool, at + 4, offset);
  }

  static void putInvalid(MemorySegment pool, long at) {
    put(pool, at, NO_BLOCK, 0);
  }
}
