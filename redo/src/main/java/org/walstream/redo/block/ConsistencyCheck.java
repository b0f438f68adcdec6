package org.walstream.redo.block;

import static org.walstream.redo.page.PageHeader.PAGE_BYTES;

import java.lang.foreign.MemorySegment;
import org.walstream.redo.RedoException;
import org.walstream.redo.page.ConsistencyMask;
import org.walstream.redo.page.PageHeader;
import org.walstream.wal.Lsn;
import org.walstream.wal.record.BlockReference;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.record.PageImage;
import org.walstream.wal.record.WalDefect;
import org.walstream.wal.rmgr.Rmgr;

/// Holds pages that have been redone against the images that a server with
/// `wal_consistency_checking` logs beside what is to be done.
///
/// Counterpart of verifyBackupPageConsistency(), src/backend/access/transam/xlogrecovery.c. One
/// thread's; it keeps two pages.
public final class ConsistencyCheck {

  private final MemorySegment ours = MemorySegment.ofArray(new byte[PAGE_BYTES]);
  private final MemorySegment logged = MemorySegment.ofArray(new byte[PAGE_BYTES]);
  private final PageImage images = new PageImage();

  /// Made with its buffers.
  public ConsistencyCheck() {}

  /// True when the record has an image of this block that is there to be compared with.
  public static boolean canCheck(DecodedXLogRecord record, int blockId) {
    BlockReference block = record.block(blockId);
    return (record.info() & DecodedXLogRecord.XLR_CHECK_CONSISTENCY) != 0
        && block.hasImage()
        && !block.appliesImage();
  }

  /// Compares the page, on which the record has been redone, with the record's image of it. A page
  /// that is newer than the record is left alone.
  ///
  /// @throws RedoException naming the page and the first byte, if they differ
  public void check(DecodedXLogRecord record, int blockId, MemorySegment pool, long page)
      throws RedoException {
    if (Lsn.isAfter(PageHeader.lsn(pool, page), record.endLsn())) {
      return;
    }
    WalDefect defect = images.restoreInto(record, blockId, logged, 0);
    if (defect != null) {
      throw RedoException.ofRecord(record, defect.message());
    }
    MemorySegment.copy(pool, page, ours, 0, PAGE_BYTES);
    Rmgr rmgr = Rmgr.ofId(record.rmgrId());
    BlockReference block = record.block(blockId);
    if (rmgr != null) {
      ConsistencyMask.apply(rmgr, ours, 0, block.blockNumber());
      ConsistencyMask.apply(rmgr, logged, 0, block.blockNumber());
    }
    long differs = ours.mismatch(logged);
    if (differs >= 0) {
      throw RedoException.ofRecord(
          record,
          "inconsistent page found, rel %s, forknum %d, blkno %s, byte %d"
              .formatted(
                  block.locator(),
                  block.forkNumber(),
                  Integer.toUnsignedString(block.blockNumber()),
                  differs));
    }
  }
}
