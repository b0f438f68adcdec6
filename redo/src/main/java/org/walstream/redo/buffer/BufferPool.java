package org.walstream.redo.buffer;

import static org.walstream.redo.page.PageHeader.PAGE_BYTES;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.walstream.redo.control.RecoveryPoint;
import org.walstream.redo.page.PageChecksum;
import org.walstream.redo.page.PageHeader;
import org.walstream.redo.relation.RelationFiles;
import org.walstream.redo.relation.RelationFork;
import org.walstream.wal.Lsn;
import org.walstream.wal.record.ForkNumber;
import org.walstream.wal.record.RelFileLocator;

/// A bounded number of pages in memory, outside of the heap, each in a frame of 8 kB.
///
/// Memory is taken when frames are first needed. A page's place is an offset in it, and no object:
///
/// ```java
/// int fork = pool.fork(spcOid, dbOid, relNumber, 0);
/// int frame = pool.page(fork, block, ReadMode.NORMAL);
/// if (frame != BufferPool.MISSING) {
///   change(pool.memory(), pool.offset(frame));
///   pool.dirty(frame);
/// }
/// ```
///
/// A frame is valid until the next page is asked for. When no frame is free, the clock's hand goes
/// round, as in PostgreSQL: who has not been used since it came by last, leaves. Many leave at
/// once, and those that have changed are given to the [PageWriter], in the order of the files; the
/// pool goes on meanwhile, and only who asks for such a page again waits until it is on disk.
///
/// One thread's at a time, but for [#awaitWritten].
///
/// Counterpart of src/backend/storage/buffer in recovery.
public final class BufferPool {

  /// What [#page] gives for a page that is not there.
  public static final int MISSING = -1;

  private static final int NONE = -1;

  /// So many leave when one must: enough to be written together.
  private static final int RECLAIMED_AT_ONCE = 1024;

  /// So many frames are looked at for each that may be written beside redo.
  private static final int LOOKED_AT = 8;

  /// A page that has not changed while WAL went on by this part of the pool's size is written
  /// beside redo.
  private static final int COLD_SHARE = 8;

  private static final byte DIRTY = 1;
  private static final byte REFERENCED = 2;
  private static final byte USED = 4;

  private final RelationFiles files;
  private final PageWriter writer;
  private final boolean checksums;
  private final PageChecksum checksum = new PageChecksum();
  private final int capacity;
  private final int reclaimedAtOnce;

  private final PoolMemory poolMemory;
  private final MemorySegment memory;

  private final PageTable table;
  private final ForkTable forks;

  // Of each frame.
  private final long[] keys;
  private final byte[] states;

  /// Up to where WAL may have changed what is not on disk.
  private final long[] changedUpTo;

  /// The frames of a fork are a chain, so that those of a fork that goes are found.
  private final int[] next;

  private final int[] previous;

  /// Frames that have been given out and are free again, and how many have never been given out.
  private final int[] free;

  /// Of those that are to leave or to be written next: scratch.
  private final int[] leaving;

  private final long[] chosen;

  private int freeCount;
  private int unusedFrom;
  private int hand;
  private int writeHand;
  private long reads;
  private long readNanos;
  private int dirtyCount;
  private long replayingUpTo;

  /// @param checksums whether pages have checksums in this cluster
  /// @param frames how many pages there may be in memory
  public BufferPool(
      RelationFiles files, RecoveryPoint recoveryPoint, boolean checksums, int frames) {
    this.files = files;
    this.checksums = checksums;
    this.forks = new ForkTable(files);
    this.capacity = frames;
    reclaimedAtOnce = Math.clamp(frames / 32, 1, RECLAIMED_AT_ONCE);
    writer = new PageWriter(files, recoveryPoint, checksums, reclaimedAtOnce);
    poolMemory = new PoolMemory((long) frames * PAGE_BYTES);
    memory = poolMemory.segment();
    table = new PageTable(frames);
    keys = new long[frames];
    states = new byte[frames];
    changedUpTo = new long[frames];
    next = new int[frames];
    previous = new int[frames];
    free = new int[frames];
    leaving = new int[reclaimedAtOnce];
    chosen = new long[reclaimedAtOnce];
  }

  /// The number by which a fork is known here.
  public int fork(int spcOid, int dbOid, int relNumber, int fork) {
    return forks.findOrAdd(spcOid, dbOid, relNumber, fork);
  }

  /// Brings a page into memory, if it is not there.
  ///
  /// @param block unsigned
  /// @return its frame, or [#MISSING], which only [ReadMode#NORMAL] has for an answer
  /// @throws IOException if the page cannot be read, or is broken
  public int page(int fork, int block, ReadMode mode) throws IOException {
    long key = PageKey.of(fork, block);
    int frame = table.get(key);
    if (frame == PageTable.ABSENT) {
      frame = bring(key, mode);
      if (frame == MISSING) {
        return MISSING;
      }
    }
    states[frame] |= REFERENCED;
    return mode == ReadMode.NORMAL && PageHeader.isNew(memory, offset(frame)) ? MISSING : frame;
  }

