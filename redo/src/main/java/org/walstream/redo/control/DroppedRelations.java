package org.walstream.redo.control;

import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Set;
import org.walstream.redo.relation.RelationFiles;
import org.walstream.wal.record.RelFileLocator;
import org.walstream.wal.rmgr.XactCompletion;

/// Relations that go with the end of a transaction: those that a committed one has dropped, or an
/// aborted one had made. There is no way back to before this, so the recovery point moves first.
///
/// That point costs a forced write, and the pages a barrier, so files go many at a time: no later
/// record refers to them, unless it makes a relation of the same name, which none does before the
/// next checkpoint. What is put off is replayed again after a crash: it is never put off beyond a
/// checkpoint.
///
/// Counterpart of DropRelationFiles(), src/backend/storage/smgr/md.c, in redo.
final class DroppedRelations {

  /// So many wait at most,
  private static final int RELATIONS = 1000;

  /// and no longer than for this much WAL.
  private static final long WAL_BYTES = 16 << 20;

  private final Pages pages;
  private final RelationFiles relations;
  private final RecoveryPoint recoveryPoint;

  private final Set<RelFileLocator> waiting = new LinkedHashSet<>();
  private long firstLsn;
  private long lastLsn;

  DroppedRelations(Pages pages, RelationFiles relations, RecoveryPoint recoveryPoint) {
    this.pages = pages;
    this.relations = relations;
    this.recoveryPoint = recoveryPoint;
  }

  void drop(XactCompletion completion) throws IOException {
    int count = completion.nrels();
    if (count == 0) {
      return;
    }
    lastLsn = completion.record().endLsn();
    if (waiting.isEmpty()) {
      firstLsn = lastLsn;
    }
    for (int i = 0; i < count; i++) {
      waiting.add(completion.locator(i));
    }
    if (waiting.size() >= RELATIONS || lastLsn - firstLsn >= WAL_BYTES) {
      remove();
    }
  }

  /// Another relation gets a name that one may have that still waits.
  void beforeUseOf(RelFileLocator relation) throws IOException {
    if (waiting.contains(relation)) {
      remove();
    }
  }

  /// Removes the files of all that wait.
  void remove() throws IOException {
    if (waiting.isEmpty()) {
      return;
    }
    recoveryPoint.require(lastLsn);
    pages.drop(waiting);
    for (RelFileLocator relation : waiting) {
      relations.unlink(relation);
    }
    waiting.clear();
  }
}
