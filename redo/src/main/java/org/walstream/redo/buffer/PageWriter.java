package org.walstream.redo.buffer;

import static org.walstream.redo.page.PageHeader.PAGE_BYTES;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.walstream.redo.control.RecoveryPoint;
import org.walstream.redo.page.PageChecksum;
import org.walstream.redo.relation.RelationFiles;
import org.walstream.wal.record.ForkNumber;
import org.walstream.wal.record.RelFileLocator;

/// Writes pages: neighbours that are given one after the other go to disk in one piece, and each
/// gets its checksum on the way, in the copy, as what is in memory changes again.
///
/// WAL before data: before any page is written, `minRecoveryPoint` is durably at or beyond whatever
/// may have changed it.
final class PageWriter {

  /// The largest piece: 1 MB.
  private static final int RUN_PAGES = 128;

  private final RelationFiles files;
  private final RecoveryPoint recoveryPoint;
  private final boolean checksums;
  private final PageChecksum checksum = new PageChecksum();
  private final MemorySegment run = Arena.ofAuto().allocate((long) RUN_PAGES * PAGE_BYTES, 4096);
  private final ByteBuffer bytes = run.asByteBuffer();

  private long changedUpTo;

  // The run: `runPages` pages from `firstBlock` on of one fork.
  private @Nullable RelFileLocator relation;
  private ForkNumber fork = ForkNumber.MAIN;
  private int firstBlock;
  private int runPages;

  PageWriter(RelationFiles files, RecoveryPoint recoveryPoint, boolean checksums) {
    this.files = files;
    this.recoveryPoint = recoveryPoint;
    this.checksums = checksums;
  }

  void changedUpTo(long lsn) {
    changedUpTo = lsn;
  }

  /// Takes a page; it has been written at the latest after [#flush].
  void add(RelFileLocator itsRelation, ForkNumber itsFork, int block, MemorySegment pool, long page)
      throws IOException {
    boolean continues =
        runPages > 0
            && runPages < RUN_PAGES
            && block == firstBlock + runPages
            && itsFork == fork
            && itsRelation.equals(relation);
    if (!continues) {
      flush();
      relation = itsRelation;
      fork = itsFork;
      firstBlock = block;
    }
    long at = (long) runPages * PAGE_BYTES;
    MemorySegment.copy(pool, page, run, at, PAGE_BYTES);
    if (checksums) {
      checksum.put(run, at, block);
    }
    runPages++;
  }

  /// Writes what has been taken.
  void flush() throws IOException {
    if (relation == null || runPages == 0) {
      return;
    }
    recoveryPoint.require(changedUpTo);
    bytes.clear().limit(runPages * PAGE_BYTES);
    files.write(relation, fork, Integer.toUnsignedLong(firstBlock), bytes);
    runPages = 0;
  }
}
