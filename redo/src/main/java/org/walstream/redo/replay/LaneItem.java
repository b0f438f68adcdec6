package org.walstream.redo.replay;

/// What a lane has to do, in an `int`: redo one block of one record of the batch; or clear bits of
/// the visibility map for it.
///
/// ```
///  bits   31 … 8          7 6                            5 … 0
///         record's index  0: redo the block itself       block id
///                         else: the map's bits to clear
/// ```
final class LaneItem {

  private LaneItem() {}

  static int of(int recordIndex, int blockId) {
    return recordIndex << 8 | blockId;
  }

  static int clearing(int recordIndex, int blockId, int bits) {
    return recordIndex << 8 | bits << 6 | blockId;
  }

  static int recordIndex(int item) {
    return item >>> 8;
  }

  static int bitsToClear(int item) {
    return item >>> 6 & 3;
  }

  static int blockId(int item) {
    return item & 63;
  }
}
