package org.walstream.redo.control;

import java.io.IOException;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.rmgr.TransactionRecord;
import org.walstream.wal.rmgr.XactCompletion;
import org.walstream.wal.rmgr.XactPrepare;

/// What the end of a transaction means to all who keep something about it, in the order in which a
/// server does it: what can be taken back comes first.
///
/// Counterpart of xact_redo(), src/backend/access/transam/xact.c.
final class TransactionRedo {

  private final TransactionCounters counters;
  private final TransactionStatus status;
  private final CommitTimestamps commitTimestamps;
  private final ReplicationOrigins origins;
  private final DroppedRelations droppedRelations;
  private final PreparedTransactions prepared;
  private final RecoveryPoint recoveryPoint;

  TransactionRedo(
      TransactionCounters counters,
      TransactionStatus status,
      CommitTimestamps commitTimestamps,
      ReplicationOrigins origins,
      DroppedRelations droppedRelations,
      PreparedTransactions prepared,
      RecoveryPoint recoveryPoint) {
    this.counters = counters;
    this.status = status;
    this.commitTimestamps = commitTimestamps;
    this.origins = origins;
    this.droppedRelations = droppedRelations;
    this.prepared = prepared;
    this.recoveryPoint = recoveryPoint;
  }

  void redo(TransactionRecord record) throws IOException {
    switch (record) {
      case XactCompletion.Commit commit -> commit(commit.record().xid(), commit);
      case XactCompletion.Abort abort -> abort(abort.record().xid(), abort);
      case XactCompletion.CommitPrepared commit -> {
        commit(commit.twophaseXid(), commit);
        prepared.remove(commit.twophaseXid(), commit.record().endLsn());
      }
      case XactCompletion.AbortPrepared abort -> {
        abort(abort.twophaseXid(), abort);
        prepared.remove(abort.twophaseXid(), abort.record().endLsn());
      }
      case XactPrepare prepare -> prepare(prepare);
      // For snapshots and caches of sessions.
      case TransactionRecord.Assignment _, TransactionRecord.Invalidations _ -> {}
    }
  }

  private void commit(int xid, XactCompletion commit) throws IOException {
    advancePast(xid, commit);
    commitTimestamps.set(xid, commit);
    status.set(xid, commit, TransactionStatus.COMMITTED);
    advanceOrigin(commit);
    droppedRelations.drop(commit);
    if (commit.has(XactCompletion.XACT_COMPLETION_FORCE_SYNC_COMMIT)) {
      // Files have been made that nothing tells of until this commit does.
      recoveryPoint.require(commit.record().endLsn());
    }
  }

  private void abort(int xid, XactCompletion abort) throws IOException {
    advancePast(xid, abort);
    status.set(xid, abort, TransactionStatus.ABORTED);
    advanceOrigin(abort);
    droppedRelations.drop(abort);
  }

  private void prepare(XactPrepare prepare) {
    DecodedXLogRecord record = prepare.record();
    prepared.add(prepare);
    if (record.origin() != 0) {
      origins.advance(record.origin(), prepare.originLsn(), record.endLsn());
    }
  }

  private void advancePast(int xid, XactCompletion completion) {
    counters.advancePast(xid);
    int count = completion.nsubxacts();
    for (int i = 0; i < count; i++) {
      counters.advancePast(completion.subxact(i));
    }
  }

  private void advanceOrigin(XactCompletion completion) {
    if (completion.has(XactCompletion.XACT_XINFO_HAS_ORIGIN)) {
      DecodedXLogRecord record = completion.record();
      origins.advance(record.origin(), completion.originLsn(), record.endLsn());
    }
  }
}
