package org.walstream.redo.control;

import java.io.IOException;
import org.walstream.redo.relation.RelationFiles;
import org.walstream.wal.record.RelFileLocator;
import org.walstream.wal.rmgr.XactCompletion;

/// Relations that go with the end of a transaction: those that a committed one has dropped, or an
/// aborted one had made. There is no way back to before this, so the recovery point moves first.
///
/// Counterpart of DropRelationFiles(), src/backend/storage/smgr/md.c, in redo.
final class DroppedRelations {

  private final Pages pages;
  private final RelationFiles relations;
  private final RecoveryPoint recoveryPoint;

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
    recoveryPoint.require(completion.record().endLsn());
    for (int i = 0; i < count; i++) {
      RelFileLocator relation = completion.locator(i);
      pages.drop(relation);
      relations.unlink(relation);
    }
  }
}
