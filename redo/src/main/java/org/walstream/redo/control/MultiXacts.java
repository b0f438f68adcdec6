package org.walstream.redo.control;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.walstream.redo.RedoProfile;
import org.walstream.redo.slru.SlruDirectory;
import org.walstream.redo.slru.SlruSegment;
import org.walstream.wal.TransactionIds;
import org.walstream.wal.rmgr.MultiXactRecord;
import org.walstream.wal.rmgr.MultiXactRecord.CreateId;
import org.walstream.wal.rmgr.MultiXactRecord.TruncateId;
import org.walstream.wal.rmgr.ZeroPage;

/// Groups of transactions that hold the same row: for each multixact where its members begin
/// (`pg_multixact/offsets`, 4 bytes each), and the members (`pg_multixact/members`), four at a
/// time.
///
/// ```
/// offset  bytes  field         of a group of members
///      0    4×1  status
///      4    4×4  transaction
/// ```
///
/// Counterpart of src/backend/access/transam/multixact.c in recovery.
final class MultiXacts {

  private static final int GROUP_MEMBERS = 4;
  private static final int GROUP_BYTES = GROUP_MEMBERS * (1 + Integer.BYTES);

  /// FirstMultiXactId; also the first offset: 0 says that there is none.
  private static final int FIRST = 1;

  private static final long NONE = -1;

  private final SlruPages offsets;
  private final SlruPages members;
  private final TransactionCounters counters;
  private final boolean writesNextOffset;

  /// The page of offsets that was made last, once one has been: WAL makes them in their order.
  private long lastMade = NONE;

  /// The page of offsets that was made before WAL does, which it will yet.
  private long madeAhead = NONE;

  MultiXacts(
      SlruPages offsets, SlruPages members, TransactionCounters counters, RedoProfile profile) {
    this.offsets = offsets;
    this.members = members;
    this.counters = counters;
    this.writesNextOffset = profile.writesNextMultiXactOffset();
  }

  /// StartupMultiXact()
  void begin() {
    offsets.setLatestPage(SlruDirectory.MULTIXACT_OFFSET.pageOf(counters.nextMulti()));
    members.setLatestPage(SlruDirectory.MULTIXACT_MEMBER.pageOf(counters.nextMultiOffset()));
  }

  void redo(MultiXactRecord record) throws IOException {
    switch (record) {
      case ZeroPage zero -> zero(zero);
      case CreateId create -> create(create);
      case TruncateId truncate -> truncate(truncate);
    }
  }

  private void zero(ZeroPage record) throws IOException {
    long page = record.pageno();
    long endLsn = record.record().endLsn();
    if (record.record().opcode() == MultiXactRecord.ZERO_MEM_PAGE) {
      members.zero(page, endLsn);
      return;
    }
    // Made ahead, it has its first entry by now.
    if (page != madeAhead) {
      offsets.zero(page, endLsn);
      lastMade = page;
    }
    madeAhead = NONE;
  }

  private void create(CreateId record) throws IOException {
    madeAhead = NONE;
    long endLsn = record.record().endLsn();
    int multi = record.mid();
    int offset = record.moff();
    int end = offset + record.nmembers();
    int next = multi + 1 == 0 ? FIRST : multi + 1;
    if (writesNextOffset) {
      makePageAhead(multi, next, endLsn);
    }
    setOffset(multi, offset, endLsn);
    if (writesNextOffset) {
      setOffset(next, end == 0 ? FIRST : end, endLsn);
    }
    int newest = record.record().xid();
    for (int i = 0; i < record.nmembers(); i++) {
      setMember(offset + i, record.xid(i), record.status(i), endLsn);
      if (TransactionIds.precedes(newest, record.xid(i))) {
        newest = record.xid(i);
      }
    }
    counters.advanceNextMulti(multi + 1, end);
    counters.advancePast(newest);
  }

  /// A server of an older minor version makes the page of the next multixact only when that one is
  /// given away, further on in WAL.
  private void makePageAhead(int multi, int next, long endLsn) throws IOException {
    long page = SlruDirectory.MULTIXACT_OFFSET.pageOf(multi);
    long nextPage = SlruDirectory.MULTIXACT_OFFSET.pageOf(next);
    if (nextPage == page) {
      return;
    }
    boolean missing = lastMade == NONE ? !offsets.exists(nextPage) : lastMade == page;
    if (missing) {
      offsets.zero(nextPage, endLsn);
      madeAhead = nextPage;
      lastMade = nextPage;
    }
  }

  private void setOffset(int multi, int offset, long endLsn) throws IOException {
    offsets
        .change(SlruDirectory.MULTIXACT_OFFSET.pageOf(multi), endLsn)
        .putInt(SlruDirectory.MULTIXACT_OFFSET.entryOf(multi) * Integer.BYTES, offset);
  }

  private void setMember(int number, int xid, int status, long endLsn) throws IOException {
    ByteBuffer page = members.change(SlruDirectory.MULTIXACT_MEMBER.pageOf(number), endLsn);
    int entry = SlruDirectory.MULTIXACT_MEMBER.entryOf(number);
    int group = entry / GROUP_MEMBERS * GROUP_BYTES;
    int inGroup = entry % GROUP_MEMBERS;
    page.put(group + inGroup, (byte) status);
    page.putInt(group + GROUP_MEMBERS + inGroup * Integer.BYTES, xid);
  }

  private void truncate(TruncateId record) throws IOException {
    long endLsn = record.record().endLsn();
    counters.setOldestMulti(record.endTruncOff(), record.oldestMultiDb());
    removeMembers(record.startTruncMemb(), record.endTruncMemb(), endLsn);
    // The page of the last that goes: that of the first that stays may not have been made yet.
    int last = record.endTruncOff() - 1;
    offsets.truncate(SlruDirectory.MULTIXACT_OFFSET.pageOf(last == 0 ? -1 : last), endLsn);
  }

  /// All segments before the one that still has members.
  private void removeMembers(int start, int end, long endLsn) throws IOException {
    long segment = memberSegment(start);
    long kept = memberSegment(end);
    long lastSegment = memberSegment(-1);
    while (segment != kept) {
      members.removeSegment(new SlruSegment(segment), endLsn);
      segment = segment == lastSegment ? 0 : segment + 1;
    }
  }

  private static long memberSegment(int number) {
    return SlruSegment.ofPage(SlruDirectory.MULTIXACT_MEMBER.pageOf(number)).number();
  }
}
