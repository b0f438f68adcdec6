package org.walstream.redo.buffer;

import static org.walstream.redo.page.PageHeader.PAGE_BYTES;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.walstream.redo.relation.RelationFork;
import org.walstream.wal.Lsn;

/// Copies of pages on their way to disk, in the order of the files. The pool's thread fills it,
/// then it is the writer's until that one gives it back; meanwhile only [#holds] may be asked.
final class PageBundle {

  final MemorySegment memory;
  final ByteBuffer bytes;

  final RelationFork[] forks;
  private final long[] keys;

  int count;

  /// Up to where WAL may have changed any of the pages.
  long changedUpTo;

  private volatile boolean onItsWay;

  PageBundle(int pages) {
    memory = Arena.ofAuto().allocate((long) pages * PAGE_BYTES, 4096);
    bytes = memory.asByteBuffer();
    forks = new RelationFork[pages];
    keys = new long[pages];
  }

  void clear() {
    count = 0;
    changedUpTo = 0;
  }

  boolean isFull() {
    return count == keys.length;
  }

  /// Copies a page. Keys ascend.
  void add(long key, RelationFork fork, MemorySegment pool, long page, long itsChangedUpTo) {
    MemorySegment.copy(pool, page, memory, (long) count * PAGE_BYTES, PAGE_BYTES);
    keys[count] = key;
    forks[count] = fork;
    if (Lsn.isAfter(itsChangedUpTo, changedUpTo)) {
      changedUpTo = itsChangedUpTo;
    }
    count++;
  }

  /// The block of the page at `index`.
  int block(int index) {
    return PageKey.block(keys[index]);
  }

  /// How many pages from `index` on stand one behind the other on disk, too; at most `limit`.
  int runFrom(int index, int limit) {
    int end = Math.min(count, index + limit);
    int next = index + 1;
    while (next < end && keys[next] == keys[next - 1] + 1) {
      next++;
    }
    return next - index;
  }

  void sent() {
    onItsWay = true;
  }

  void arrived() {
    onItsWay = false;
  }

  /// True when a copy of the page is here and may not be on disk yet.
  boolean holds(long key) {
    return onItsWay && Arrays.binarySearch(keys, 0, count, key) >= 0;
  }
}
