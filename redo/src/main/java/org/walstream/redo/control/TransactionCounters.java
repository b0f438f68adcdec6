package org.walstream.redo.control;

import org.walstream.wal.TransactionIds;
import org.walstream.wal.control.CheckPoint;

/// What the server will give away next, and how far back its past reaches, as WAL so far has it.
///
/// | told by | transactions | objects | multixacts | oldest of each |
/// |---|---|---|---|---|
/// | checkpoint of a server that stops | exactly | exactly | exactly | transactions exactly, multixacts at least |
/// | other checkpoints | at least | not at all | at least | at least |
/// | NEXTOID | | exactly | | |
/// | any record | past its own | | | |
///
/// Counterpart of TransamVariables and MultiXactState in recovery: xlog_redo(),
/// src/backend/access/transam/xlog.c, AdvanceNextFullTransactionIdPastXid(), varsup.c, and
/// MultiXactAdvanceNextMXact(), multixact.c. All but [#nextXid] are unsigned 32 bits.
final class TransactionCounters {

  /// With its epoch above its 32 bits.
  private long nextXid;

  private int nextOid;
  private int nextMulti;
  private int nextMultiOffset;
  private int oldestXid;
  private int oldestXidDb;
  private int oldestMulti;
  private int oldestMultiDb;
  private int oldestCommitTsXid;
  private int newestCommitTsXid;

  /// As the checkpoint has it that replay begins with.
  void begin(CheckPoint checkPoint) {
    setExactly(checkPoint);
    oldestMulti = checkPoint.oldestMulti();
    oldestMultiDb = checkPoint.oldestMultiDb();
    oldestCommitTsXid = checkPoint.oldestCommitTsXid();
    newestCommitTsXid = checkPoint.newestCommitTsXid();
  }

  /// A server that stops knew exactly.
  void shutdownCheckpoint(CheckPoint checkPoint) {
    setExactly(checkPoint);
    advanceOldestMulti(checkPoint.oldestMulti(), checkPoint.oldestMultiDb());
  }

  private void setExactly(CheckPoint checkPoint) {
    nextXid = checkPoint.nextXid();
    nextOid = checkPoint.nextOid();
    nextMulti = checkPoint.nextMulti();
    nextMultiOffset = checkPoint.nextMultiOffset();
    oldestXid = checkPoint.oldestXid();
    oldestXidDb = checkPoint.oldestXidDb();
  }

  /// A server that goes on looked before it wrote this, and records in between say more.
  void onlineCheckpoint(CheckPoint checkPoint) {
    if (Long.compareUnsigned(nextXid, checkPoint.nextXid()) < 0) {
      nextXid = checkPoint.nextXid();
    }
    advanceNextMulti(checkPoint.nextMulti(), checkPoint.nextMultiOffset());
    advanceOldestMulti(checkPoint.oldestMulti(), checkPoint.oldestMultiDb());
    if (TransactionIds.precedes(oldestXid, checkPoint.oldestXid())) {
      oldestXid = checkPoint.oldestXid();
      oldestXidDb = checkPoint.oldestXidDb();
    }
  }

  void setNextOid(int oid) {
    nextOid = oid;
  }

  /// This transaction has been given away: the next one comes after it. One that seems to precede
  /// in its 32 bits belongs to a new epoch.
  void advancePast(int xid) {
    int next = (int) nextXid;
    if (xid != next && !TransactionIds.precedes(next, xid)) {
      return;
    }
    int after = TransactionIds.next(xid);
    long epoch = nextXid >>> 32;
    if (Integer.compareUnsigned(after, next) < 0) {
      epoch++;
    }
    nextXid = (epoch << 32) | Integer.toUnsignedLong(after);
  }

  void advanceNextMulti(int multi, int offset) {
    if (nextMulti - multi < 0) {
      nextMulti = multi;
    }
    if (nextMultiOffset - offset < 0) {
      nextMultiOffset = offset;
    }
  }

  private void advanceOldestMulti(int multi, int db) {
    if (oldestMulti - multi < 0) {
      setOldestMulti(multi, db);
    }
  }

  void setOldestMulti(int multi, int db) {
    oldestMulti = multi;
    oldestMultiDb = db;
  }

  void advanceOldestCommitTs(int xid) {
    if (oldestCommitTsXid != TransactionIds.INVALID
        && TransactionIds.precedes(oldestCommitTsXid, xid)) {
      oldestCommitTsXid = xid;
    }
  }

  /// @param xid 0 when no commit's time is known
  void setOldestCommitTs(int xid) {
    oldestCommitTsXid = xid;
  }

  /// @param xid 0 when no commit's time is known
  void setNewestCommitTs(int xid) {
    newestCommitTsXid = xid;
  }

  /// A commit's time is known now.
  void advanceNewestCommitTs(int xid) {
    if (newestCommitTsXid == TransactionIds.INVALID
        || TransactionIds.precedes(newestCommitTsXid, xid)) {
      newestCommitTsXid = xid;
    }
  }

  /// All this in a checkpoint that is otherwise like another.
  CheckPoint checkPoint(CheckPoint like) {
    return new CheckPoint(
        like.redoLsn(),
        like.timeline(),
        like.prevTimeline(),
        like.fullPageWrites(),
        like.walLevel(),
        nextXid,
        nextOid,
        nextMulti,
        nextMultiOffset,
        oldestXid,
        oldestXidDb,
        oldestMulti,
        oldestMultiDb,
        like.timeSeconds(),
        oldestCommitTsXid,
        newestCommitTsXid,
        like.oldestActiveXid());
  }

  /// The transaction with its epoch: the latest one of these 32 bits that has been given away.
  long fullXid(int xid) {
    long epoch = nextXid >>> 32;
    if (Integer.compareUnsigned(xid, (int) nextXid) > 0) {
      epoch--;
    }
    return (epoch << 32) | Integer.toUnsignedLong(xid);
  }

  long nextXid() {
    return nextXid;
  }

  int nextOid() {
    return nextOid;
  }

  int nextMulti() {
    return nextMulti;
  }

  int nextMultiOffset() {
    return nextMultiOffset;
  }

  int oldestXid() {
    return oldestXid;
  }

  int oldestXidDb() {
    return oldestXidDb;
  }

  int oldestMulti() {
    return oldestMulti;
  }

  int oldestMultiDb() {
    return oldestMultiDb;
  }

  int oldestCommitTsXid() {
    return oldestCommitTsXid;
  }
}
