package org.walstream.redo.replay;

import org.walstream.wal.record.BlockReference;

/// What a lane has to tell the free space maps after a batch: pages of tables and how much room
/// they have now, in the order of the records that changed them.
final class FreeSpaceNotes {

  private static final int FIELDS = 6;

  private final IntList notes = new IntList();

  void add(int recordIndex, BlockReference block, int category) {
    notes.add(recordIndex);
    notes.add(block.spcOid());
    notes.add(block.dbOid());
    notes.add(block.relNumber());
    notes.add(block.blockNumber());
    notes.add(category);
  }

  int count() {
    return notes.size() / FIELDS;
  }

  int recordIndex(int note) {
    return notes.get(note * FIELDS);
  }

  int spcOid(int note) {
    return notes.get(note * FIELDS + 1);
  }

  int dbOid(int note) {
    return notes.get(note * FIELDS + 2);
  }

  int relNumber(int note) {
    return notes.get(note * FIELDS + 3);
  }

  int heapBlock(int note) {
    return notes.get(note * FIELDS + 4);
  }

  int category(int note) {
    return notes.get(note * FIELDS + 5);
  }

  void clear() {
    notes.clear();
  }
}
