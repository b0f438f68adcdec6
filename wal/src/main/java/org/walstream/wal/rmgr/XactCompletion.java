package org.walstream.wal.rmgr;

import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.record.RelFileLocator;

/// The end of a transaction, either way: one layout serves all four types of record.
///
/// ```
/// bytes  field                (main data; each part but the first only if its bit is in xinfo)
///     8  xact_time            TimestampTz
///     4  xinfo                only if xl_info has 0x80 (XLOG_XACT_HAS_INFO); else as if 0
///   0x001  HAS_DBINFO
///     4  dbId
///     4  tsId
///   0x002  HAS_SUBXACTS
///     4  nsubxacts
///   4 n  subxacts
///   0x004  HAS_RELFILELOCATORS  the files to delete
///     4  nrels
///  12 n  xlocators
///   0x100  HAS_DROPPED_STATS    see DroppedStats
///     4  nitems
///  12 n  items                 PostgreSQL 18 and later: 16 n
///   0x008  HAS_INVALS           see InvalidationMessages
///     4  nmsgs
///  16 n  msgs
///   0x010  HAS_TWOPHASE
///     4  twophase_xid         the prepared transaction
///   0x080  HAS_GID              only with HAS_TWOPHASE
///        twophase_gid         C string
///   0x020  HAS_ORIGIN           unaligned
///     8  origin_lsn
///     8  origin_timestamp     TimestampTz
/// ```
///
/// Counterpart of xl_xact_commit and xl_xact_abort, src/include/access/xact.h.
public sealed interface XactCompletion extends TransactionRecord {

  /// The parts, by their bits in xinfo.
  int XACT_XINFO_HAS_DBINFO = 0x001;

  int XACT_XINFO_HAS_SUBXACTS = 0x002;
  int XACT_XINFO_HAS_RELFILELOCATORS = 0x004;
  int XACT_XINFO_HAS_INVALS = 0x008;
  int XACT_XINFO_HAS_TWOPHASE = 0x010;
  int XACT_XINFO_HAS_ORIGIN = 0x020;
  int XACT_XINFO_HAS_AE_LOCKS = 0x040;
  int XACT_XINFO_HAS_GID = 0x080;
  int XACT_XINFO_HAS_DROPPED_STATS = 0x100;

  /// Somebody waits for standbys to have applied this.
  int XACT_COMPLETION_APPLY_FEEDBACK = 1 << 29;

  /// The file that new sessions start their cache with is stale.
  int XACT_COMPLETION_UPDATE_RELCACHE_FILE = 1 << 30;

  /// The commit was to be on disk at once.
  int XACT_COMPLETION_FORCE_SYNC_COMMIT = 1 << 31;

  record Commit(DecodedXLogRecord record) implements XactCompletion {}

  record Abort(DecodedXLogRecord record) implements XactCompletion {}

  /// The commit of a prepared transaction, which another may have prepared.
  record CommitPrepared(DecodedXLogRecord record) implements XactCompletion {}

  record AbortPrepared(DecodedXLogRecord record) implements XactCompletion {}

  default long xactTime() {
    return record().main().i64(0);
  }

  /// The bits that tell which parts there are, and what else is to be done; 0 when it is not said.
  default int xinfo() {
    return XactParts.xinfo(record());
  }

  /// True when xinfo has all of `bits`.
  default boolean has(int bits) {
    return (xinfo() & bits) == bits;
  }

  /// The database; 0 when it is not said.
  default int dbId() {
    return has(XACT_XINFO_HAS_DBINFO) ? part(XACT_XINFO_HAS_DBINFO, 0) : 0;
  }

  /// The database's tablespace; 0 when it is not said.
  default int tsId() {
    return has(XACT_XINFO_HAS_DBINFO) ? part(XACT_XINFO_HAS_DBINFO, 4) : 0;
  }

  default int nsubxacts() {
    return count(XACT_XINFO_HAS_SUBXACTS);
  }