  /// A hint: the page will be asked for soon, and will have to be read if it is not in memory.
  public void willNeed(int fork, int block) throws IOException {
    if (table.get(PageKey.of(fork, block)) == PageTable.ABSENT) {
      files.willNeed(forks.fork(fork), Integer.toUnsignedLong(block));
    }
  }

  /// How many pages have been read from files so far.
  public long reads() {
    return reads;
  }

  /// How long that took.
  public long readNanos() {
    return readNanos;
  }

  /// The memory that all frames are in.
  public MemorySegment memory() {
    return memory;
  }

  /// Where in it the frame begins.
  public long offset(int frame) {
    return (long) frame * PAGE_BYTES;
  }

  /// Has the page in this frame written before it leaves.
  public void dirty(int frame) {
    if ((states[frame] & DIRTY) == 0) {
      states[frame] |= DIRTY;
      dirtyCount++;
    }
    changedUpTo[frame] = replayingUpTo;
  }

  /// How many pages have changed since they were written.
  public int dirtyCount() {
    return dirtyCount;
  }

  /// Says up to where WAL changes the pages that become dirty from now on.
  public void replayingUpTo(long lsn) {
    replayingUpTo = lsn;
  }

  /// Has pages written that have not changed for a while, if nothing is being written: what waits
  /// for a restart point shall be little. They stay in memory.
  public void writeBehind() throws IOException {
    if (dirtyCount < reclaimedAtOnce || !writer.isIdle()) {
      return;
    }
    long distance = (long) capacity * PAGE_BYTES / COLD_SHARE;
    long[] dirty = chosen;
    int count = 0;
    int look = Math.min(unusedFrom, LOOKED_AT * reclaimedAtOnce);
    for (int i = 0; i < look && count < reclaimedAtOnce; i++) {
      writeHand = writeHand + 1 >= unusedFrom ? 0 : writeHand + 1;
      if ((states[writeHand] & DIRTY) != 0
          && Lsn.isBefore(changedUpTo[writeHand] + distance, replayingUpTo)) {
        dirty[count++] = keys[writeHand];
      }
    }
    write(dirty, count);
  }

  /// Writes all pages that have changed; they stay in memory. All are in their files on return.
  public void write() throws IOException {
    long[] changed = changed();
    write(changed, changed.length);
    writer.await();
  }

  /// The pages that have changed since they were written, in no order: for [#writeChanged], which
  /// had better be given neighbours together, once they are sorted.
  public long[] changed() {
    long[] changed = new long[dirtyCount];
    int count = 0;
    for (int frame = 0; frame < unusedFrom; frame++) {
      if ((states[frame] & DIRTY) != 0) {
        changed[count++] = keys[frame];
      }
    }
    return changed;
  }

  /// Has those of `pages` written, from the one at `from` to that before `to`, that have been
  /// neither written nor forgotten since [#changed] gave them. They are in their files after
  /// [#awaitWritten].
  public void writeChanged(long[] pages, int from, int to) throws IOException {
    long[] still = new long[to - from];
    int count = 0;
    for (int i = from; i < to; i++) {
      int frame = table.get(pages[i]);
      if (frame != PageTable.ABSENT && (states[frame] & DIRTY) != 0) {
        still[count++] = pages[i];
      }
    }
    write(still, count);
  }

  /// Waits until what was to be written before this was called is in its files. Any thread, while
  /// others use the pool.
  public void awaitWritten() throws IOException {
    writer.awaitSent();
  }

  /// The same for one database in one tablespace.
  public void writeDatabase(int spcOid, int dbOid) throws IOException {
    long[] dirty = new long[dirtyCount];
    int count = 0;
    for (int frame = 0; frame < unusedFrom; frame++) {
      RelFileLocator relation =
          (states[frame] & DIRTY) == 0 ? null : forks.fork(PageKey.fork(keys[frame])).relation();
      if (relation != null && relation.spcOid() == spcOid && relation.dbOid() == dbOid) {
        dirty[count++] = keys[frame];
      }
    }
    write(dirty, count);
    writer.await();
  }

  /// Waits until pages that have left memory are in their files: to be called before these are
  /// touched by anybody else.
  public void settle() throws IOException {
    writer.await();
  }

  /// Forgets the pages of a relation without writing them, and that its files are there; none is
  /// written any more on return.
  public void drop(RelFileLocator relation) throws IOException {
    for (int fork = 0; fork < ForkNumber.values().length; fork++) {
      truncate(relation, fork, 0);
      int id = find(relation, fork);
      if (id >= 0) {
        forks.created[id] = false;
      }
    }
  }

  /// Forgets the pages of a fork from `blocks` on without writing them; none is written any more on
  /// return.
  public void truncate(RelFileLocator relation, int fork, long blocks) throws IOException {
    settle();
    int id = find(relation, fork);
    int frame = id < 0 ? NONE : forks.firstFrame[id];
    while (frame != NONE) {
      int following = next[frame];
      if (Integer.toUnsignedLong(PageKey.block(keys[frame])) >= blocks) {
        release(frame);
      }
      frame = following;
    }
  }

