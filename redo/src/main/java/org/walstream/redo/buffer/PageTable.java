package org.walstream.redo.buffer;

import java.util.Arrays;

/// Finds the frame of a page: a hash table without objects, of linear probing, from a page's key to
/// a frame's number. What is removed leaves no trace: whatever stood behind it moves up.
final class PageTable {

  static final int ABSENT = -1;

  private final long[] keys;
  private final int[] frames;
  private final int mask;

  /// @param capacity how many entries there will be at most
  PageTable(int capacity) {
    int size = Math.max(16, Integer.highestOneBit(Math.max(1, capacity)) * 4);
    keys = new long[size];
    frames = new int[size];
    mask = size - 1;
    Arrays.fill(frames, ABSENT);
  }

  int get(long key) {
    for (int slot = slotOf(key); frames[slot] != ABSENT; slot = slot + 1 & mask) {
      if (keys[slot] == key) {
        return frames[slot];
      }
    }
    return ABSENT;
  }

  /// Adds a key that is not there.
  void put(long key, int frame) {
    int slot = slotOf(key);
    while (frames[slot] != ABSENT) {
      slot = slot + 1 & mask;
    }
    keys[slot] = key;
    frames[slot] = frame;
  }

  /// Removes a key that is there.
  void remove(long key) {
    int hole = slotOf(key);
    while (keys[hole] != key || frames[hole] == ABSENT) {
      hole = hole + 1 & mask;
    }
    for (int slot = hole + 1 & mask; frames[slot] != ABSENT; slot = slot + 1 & mask) {
      int home = slotOf(keys[slot]);
      if ((slot - home & mask) >= (slot - hole & mask)) { // its way from home leads over the hole
        keys[hole] = keys[slot];
        frames[hole] = frames[slot];
        hole = slot;
      }
    }
    frames[hole] = ABSENT;
  }

  private int slotOf(long key) {
    long hash = key * 0x9E37_79B9_7F4A_7C15L;
    return (int) (hash >>> 32) & mask;
  }
}
