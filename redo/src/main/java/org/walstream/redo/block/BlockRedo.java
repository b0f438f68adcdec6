package org.walstream.redo.block;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.walstream.redo.RedoException;
import org.walstream.redo.page.CorruptPageException;
import org.walstream.redo.page.PageHeader;
import org.walstream.redo.rmgr.PageChange;
import org.walstream.redo.rmgr.PageRedo;
import org.walstream.redo.rmgr.PageRedos;
import org.walstream.redo.rmgr.RedoAction;
import org.walstream.wal.Lsn;
import org.walstream.wal.record.BlockReference;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.record.PageImage;
import org.walstream.wal.record.WalDefect;
import org.walstream.wal.rmgr.Rmgr;
import org.walstream.wal.rmgr.UnknownRecord;
import org.walstream.wal.rmgr.WalRecord;

/// Redoes one block of one record on its page. The rule is the same for all:
///
/// ```
/// redo passes over the block         nothing is done
/// the block has an image to apply    it becomes the page, whatever the page's LSN
/// the block is to be initialised     the record makes the page anew, whatever its LSN
/// the page's LSN is before the end   the record changes the page
/// otherwise                          the page has it already
/// ```
///
/// Nobody but this class looks at LSNs of pages or sets them.
///
/// Counterpart of XLogReadBufferForRedoExtended(), src/backend/access/transam/xlogutils.c. One
/// thread's.
public final class BlockRedo {

  private final PageRedos redos;
  private final PageImage images = new PageImage();

  private boolean changed;
  private int freeSpace;

  public BlockRedo(PageRedos redos) {
    this.redos = redos;
  }

  /// True when what the page has been does not matter: there is no need to read it, nor for it to
  /// exist.
  public static boolean replacesPage(BlockReference block) {
    return block.appliesImage() || block.willInit();
  }

  /// True when redo does not look at this block, so that its page is neither to be read nor to be
  /// missed. To be asked first.
  public boolean passesOver(WalRecord record, int blockId) {
    PageRedo redo = find(record.record());
    return redo != null && redo.passesOver(record, blockId);
  }

  /// True when a page that is missing is taken as zeros, and not as a page that is gone.
  public boolean zeroIfMissing(WalRecord record, int blockId) {
    PageRedo redo = find(record.record());
    return redo != null && redo.zeroIfMissing(record, blockId);
  }

  /// Redoes the block on the page at `page`; whether that changed it, and what the free space map
  /// is to be told, is answered until the next call by [#changed] and [#freeSpace].
  ///
  /// @throws RedoException if page and record contradict each other, or the record itself
  public RedoAction redo(WalRecord record, int blockId, MemorySegment pool, long page)
      throws RedoException {
    DecodedXLogRecord decoded = record.record();
    PageRedo redo = find(decoded);
    try {
      if (redo != null && redo.passesOver(record, blockId)) {
        nothingDone();
        return RedoAction.DONE;
      }
      RedoAction action = redo(record, blockId, redo, pool, page);
      freeSpace = redo == null ? -1 : redo.freeSpace(record, blockId, action, pool, page);
      return action;
    } catch (CorruptPageException | IndexOutOfBoundsException contradiction) {
      throw RedoException.ofBlock(decoded, blockId, contradiction);
    }
  }

  private RedoAction redo(
      WalRecord record, int blockId, @Nullable PageRedo redo, MemorySegment pool, long page)
      throws RedoException {
    DecodedXLogRecord decoded = record.record();
    BlockReference block = decoded.block(blockId);
    if (block.appliesImage()) {
      restore(decoded, blockId, pool, page);
      changed = true;
      if (redo != null) {
        note(redo.afterImage(record, blockId, pool, page), decoded, pool, page);
      }
      changed = true;
      return RedoAction.RESTORED;
    }
    if (!block.willInit() && !Lsn.isBefore(PageHeader.lsn(pool, page), decoded.endLsn())) {
      changed = false;
      return RedoAction.DONE;
    }
    if (redo == null || record instanceof UnknownRecord) {
      throw RedoException.ofRecord(decoded, "unknown op code %d".formatted(decoded.opcode()));
    }
    note(redo.redo(record, blockId, pool, page), decoded, pool, page);
    return RedoAction.NEEDS_REDO;
  }

  /// Says that the block was not looked at: nothing changed, and there is nothing to be told.
  public void nothingDone() {
    changed = false;
    freeSpace = -1;
  }

  /// Whether the last call changed its page.
  public boolean changed() {
    return changed;
  }

  /// How many bytes the free space map is to be told that the page of the last call has, or -1.
  public int freeSpace() {
    return freeSpace;
  }

  private void note(PageChange change, DecodedXLogRecord record, MemorySegment pool, long page) {
    changed = change != PageChange.NONE;
    if (change == PageChange.LOGGED) {
      PageHeader.putLsn(pool, page, record.endLsn());
    }
  }

  private void restore(DecodedXLogRecord record, int blockId, MemorySegment pool, long page)
      throws RedoException {
    WalDefect defect = images.restoreInto(record, blockId, pool, page);
    if (defect != null) {
      throw RedoException.ofRecord(record, defect.message());
    }
    if (!PageHeader.isNew(pool, page)) {
      PageHeader.putLsn(pool, page, record.endLsn());
    }
  }

  private @Nullable PageRedo find(DecodedXLogRecord record) {
    Rmgr rmgr = Rmgr.ofId(record.rmgrId());
    return rmgr == null ? null : redos.of(rmgr);
  }
}
