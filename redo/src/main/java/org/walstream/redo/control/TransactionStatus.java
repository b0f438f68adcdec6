package org.walstream.redo.control;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.walstream.redo.slru.SlruDirectory;
import org.walstream.wal.rmgr.ClogRecord;
import org.walstream.wal.rmgr.XactCompletion;
import org.walstream.wal.rmgr.ZeroPage;

/// How each transaction has ended: `pg_xact`, two bits for each, four transactions in a byte, the
/// first in its lowest bits.
///
/// That a commit and its subtransactions become visible at once, which a running server takes care
/// of by a fourth state, needs nobody here: until [SlruPages#flush] nobody looks.
///
/// Counterpart of src/backend/access/transam/clog.c in recovery.
final class TransactionStatus {

  /// TRANSACTION_STATUS_COMMITTED
  static final int COMMITTED = 1;

  /// TRANSACTION_STATUS_ABORTED
  static final int ABORTED = 2;

  private static final int BITS = 2;
  private static final int MASK = 3;
  private static final int PER_BYTE = 4;

  private final SlruPages pages;

  TransactionStatus(SlruPages pages) {
    this.pages = pages;
  }

  /// @param nextXid the transaction given away next: StartupCLOG()
  void begin(int nextXid) {
    pages.setLatestPage(SlruDirectory.XACT.pageOf(nextXid));
  }

  void redo(ClogRecord record) throws IOException {
    switch (record) {
      case ZeroPage zero -> pages.zero(zero.pageno(), zero.record().endLsn());
      case ClogRecord.Truncate truncate ->
          pages.truncate(truncate.pageno(), truncate.record().endLsn());
    }
  }

  /// The transaction and its subtransactions have ended so.
  void set(int xid, XactCompletion completion, int status) throws IOException {
    long endLsn = completion.record().endLsn();
    int count = completion.nsubxacts();
    for (int i = 0; i < count; i++) {
      set(completion.subxact(i), status, endLsn);
    }
    set(xid, status, endLsn);
  }

  private void set(int xid, int status, long endLsn) throws IOException {
    ByteBuffer page = pages.change(SlruDirectory.XACT.pageOf(xid), endLsn);
    int entry = SlruDirectory.XACT.entryOf(xid);
    int shift = entry % PER_BYTE * BITS;
    int kept = page.get(entry / PER_BYTE) & ~(MASK << shift);
    page.put(entry / PER_BYTE, (byte) (kept | (status << shift)));
  }

  /// How the transaction has ended; 0 when it has not.
  int get(int xid) throws IOException {
    ByteBuffer page = pages.read(SlruDirectory.XACT.pageOf(xid));
    int entry = SlruDirectory.XACT.entryOf(xid);
    return (page.get(entry / PER_BYTE) >> (entry % PER_BYTE * BITS)) & MASK;
  }
}
