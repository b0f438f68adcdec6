package org.walstream.redo.control;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.walstream.redo.slru.SlruDirectory;
import org.walstream.wal.TransactionIds;
import org.walstream.wal.rmgr.CommitTsRecord;
import org.walstream.wal.rmgr.XactCompletion;
import org.walstream.wal.rmgr.ZeroPage;

/// When each transaction was committed, while the server that wrote the WAL has
/// `track_commit_timestamp` on: `pg_commit_ts`, of entries packed without alignment.
///
/// ```
/// offset  bytes  field
///      0      8  time      TimestampTz
///      8      2  nodeid    the replication origin
/// ```
///
/// Counterpart of src/backend/access/transam/commit_ts.c in recovery.
final class CommitTimestamps {

  private static final int ENTRY_BYTES = 10;

  private final SlruPages pages;
  private final TransactionCounters counters;
  private boolean active;

  CommitTimestamps(SlruPages pages, TransactionCounters counters) {
    this.pages = pages;
    this.counters = counters;
  }

  /// The setting as a record has it; its files come and go with it.
  void setActive(boolean active, long endLsn) throws IOException {
    if (active == this.active) {
      return;
    }
    this.active = active;
    if (active) {
      activate(endLsn);
    } else {
      counters.setOldestCommitTs(TransactionIds.INVALID);
      counters.setNewestCommitTs(TransactionIds.INVALID);
      // Were it switched on again later, what is left here would have a gap before it.
      pages.removeAll(endLsn);
    }
  }

  /// No time is known before the transaction that comes next, whose page has to be there.
  private void activate(long endLsn) throws IOException {
    int nextXid = (int) counters.nextXid();
    if (counters.oldestCommitTsXid() == TransactionIds.INVALID) {
      counters.setOldestCommitTs(nextXid);
      counters.setNewestCommitTs(nextXid);
    }
    long page = SlruDirectory.COMMIT_TS.pageOf(nextXid);
    if (!pages.exists(page)) {
      pages.zero(page, endLsn);
    }
  }

  void redo(CommitTsRecord record) throws IOException {
    switch (record) {
      case ZeroPage zero -> pages.zero(zero.pageno(), zero.record().endLsn());
      case CommitTsRecord.Truncate truncate -> {
        counters.advanceOldestCommitTs(truncate.oldestXid());
        // Which page is being filled now is not known in recovery: the record is believed.
        pages.setLatestPage(truncate.pageno());
        pages.truncate(truncate.pageno(), truncate.record().endLsn());
      }
    }
  }

  /// The transaction and its subtransactions have been committed. A commit that was replicated has
  /// the time that it had where it came from.
  void set(int xid, XactCompletion commit) throws IOException {
    if (!active) {
      return;
    }
    long endLsn = commit.record().endLsn();
    long time =
        commit.has(XactCompletion.XACT_XINFO_HAS_ORIGIN)
            ? commit.originTimestamp()
            : commit.xactTime();
    int origin = commit.record().origin();
    set(xid, time, origin, endLsn);
    int count = commit.nsubxacts();
    for (int i = 0; i < count; i++) {
      set(commit.subxact(i), time, origin, endLsn);
    }
    counters.advanceNewestCommitTs(count == 0 ? xid : newest(xid, commit.subxact(count - 1)));
  }

  private static int newest(int xid, int other) {
    return TransactionIds.precedes(xid, other) ? other : xid;
  }

  private void set(int xid, long time, int origin, long endLsn) throws IOException {
    ByteBuffer page = pages.change(SlruDirectory.COMMIT_TS.pageOf(xid), endLsn);
    int at = SlruDirectory.COMMIT_TS.entryOf(xid) * ENTRY_BYTES;
    page.putLong(at, time).putShort(at + Long.BYTES, (short) origin);
  }
}
