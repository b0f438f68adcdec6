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
///     4  xid                  the prepared transaction
///   0x080  HAS_GID              only with HAS_TWOPHASE
///        twophase_gid         C string
///   0x020  HAS_ORIGIN           unaligned
///     8  origin_lsn
///     8  origin_timestamp     TimestampTz
/// ```
///
/// Counterpart of xl_xact_commit and xl_xact_abort, src/include/access/xact.h.
public sealed interface XactCompletion extends TransactionRecord {

  /// XACT_XINFO_HAS_DBINFO, and so on: the parts, by their bits in xinfo.
  int HAS_DBINFO = 0x001;

  int HAS_SUBXACTS = 0x002;
  int HAS_RELFILELOCATORS = 0x004;
  int HAS_INVALS = 0x008;
  int HAS_TWOPHASE = 0x010;
  int HAS_ORIGIN = 0x020;
  int HAS_AE_LOCKS = 0x040;
  int HAS_GID = 0x080;
  int HAS_DROPPED_STATS = 0x100;

  /// XACT_COMPLETION_APPLY_FEEDBACK: somebody waits for standbys to have applied this.
  int APPLY_FEEDBACK = 1 << 29;

  /// XACT_COMPLETION_UPDATE_RELCACHE_FILE: the file that new sessions start their cache with is
  /// stale.
  int UPDATE_RELCACHE_FILE = 1 << 30;

  /// XACT_COMPLETION_FORCE_SYNC_COMMIT
  int FORCE_SYNC_COMMIT = 1 << 31;

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
    return has(HAS_DBINFO) ? part(HAS_DBINFO, 0) : 0;
  }

  /// The database's tablespace; 0 when it is not said.
  default int tsId() {
    return has(HAS_DBINFO) ? part(HAS_DBINFO, 4) : 0;
  }

  default int nsubxacts() {
    return count(HAS_SUBXACTS);
  }

  /// @param index below [#nsubxacts]
  default int subxact(int index) {
    return part(HAS_SUBXACTS, 4 + 4 * index);
  }

  /// How many relations' files are to be deleted.
  default int nrels() {
    return count(HAS_RELFILELOCATORS);
  }

  /// @param index below [#nrels]
  default RelFileLocator locator(int index) {
    int at = XactParts.find(record(), HAS_RELFILELOCATORS);
    return RelFileLocator.read(record().main(), at + 4 + RelFileLocator.LENGTH * index);
  }

  default DroppedStats droppedStats() {
    return new DroppedStats(record(), items(HAS_DROPPED_STATS), count(HAS_DROPPED_STATS));
  }

  default InvalidationMessages messages() {
    return new InvalidationMessages(record().main(), items(HAS_INVALS), count(HAS_INVALS));
  }

  /// The prepared transaction that ends; 0 for one that was not prepared.
  default int twophaseXid() {
    return has(HAS_TWOPHASE) ? part(HAS_TWOPHASE, 0) : 0;
  }

  /// The name that it was prepared under; empty when it is not said.
  default String twophaseGid() {
    return has(HAS_TWOPHASE | HAS_GID)
        ? record().main().cString(XactParts.find(record(), HAS_GID))
        : "";
  }

  /// The commit's end on the server that it was replicated from; 0 when it was not.
  default long originLsn() {
    return has(HAS_ORIGIN) ? record().main().i64(XactParts.find(record(), HAS_ORIGIN)) : 0;
  }

  /// The commit's time there; 0 when it was not replicated.
  default long originTimestamp() {
    return has(HAS_ORIGIN) ? record().main().i64(XactParts.find(record(), HAS_ORIGIN) + 8) : 0;
  }

  @Override
  default void fields(RecordFields out) {
    out.timestamp("xact_time", xactTime());
    out.number("xinfo", Integer.toUnsignedLong(xinfo()));
    if (has(HAS_DBINFO)) {
      out.number("dbId", Integer.toUnsignedLong(dbId()));
      out.number("tsId", Integer.toUnsignedLong(tsId()));
    }
    if (has(HAS_SUBXACTS)) {
      out.numbers("subxacts", nsubxacts(), index -> Integer.toUnsignedLong(subxact(index)));
    }
    if (has(HAS_RELFILELOCATORS)) {
      out.list("xlocators", nrels(), (index, item) -> item.locator("locator", locator(index)));
    }
    if (has(HAS_DROPPED_STATS)) {
      droppedStats().fields("stats", out);
    }
    if (has(HAS_INVALS)) {
      messages().fields(out);
    }
    if (has(HAS_TWOPHASE)) {
      out.number("twophase_xid", Integer.toUnsignedLong(twophaseXid()));
    }
    if (has(HAS_TWOPHASE | HAS_GID)) {
      out.text("twophase_gid", twophaseGid());
    }
    if (has(HAS_ORIGIN)) {
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
