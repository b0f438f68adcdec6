package org.walstream.redo.rmgr;

import java.lang.foreign.MemorySegment;
import org.walstream.redo.page.CorruptPageException;
import org.walstream.wal.record.BlockReference;
import org.walstream.wal.rmgr.WalRecord;
import org.walstream.wal.rmgr.XLogRmgrRecord;

/// Images of pages that belong to no other record. Those that protect a hint may have been left
/// out; what else the log says of itself changes no page.
///
/// Counterpart of xlog_redo(), src/backend/access/transam/xlog.c, as far as it concerns pages.
final class XlogRedo implements PageRedo {

  @Override
  public boolean passesOver(WalRecord record, int blockId) {
    return switch (record) {
      case XLogRmgrRecord.Fpi _ -> false;
      case XLogRmgrRecord.FpiForHint _ -> !record.record().block(blockId).hasImage();
      case XLogRmgrRecord _ -> true;
      default -> false;
    };
  }

  /// Comes here only without an image to restore.
  @Override
  public PageChange redo(WalRecord record, int blockId, MemorySegment pool, long page) {
    BlockReference block = record.record().block(blockId);
    throw new CorruptPageException(
        block.hasImage()
            ? "unexpected XLogReadBufferForRedo result when restoring backup block"
            : "XLOG_FPI record did not contain a full-page image");
  }
}
