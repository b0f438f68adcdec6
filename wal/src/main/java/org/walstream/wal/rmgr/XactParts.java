package org.walstream.wal.rmgr;

import static org.walstream.wal.rmgr.XactCompletion.XACT_XINFO_HAS_DBINFO;
import static org.walstream.wal.rmgr.XactCompletion.XACT_XINFO_HAS_DROPPED_STATS;
import static org.walstream.wal.rmgr.XactCompletion.XACT_XINFO_HAS_GID;
import static org.walstream.wal.rmgr.XactCompletion.XACT_XINFO_HAS_INVALS;
import static org.walstream.wal.rmgr.XactCompletion.XACT_XINFO_HAS_ORIGIN;
import static org.walstream.wal.rmgr.XactCompletion.XACT_XINFO_HAS_RELFILELOCATORS;
import static org.walstream.wal.rmgr.XactCompletion.XACT_XINFO_HAS_SUBXACTS;
import static org.walstream.wal.rmgr.XactCompletion.XACT_XINFO_HAS_TWOPHASE;

import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.record.RecordBytes;
import org.walstream.wal.record.RelFileLocator;

/// Where the parts of an [XactCompletion] stand.
///
/// None has a fixed place, and most records have few or none of them; so a part is found by adding
/// up those before it, each time it is asked for, and nothing is kept.
///
/// Counterpart of ParseCommitRecord(), src/backend/access/rmgrdesc/xactdesc.c.
final class XactParts {

  private static final int XINFO_AT = 8;
  private static final int XINFO_END = 12;

  private static final int[] IN_ORDER = {
    XACT_XINFO_HAS_DBINFO,
    XACT_XINFO_HAS_SUBXACTS,
    XACT_XINFO_HAS_RELFILELOCATORS,
    XACT_XINFO_HAS_DROPPED_STATS,
    XACT_XINFO_HAS_INVALS,
    XACT_XINFO_HAS_TWOPHASE,
    XACT_XINFO_HAS_GID,
    XACT_XINFO_HAS_ORIGIN
  };

  /// Stands for what comes after the last part.
  private static final int END = 0;

  private static final int MISSING = -1;

  private XactParts() {}

  /// True when every part that is announced is there.
  static boolean areWhole(DecodedXLogRecord record) {
    int fixed = hasXinfo(record) ? XINFO_END : XINFO_AT;
    return record.main().length() >= fixed && find(record, END) != MISSING;
  }

  static int xinfo(DecodedXLogRecord record) {
    return hasXinfo(record) ? record.main().i32(XINFO_AT) : 0;
  }

  /// Where the part of `wanted` begins, or would; [#MISSING] when the record ends before.
  static int find(DecodedXLogRecord record, int wanted) {
    if (!hasXinfo(record)) {
      return XINFO_AT;
    }
    int xinfo = xinfo(record);
    int at = XINFO_END;
    for (int part : IN_ORDER) {
      if (part == wanted) {
        return at;
      }
      if ((xinfo & part) != 0) {
        int length = length(record, part, at);
        if (length == MISSING) {
          return MISSING;
        }
        at += length;
      }
    }
    return at;
  }

  private static int length(DecodedXLogRecord record, int part, int at) {
    RecordBytes main = record.main();
    return switch (part) {
      case XACT_XINFO_HAS_DBINFO -> fixed(main, at, 8);
      case XACT_XINFO_HAS_SUBXACTS -> counted(main, at, 4);
      case XACT_XINFO_HAS_RELFILELOCATORS -> counted(main, at, RelFileLocator.LENGTH);
      case XACT_XINFO_HAS_DROPPED_STATS -> counted(main, at, record.format().droppedStatsLength());
      case XACT_XINFO_HAS_INVALS -> counted(main, at, InvalidationMessages.LENGTH);
      case XACT_XINFO_HAS_TWOPHASE -> fixed(main, at, 4);
      case XACT_XINFO_HAS_GID ->
          (xinfo(record) & XACT_XINFO_HAS_TWOPHASE) != 0 ? cString(main, at) : 0;
      default -> fixed(main, at, 16);
    };
  }

  private static int fixed(RecordBytes main, int at, int length) {
    return main.holds(at, 1, length) ? length : MISSING;
  }

  private static int counted(RecordBytes main, int at, int itemLength) {
    return main.holds(at, 1, 4) && main.holds(at + 4, main.i32(at), itemLength)
        ? 4 + main.i32(at) * itemLength
        : MISSING;
  }

  private static int cString(RecordBytes main, int at) {
    int length = main.cStringLength(at) + 1;
    return main.holds(at, 1, length) ? length : MISSING;
  }

  private static boolean hasXinfo(DecodedXLogRecord record) {
    return (record.info() & TransactionRecord.XLOG_XACT_HAS_INFO) != 0;
  }
}
