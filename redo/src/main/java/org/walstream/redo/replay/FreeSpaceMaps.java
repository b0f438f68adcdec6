package org.walstream.redo.replay;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.walstream.redo.block.BlockRedo;
import org.walstream.redo.buffer.BufferPool;
import org.walstream.redo.buffer.ReadMode;
import org.walstream.redo.page.FreeSpaceMap;
import org.walstream.redo.page.FreeSpaceMapPage;
import org.walstream.redo.page.PageHeader;
import org.walstream.wal.record.BlockReference;
import org.walstream.wal.record.ForkNumber;
import org.walstream.wal.rmgr.WalRecord;

/// The free space maps: what the lanes have found, batch by batch.
///
/// A map's slot follows from a table's page after redo, so it cannot be written before that is
/// done, by whatever lane; and maps have images in WAL, too, that have to come in between in their
/// turn. So maps are no lane's: when all lanes are through with a batch, the last of them brings
/// the maps up to its end, in the order of WAL. Meanwhile the other lanes go on, and the next batch
/// cannot be ended by them before this one is.
///
/// One thread at a time.
final class FreeSpaceMaps {

  private static final int FSM = ForkNumber.FSM.number();

  private final BufferPool pool;
  private final BlockRedo redo;
  private final InvalidPages invalid;
  private final boolean written;
  private final BatchRecords records = new BatchRecords();
  private final int[] at;

  /// @param written whether changes reach the disk by themselves
  ///   ([org.walstream.redo.RedoProfile#writesFreeSpaceMap])
  FreeSpaceMaps(BufferPool pool, BlockRedo redo, InvalidPages invalid, boolean written, int lanes) {
    this.pool = pool;
    this.redo = redo;
    this.invalid = invalid;
    this.written = written;
    this.at = new int[lanes];
  }

  void process(ReplayBatch batch) throws IOException {
    pool.replayingUpTo(batch.endLsn());
    records.begin();
    Arrays.fill(at, 0);
    int item = 0;
    while (true) {
      int lane = laneOfNextNote(batch);
      int noteIndex = lane < 0 ? Integer.MAX_VALUE : batch.notes[lane].recordIndex(at[lane]);
      int itemIndex =
          item == batch.freeSpaceItems.size()
              ? Integer.MAX_VALUE
              : LaneItem.recordIndex(batch.freeSpaceItems.get(item));
      if (itemIndex <= noteIndex && itemIndex != Integer.MAX_VALUE) {
        redo(batch, batch.freeSpaceItems.get(item++));
      } else if (lane >= 0) {
        set(batch.notes[lane], at[lane]++);
      } else {
        return;
      }
    }
  }

  private int laneOfNextNote(ReplayBatch batch) {
    int next = -1;
    for (int lane = 0; lane < at.length; lane++) {
      FreeSpaceNotes notes = batch.notes[lane];
      if (at[lane] < notes.count()
          && (next < 0 || notes.recordIndex(at[lane]) < batch.notes[next].recordIndex(at[next]))) {
        next = lane;
      }
    }
    return next;
  }

  private void set(FreeSpaceNotes notes, int note) throws IOException {
    int fork = pool.fork(notes.spcOid(note), notes.dbOid(note), notes.relNumber(note), FSM);
    int heapBlock = notes.heapBlock(note);
    int block = FreeSpaceMap.blockOf(0, FreeSpaceMap.parentOf(heapBlock));
    int frame = pool.page(fork, block, ReadMode.ZERO_ON_ERROR);
    MemorySegment memory = pool.memory();
    long page = pool.offset(frame);
    int category = notes.category(note);
    if (PageHeader.isNew(memory, page)) {
      if (category == 0) {
        return; // as it is: a page of zeros
      }
      PageHeader.init(memory, page, 0);
    }
    if (FreeSpaceMapPage.set(memory, page, FreeSpaceMap.slotOf(heapBlock), category) && written) {
      pool.dirty(frame);
    }
  }

  private void redo(ReplayBatch batch, int item) throws IOException {
    WalRecord record = records.get(batch.records, LaneItem.recordIndex(item));
    int blockId = LaneItem.blockId(item);
    if (redo.passesOver(record, blockId)) {
      return;
    }
    BlockReference block = record.record().block(blockId);
    int fork = pool.fork(block.spcOid(), block.dbOid(), block.relNumber(), FSM);
    ReadMode mode = BlockRedo.replacesPage(block) ? ReadMode.REPLACE : ReadMode.NORMAL;
    int frame = pool.page(fork, block.blockNumber(), mode);
    if (frame == BufferPool.MISSING) {
      invalid.add(record.record(), blockId);
      return;
    }
    redo.redo(record, blockId, pool.memory(), pool.offset(frame));
    if (redo.changed()) {
      pool.dirty(frame);
    }
  }
}
