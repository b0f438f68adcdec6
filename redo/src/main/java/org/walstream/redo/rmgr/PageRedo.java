package org.walstream.redo.rmgr;

import java.lang.foreign.MemorySegment;
import org.walstream.redo.page.CorruptPageException;
import org.walstream.wal.rmgr.WalRecord;

/// What the records of one resource manager do to the pages that they refer to.
///
/// Pure: the page's new bytes follow from its old ones, the record, and which of the record's
/// blocks it is. No other page is read; so the blocks of one record may be redone in any order and
/// by different threads, as long as each page sees its records in theirs.
///
/// Nothing here looks at the page's LSN or sets it, or restores an image: that is the same for all
/// resource managers, and done by those who call. A page is 8 kB at `page` of `pool`; its block
/// number, and the record's other blocks, are told by `record.record().block(…)`.
///
/// Not thread-safe: an implementation may have room of its own to work in, made once. It allocates
/// nothing per record that the JIT does not remove.
///
/// Counterpart of the rm_redo functions, src/include/access/rmgrlist.h.
public interface PageRedo {

  /// True when redo does not look at this block of the record at all: it neither reads nor makes
  /// the page, nor restores its image, and does not miss it.
  default boolean passesOver(WalRecord record, int blockId) {
    return false;
  }

  /// Redoes what the record does to the page of its block `blockId`, which either is older than the
  /// record or is to be made anew (`willInit`; then its bytes are whatever they were, and the first
  /// thing to do is [org.walstream.redo.page.PageHeader#init]).
  ///
  /// @throws CorruptPageException if page and record contradict each other; the page may have
  ///   changed by then
  /// @throws IndexOutOfBoundsException if the record contradicts itself
  PageChange redo(WalRecord record, int blockId, MemorySegment pool, long page);

  /// What is to be done to a page though the record's image has just been restored on it.
  default PageChange afterImage(WalRecord record, int blockId, MemorySegment pool, long page) {
    return PageChange.NONE;
  }

  /// True when the block is read as one that may not be there: a missing one is zeros then, and the
  /// fork grows, as the map of a table that had none (RBM_ZERO_ON_ERROR).
  default boolean zeroIfMissing(WalRecord record, int blockId) {
    return false;
  }

  /// How many bytes the free space map is to be told that the page has now, or -1 for nothing.
  ///
  /// @param action what was done to it, [RedoAction#DONE] included
  default int freeSpace(
      WalRecord record, int blockId, RedoAction action, MemorySegment pool, long page) {
    return -1;
  }
}
