package org.walstream.node.simulation;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.walstream.store.WalCursor;
import org.walstream.store.WalLog;
import org.walstream.store.WalStore;
import org.walstream.wal.Lsn;
import org.walstream.wal.TimelineId;

/// Looks at the WAL that a node has, beside history.
final class WalAudit {

  private final int node;
  private final TrueHistory truth;

  WalAudit(int node, TrueHistory truth) {
    this.node = node;
    this.truth = truth;
  }

  /// @throws AssertionError if a byte of it is wrong
  void requireRight(WalStore store) throws IOException {
    WalLog log = store.currentLog().orElse(null);
    if (log != null) {
      long oldest = store.oldestLsn().orElseThrow().value();
      requireRight(store, log.timeline(), oldest, log.writtenLsn());
    }
  }

  /// @throws AssertionError if there is not everything up to `lsn`
  void requireAll(WalStore store, long lsn) throws IOException {
    WalLog log = store.currentLog().orElse(null);
    long end = log == null ? 0 : log.writtenLsn();
    boolean isHere =
        !Lsn.isBefore(end, lsn) || (log != null && isWithParent(store, log.timeline(), lsn));
    if (!isHere) {
      throw new AssertionError(
          "node %d has reported %s flushed, and has WAL up to %s"
              .formatted(node, Lsn.format(lsn), Lsn.format(end)));
    }
  }

  /// A timeline begins anew in the segment in which its parent ends, where the rest may be.
  private boolean isWithParent(WalStore store, TimelineId timeline, long lsn) {
    if (timeline.equals(TimelineId.FIRST)) {
      return false;
    }
    var parent = new TimelineId(timeline.value() - 1);
    try {
      requireRight(store, parent, TrueHistory.SEGMENT_SIZE.startOfSegment(lsn - 1), lsn);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private void requireRight(WalStore store, TimelineId timeline, long from, long end)
      throws IOException {
    if (!Lsn.isBefore(from, end)) {
      return; // a cursor wants a file
    }
    ByteBuffer read = ByteBuffer.allocate(1 << 15);
    try (WalCursor cursor = store.ownCursor(timeline, from)) {
      for (long lsn = from; Lsn.isBefore(lsn, end); ) {
        read.clear().limit((int) Math.min(read.capacity(), end - lsn));
        int length = cursor.read(lsn, read);
        if (length <= 0) {
          throw new IOException("no WAL at " + Lsn.format(lsn));
        }
        int mismatch = read.flip().mismatch(truth.at(timeline, lsn, length));
        if (mismatch >= 0) {
          throw new AssertionError(
              "node %d has wrong WAL at %s on timeline %s"
                  .formatted(node, Lsn.format(lsn + mismatch), timeline));
        }
        lsn += length;
      }
    }
  }
}