  /// @param index below [#nsubxacts]
  default int subxact(int index) {
    return part(XACT_XINFO_HAS_SUBXACTS, 4 + 4 * index);
  }

  /// How many relations' files are to be deleted.
  default int nrels() {
    return count(XACT_XINFO_HAS_RELFILELOCATORS);
  }

  /// @param index below [#nrels]
  default RelFileLocator locator(int index) {
    int at = XactParts.find(record(), XACT_XINFO_HAS_RELFILELOCATORS);
    return RelFileLocator.read(record().main(), at + 4 + RelFileLocator.LENGTH * index);
  }

  default DroppedStats droppedStats() {
    return new DroppedStats(
        record(), items(XACT_XINFO_HAS_DROPPED_STATS), count(XACT_XINFO_HAS_DROPPED_STATS));
  }

  default InvalidationMessages messages() {
    return new InvalidationMessages(
        record().main(), items(XACT_XINFO_HAS_INVALS), count(XACT_XINFO_HAS_INVALS));
  }

  /// The prepared transaction that ends; 0 for one that was not prepared.
  default int twophaseXid() {
    return has(XACT_XINFO_HAS_TWOPHASE) ? part(XACT_XINFO_HAS_TWOPHASE, 0) : 0;
  }

  /// The name that it was prepared under; empty when it is not said.
  default String twophaseGid() {
    return has(XACT_XINFO_HAS_TWOPHASE | XACT_XINFO_HAS_GID)
        ? record().main().cString(XactParts.find(record(), XACT_XINFO_HAS_GID))
        : "";
  }

  /// The commit's end on the server that it was replicated from; 0 when it was not.
  default long originLsn() {
    return has(XACT_XINFO_HAS_ORIGIN)
        ? record().main().i64(XactParts.find(record(), XACT_XINFO_HAS_ORIGIN))
        : 0;
  }

  /// The commit's time there; 0 when it was not replicated.
  default long originTimestamp() {
    return has(XACT_XINFO_HAS_ORIGIN)
        ? record().main().i64(XactParts.find(record(), XACT_XINFO_HAS_ORIGIN) + 8)
        : 0;
  }

  @Override
  default void fields(RecordFields out) {
    out.timestamp("xact_time", xactTime());
    out.number("xinfo", Integer.toUnsignedLong(xinfo()));
    if (has(XACT_XINFO_HAS_DBINFO)) {
      out.number("dbId", Integer.toUnsignedLong(dbId()));
      out.number("tsId", Integer.toUnsignedLong(tsId()));
    }
    if (has(XACT_XINFO_HAS_SUBXACTS)) {
      out.numbers("subxacts", nsubxacts(), index -> Integer.toUnsignedLong(subxact(index)));
    }
    if (has(XACT_XINFO_HAS_RELFILELOCATORS)) {
      out.list("xlocators", nrels(), (index, item) -> item.locator("locator", locator(index)));
    }
    if (has(XACT_XINFO_HAS_DROPPED_STATS)) {
      droppedStats().fields("stats", out);
    }
    if (has(XACT_XINFO_HAS_INVALS)) {
      messages().fields(out);
    }
    if (has(XACT_XINFO_HAS_TWOPHASE)) {
      out.number("twophase_xid", Integer.toUnsignedLong(twophaseXid()));
    }
    if (has(XACT_XINFO_HAS_TWOPHASE | XACT_XINFO_HAS_GID)) {
      out.text("twophase_gid", twophaseGid());
    }
    if (has(XACT_XINFO_HAS_ORIGIN)) {
      out.lsn("origin_lsn", originLsn());
      out.timestamp("origin_timestamp", originTimestamp());
    }
  }

  private int part(int bit, int offset) {
    return record().main().i32(XactParts.find(record(), bit) + offset);
  }

  /// How many things there are in a part that begins with their number.
  private int count(int bit) {
    return has(bit) ? part(bit, 0) : 0;
  }

  private int items(int bit) {
    return has(bit) ? XactParts.find(record(), bit) + 4 : 0;
  }
}