  /// Forgets all pages of a database without writing them.
  public void dropDatabase(int dbOid) throws IOException {
    for (int id = 0; id < forks.count(); id++) {
      if (forks.fork(id).relation().dbOid() == dbOid) {
        drop(forks.fork(id).relation());
      }
    }
  }

  /// One more than the highest block of a fork that is in memory; 0 without any. Those that have
  /// left it may be on their way ([#settle]).
  public long blocks(RelFileLocator relation, int fork) {
    int id = find(relation, fork);
    long blocks = 0;
    for (int frame = id < 0 ? NONE : forks.firstFrame[id]; frame != NONE; frame = next[frame]) {
      blocks = Math.max(blocks, Integer.toUnsignedLong(PageKey.block(keys[frame])) + 1);
    }
    return blocks;
  }

  /// Gives the memory back, whatever has not been written.
  public void close() {
    writer.close();
    poolMemory.close();
  }

  private int bring(long key, ReadMode mode) throws IOException {
    int fork = PageKey.fork(key);
    if (!forks.created[fork]) {
      files.create(forks.fork(fork));
      forks.created[fork] = true;
    }
    int frame = take();
    boolean fits = mode == ReadMode.REPLACE || read(key, frame, mode);
    if (!fits) {
      free[freeCount++] = frame;
      return MISSING;
    }
    enter(key, frame);
    return frame;
  }

  /// Fills a frame that belongs to nobody yet.
  ///
  /// @return false if there is no such page
  private boolean read(long key, int frame, ReadMode mode) throws IOException {
    if (writer.isOnItsWay(key)) {
      writer.await();
    }
    long at = offset(frame);
    RelationFork fork = forks.fork(PageKey.fork(key));
    long block = Integer.toUnsignedLong(PageKey.block(key));
    ByteBuffer into = memory.asSlice(at, PAGE_BYTES).asByteBuffer();
    long start = System.nanoTime();
    int got = files.read(fork, block, into);
    readNanos += System.nanoTime() - start;
    reads++;
    if (got == 0) {
      if (mode == ReadMode.NORMAL) {
        return false;
      }
      memory.asSlice(at, PAGE_BYTES).fill((byte) 0);
      dirty(frame); // written as it is, it makes the fork grow
      return true;
    }
    if (!PageHeader.isSane(memory, at)
        || (checksums && !checksum.isRight(memory, at, PageKey.block(key)))) {
      if (mode == ReadMode.NORMAL) {
        throw new IOException(
            "invalid page in block %d of relation \"%s\""
                .formatted(block, files.name(fork.relation(), fork.fork())));
      }
      memory.asSlice(at, PAGE_BYTES).fill((byte) 0);
    }
    return true;
  }

  private int take() throws IOException {
    if (freeCount == 0) {
      if (unusedFrom < capacity) {
        return unusedFrom++;
      }
      reclaim();
    }
    return free[--freeCount];
  }

  /// Frees frames that have not been used for a while.
  private void reclaim() throws IOException {
    long[] dirty = chosen;
    int count = 0;
    int dirtyLeaving = 0;
    while (count < reclaimedAtOnce) {
      hand = hand + 1 == capacity ? 0 : hand + 1;
      byte state = states[hand];
      if ((state & USED) == 0) {
        continue;
      }
      if ((state & REFERENCED) != 0) {
        states[hand] &= ~REFERENCED;
        continue;
      }
      states[hand] |= REFERENCED; // not twice in one round
      leaving[count++] = hand;
      if ((state & DIRTY) != 0) {
        dirty[dirtyLeaving++] = keys[hand];
      }
    }
    write(dirty, dirtyLeaving);
    for (int i = 0; i < count; i++) {
      release(leaving[i]);
    }
  }

  /// Has pages written, by and by.
  private void write(long[] dirty, int count) throws IOException {
    Arrays.sort(dirty, 0, count);
    for (int i = 0; i < count; i++) {
      int frame = table.get(dirty[i]);
      RelationFork fork = forks.fork(PageKey.fork(dirty[i]));
      writer.add(dirty[i], fork, memory, offset(frame), changedUpTo[frame]);
      states[frame] &= ~DIRTY;
    }
    writer.send();
    dirtyCount -= count;
  }

  private void enter(long key, int frame) {
    table.put(key, frame);
    keys[frame] = key;
    states[frame] |= USED;
    int fork = PageKey.fork(key);
    int first = forks.firstFrame[fork];
    next[frame] = first;
    previous[frame] = NONE;
    if (first != NONE) {
      previous[first] = frame;
    }
    forks.firstFrame[fork] = frame;
  }

  private void release(int frame) {
    if ((states[frame] & DIRTY) != 0) {
      dirtyCount--;
    }
    states[frame] = 0;
    table.remove(keys[frame]);
    if (previous[frame] == NONE) {
      forks.firstFrame[PageKey.fork(keys[frame])] = next[frame];
    } else {
      next[previous[frame]] = next[frame];
    }
    if (next[frame] != NONE) {
      previous[next[frame]] = previous[frame];
    }
    free[freeCount++] = frame;
  }

  private int find(RelFileLocator relation, int fork) {
    return forks.find(relation.spcOid(), relation.dbOid(), relation.relNumber(), fork);
  }
}
