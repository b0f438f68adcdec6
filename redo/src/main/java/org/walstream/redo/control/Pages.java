package org.walstream.redo.control;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Collection;
import org.walstream.wal.record.ForkNumber;
import org.walstream.wal.record.RelFileLocator;

/// The pages that replay has in memory, as records see them that change files. Every method first
/// waits until what earlier records do to the pages concerned has been done, and no later record's
/// blocks are begun before it returns: such a record is a barrier.
///
/// Called by the one thread that reads WAL. All may throw what redo of an earlier record met.
public interface Pages {

  /// Forgets all pages of these relations, unwritten, and that any of them were missing. Their
  /// files are the caller's to remove.
  void drop(Collection<RelFileLocator> relations) throws IOException;

  /// Forgets the pages of a fork from `blocks` on, unwritten, and, for the main fork, that any of
  /// them were missing. The file is the caller's to cut.
  void truncate(RelFileLocator relation, ForkNumber fork, long blocks) throws IOException;

  /// Forgets all pages of a database in all tablespaces, unwritten, and that any were missing.
  void dropDatabase(int dbOid) throws IOException;

  /// Writes all changed pages of a database to its files, which then are as WAL so far has them.
  void writeDatabase(int spcOid, int dbOid) throws IOException;

  /// Changes a page that no record refers to. One that is missing is passed over, unless
  /// `zeroIfMissing`: then it is made, of zeros, and its fork grows (RBM_ZERO_ON_ERROR).
  void edit(
      RelFileLocator relation, ForkNumber fork, long block, boolean zeroIfMissing, PageEdit edit)
      throws IOException;

  /// How many blocks a fork has, counting those that are in memory alone.
  long blocks(RelFileLocator relation, ForkNumber fork) throws IOException;

  /// A change of one page.
  @FunctionalInterface
  interface PageEdit {

    /// @return true when the page has changed and is to be written
    boolean edit(MemorySegment pool, long page);
  }
}
