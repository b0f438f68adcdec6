package org.walstream.redo.replay;

import org.walstream.redo.buffer.BufferPool;

/// Whether a lane had better tell the kernel which pages a batch will read, before it begins with
/// it: then the disk brings many at a time. To tell takes a while itself, so it is done only when
/// pages come from a disk and not from the kernel's memory, which the time that reads take says;
/// and, since reads are fast where it is done, for a while after they were slow.
final class ReadAhead {

  /// A read from memory takes a few microseconds, one from a fast disk a hundred.
  private static final long SLOW_NANOS = 40_000;

  private static final int ENOUGH_READS = 16;
  private static final int BATCHES = 64;

  private long reads;
  private long nanos;
  private int batchesLeft;

  /// To be asked once for each batch.
  boolean pays(BufferPool pool) {
    long newReads = pool.reads() - reads;
    if (newReads >= ENOUGH_READS) {
      if ((pool.readNanos() - nanos) / newReads >= SLOW_NANOS) {
        batchesLeft = BATCHES;
      }
      reads = pool.reads();
      nanos = pool.readNanos();
    }
    return batchesLeft > 0 && batchesLeft-- > 0;
  }
}
