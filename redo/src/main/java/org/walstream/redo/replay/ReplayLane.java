package org.walstream.redo.replay;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.walstream.redo.RedoException;
import org.walstream.redo.block.BlockRedo;
import org.walstream.redo.block.ConsistencyCheck;
import org.walstream.redo.buffer.BufferPool;
import org.walstream.redo.buffer.ReadMode;
import org.walstream.redo.page.FreeSpaceMap;
import org.walstream.redo.page.PageHeader;
import org.walstream.redo.page.VisibilityMapPage;
import org.walstream.redo.rmgr.RedoAction;
import org.walstream.wal.record.BlockReference;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.record.ForkNumber;
import org.walstream.wal.rmgr.WalRecord;

/// The pages of one worker, and how records are redone on them. No page is in two lanes, so lanes
/// share nothing but the files and the list of missing pages. One thread at a time: the lane's own,
/// or the reader while the lanes rest.
final class ReplayLane {

  private static final int VISIBILITY_MAP = ForkNumber.VISIBILITY_MAP.number();

  private final int number;
  private final BufferPool pool;
  private final BlockRedo redo;
  private final InvalidPages invalid;
  private final @Nullable ConsistencyCheck check;
  private final BatchRecords records = new BatchRecords();
  private final ReadAhead readAhead = new ReadAhead();

  /// @param check what pages are compared by after each record, or null
  ReplayLane(
      int number,
      BufferPool pool,
      BlockRedo redo,
      InvalidPages invalid,
      @Nullable ConsistencyCheck check) {
    this.number = number;
    this.pool = pool;
    this.redo = redo;
    this.invalid = invalid;
    this.check = check;
  }

  /// Does what the batch has for this lane.
  void process(ReplayBatch batch) throws IOException {
    IntList items = batch.items[number];
    FreeSpaceNotes notes = batch.notes[number];
    pool.replayingUpTo(batch.endLsn());
    records.begin();
    if (readAhead.pays(pool)) {
      readAhead(batch, items);
      records.begin();
    }
    for (int i = 0; i < items.size(); i++) {
      int item = items.get(i);
      WalRecord record = records.get(batch.records, LaneItem.recordIndex(item));
      int bits = LaneItem.bitsToClear(item);
      if (bits == 0) {
        redo(record, LaneItem.blockId(item));
        if (redo.freeSpace() >= 0) {
          notes.add(
              LaneItem.recordIndex(item),
              record.record().block(LaneItem.blockId(item)),
              FreeSpaceMap.categoryOf(redo.freeSpace()));
        }
      } else {
        clearVisibility(record.record().block(LaneItem.blockId(item)), bits);
      }
    }
    pool.writeBehind();
  }

  /// Tells the kernel of all pages that the batch will want read.
  private void readAhead(ReplayBatch batch, IntList items) throws IOException {
    for (int i = 0; i < items.size(); i++) {
      WalRecord record = records.get(batch.records, LaneItem.recordIndex(items.get(i)));
      int blockId = LaneItem.blockId(items.get(i));
      BlockReference block = record.record().block(blockId);
      if (LaneItem.bitsToClear(items.get(i)) == 0
          && !BlockRedo.replacesPage(block)
          && !redo.passesOver(record, blockId)) {
        int fork = pool.fork(block.spcOid(), block.dbOid(), block.relNumber(), block.forkNumber());
        pool.willNeed(fork, block.blockNumber());
      }
    }
  }

  private void redo(WalRecord record, int blockId) throws IOException {
    if (redo.passesOver(record, blockId)) {
      redo.nothingDone();
      return;
    }
    DecodedXLogRecord decoded = record.record();
    BlockReference block = decoded.block(blockId);
    int fork = pool.fork(block.spcOid(), block.dbOid(), block.relNumber(), block.forkNumber());
    int frame;
    try {
      frame = pool.page(fork, block.blockNumber(), modeOf(record, blockId));
    } catch (IOException e) {
      throw RedoException.ofRecord(decoded, e);
    }
    if (frame == BufferPool.MISSING) {
      invalid.add(decoded, blockId);
      redo.nothingDone();
      return;
    }
    RedoAction action = redo.redo(record, blockId, pool.memory(), pool.offset(frame));
    if (redo.changed()) {
      pool.dirty(frame);
    }
    if (check != null
        && action != RedoAction.RESTORED
        && ConsistencyCheck.canCheck(decoded, blockId)) {
      check.check(decoded, blockId, pool.memory(), pool.offset(frame));
    }
  }

  private ReadMode modeOf(WalRecord record, int blockId) {
    if (BlockRedo.replacesPage(record.record().block(blockId))) {
      return ReadMode.REPLACE;
    }
    return redo.zeroIfMissing(record, blockId) ? ReadMode.ZERO_ON_ERROR : ReadMode.NORMAL;
  }

  /// Clears bits of a table's page in the map, which the record does not refer to: whatever the LSN
  /// of the map's page, and without giving it another.
  private void clearVisibility(BlockReference heap, int bits) throws IOException {
    int fork = pool.fork(heap.spcOid(), heap.dbOid(), heap.relNumber(), VISIBILITY_MAP);
    int mapBlock = VisibilityMapPage.blockOf(heap.blockNumber());
    int frame = pool.page(fork, mapBlock, ReadMode.ZERO_ON_ERROR);
    boolean cleared =
        !PageHeader.isNew(pool.memory(), pool.offset(frame))
            && VisibilityMapPage.clear(pool.memory(), pool.offset(frame), heap.blockNumber(), bits);
    if (cleared) {
      pool.dirty(frame);
    }
  }
}
