package org.walstream.redo.recovery;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import org.walstream.redo.control.ControlReplay;
import org.walstream.redo.control.Pages;
import org.walstream.redo.replay.PageReplay;
import org.walstream.wal.Lsn;
import org.walstream.wal.control.CheckPoint;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.record.ForkNumber;
import org.walstream.wal.record.RelFileLocator;

/// Redoes nothing, and notes what it was asked for.
final class NotedReplay implements ReplayFactory, PageReplay, ControlReplay {

  final List<String> asked;
  boolean hasInvalidPages;
  int redone;
  boolean logsHints;

  /// @param asked where it notes
  NotedReplay(List<String> asked) {
    this.asked = asked;
  }

  @Override
  public PageReplay pages(Cluster cluster) {
    logsHints = cluster.logsHints();
    return this;
  }

  @Override
  public ControlReplay control(Cluster cluster, Pages pages) {
    return this;
  }

  @Override
  public void redo(DecodedXLogRecord record) {
    redone++;
  }

  @Override
  public void drain() {}

  @Override
  public void write() {
    asked.add("write pages");
  }

  @Override
  public void writeBeside() {
    asked.add("write pages beside");
  }

  @Override
  public boolean hasInvalidPages() {
    return hasInvalidPages;
  }

  @Override
  public void reachedConsistency() throws IOException {
    asked.add("consistent");
  }

  @Override
  public CheckPoint checkPoint(CheckPoint like) {
    return like;
  }

  @Override
  public void settle() {
    asked.add("settle");
  }

  @Override
  public void flush() {
    asked.add("flush control");
  }

  @Override
  public void writeOrigins() {
    asked.add("write origins");
  }

  @Override
  public void writePreparedTransactions(long redoLsn) {
    asked.add("write prepared transactions before " + Lsn.format(redoLsn));
  }

  @Override
  public void removeRewriteMappings(long redoLsn) {
    asked.add("remove mappings before " + Lsn.format(redoLsn));
  }

  @Override
  public void close() {}

  @Override
  public void drop(Collection<RelFileLocator> relations) {}

  @Override
  public void truncate(RelFileLocator relation, ForkNumber fork, long blocks) {}

  @Override
  public void dropDatabase(int dbOid) {}

  @Override
  public void writeDatabase(int spcOid, int dbOid) {}

  @Override
  public void edit(
      RelFileLocator relation, ForkNumber fork, long block, boolean zeroIfMissing, PageEdit edit) {}

  @Override
  public long blocks(RelFileLocator relation, ForkNumber fork) {
    return 0;
  }
}
