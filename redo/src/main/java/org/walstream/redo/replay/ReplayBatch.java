package org.walstream.redo.replay;

import java.util.concurrent.atomic.AtomicInteger;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.record.RecordBatch;

/// A stretch of WAL on its way through the lanes: the records, what each lane has to do for them,
/// and what the lanes have to say to the free space maps. Filled by one thread, then read by all
/// lanes; the last of them to finish ends it. Used again and again.
final class ReplayBatch {

  /// Of records: enough that handing it over costs nothing beside.
  private static final int BYTES = 1 << 20;

  /// Records that take about as long as to wake a thread.
  private static final int SHORT = 50;

  final RecordBatch records = new RecordBatch(BYTES);

  /// What each lane has to do, as [LaneItem]s in the order of WAL.
  final IntList[] items;

  /// The same for pages of free space maps, which are nobody's lane.
  final IntList freeSpaceItems = new IntList();

  final FreeSpaceNotes[] notes;

  private final AtomicInteger busyLanes = new AtomicInteger();

  ReplayBatch(int lanes) {
    items = new IntList[lanes];
    notes = new FreeSpaceNotes[lanes];
    for (int lane = 0; lane < lanes; lane++) {
      items[lane] = new IntList();
      notes[lane] = new FreeSpaceNotes();
    }
  }

  /// True when to redo it is less work than to hand it over.
  boolean isShort() {
    return records.count() <= SHORT;
  }

  boolean isEmpty() {
    return records.count() == 0;
  }

  /// Copies a record.
  ///
  /// @return its index, or -1 when the batch is full
  int add(DecodedXLogRecord record) {
    return records.add(record) ? records.count() - 1 : -1;
  }

  /// Where the last record ends.
  long endLsn() {
    return records.endLsn(records.count() - 1);
  }

  /// To be called before it goes to the lanes.
  void begin() {
    busyLanes.set(items.length);
  }

  /// To be called by each lane when it is through.
  ///
  /// @return true for the last of them: what the others have done is to be seen by it
  boolean laneIsDone() {
    return busyLanes.decrementAndGet() == 0;
  }

  void clear() {
    records.clear();
    freeSpaceItems.clear();
    for (int lane = 0; lane < items.length; lane++) {
      items[lane].clear();
      notes[lane].clear();
    }
  }
}
