package org.walstream.redo.replay;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.walstream.redo.RedoException;
import org.walstream.wal.record.BlockReference;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.record.ForkNumber;
import org.walstream.wal.record.RelFileLocator;

/// Pages that records referred to and that were not there. WAL must go on to say why: that the
/// relation was dropped, or cut. What is left at the point of consistency is damage, and what comes
/// after it is, at once.
///
/// Any thread.
///
/// Counterpart of the invalid page table of src/backend/access/transam/xlogutils.c.
final class InvalidPages {

  /// @param path of the fork below the data directory
  private record Page(RelFileLocator relation, int fork, int block, String path) {

    @Override
    public String toString() {
      return "page %s of relation %s".formatted(Integer.toUnsignedString(block), path);
    }
  }

  // Guarded by this.
  private final Set<Page> pages = new HashSet<>();
  private boolean consistent;

  /// @throws RedoException if nothing to come can explain it
  synchronized void add(DecodedXLogRecord record, int blockId) throws RedoException {
    BlockReference block = record.block(blockId);
    RelFileLocator relation = block.locator();
    String path = relation.path(record.format(), ForkNumber.of(block.forkNumber()));
    var page = new Page(relation, block.forkNumber(), block.blockNumber(), path);
    if (consistent) {
      throw RedoException.ofRecord(
          record,
          "WAL contains references to invalid pages: %s does not exist or is uninitialized"
              .formatted(page));
    }
    pages.add(page);
  }

  synchronized void drop(RelFileLocator relation) {
    forget(page -> page.relation.equals(relation));
  }

  /// The main fork is cut.
  synchronized void truncate(RelFileLocator relation, long blocks) {
    forget(page ->
        page.relation.equals(relation)
            && page.fork == ForkNumber.MAIN.number()
            && Integer.toUnsignedLong(page.block) >= blocks);
  }

  synchronized void dropDatabase(int dbOid) {
    forget(page -> page.relation.dbOid() == dbOid);
  }

  synchronized boolean isEmpty() {
    return pages.isEmpty();
  }

  /// @throws IOException if there are any, naming them
  synchronized void reachedConsistency() throws IOException {
    if (!pages.isEmpty()) {
      List<Page> first = new ArrayList<>(pages).subList(0, Math.min(10, pages.size()));
      throw new RedoException(
          "WAL contains references to invalid pages: %d of them do not exist or are uninitialized, such as %s"
              .formatted(pages.size(), first));
    }
    consistent = true;
  }

  private void forget(Predicate<Page> of) {
    if (!pages.isEmpty()) {
      pages.removeIf(of);
    }
  }
}
