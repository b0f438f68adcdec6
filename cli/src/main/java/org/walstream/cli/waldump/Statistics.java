package org.walstream.cli.waldump;

import java.util.Arrays;
import java.util.BitSet;
import org.walstream.wal.WalFormat;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.rmgr.Rmgr;

/// How many records of each type there are, and how large they are. Not thread-safe.
///
/// Counterpart of XLogStats, src/include/access/xlogstats.h.
final class Statistics {

  static final int RMGRS = 256;
  static final int TYPES = 16;

  /// The bit of a transaction record's four that does not tell its type (XLOG_XACT_HAS_INFO).
  private static final int TRANSACTION_TYPES = 0x7;

  private static final int TRANSACTION = 1;

  private final long[] counts = new long[RMGRS * TYPES];
  private final long[] recordBytes = new long[RMGRS * TYPES];
  private final long[] imageBytes = new long[RMGRS * TYPES];

  /// The resource managers that have a count.
  private final BitSet seen = new BitSet(RMGRS);

  private WalFormat format = WalFormat.newest();
  private long endLsn;

  void add(DecodedXLogRecord record) {
    int type = record.opcode() >> 4;
    if (record.rmgrId() == TRANSACTION) {
      type &= TRANSACTION_TYPES;
    }
    int at = record.rmgrId() * TYPES + type;
    int images = record.imageBytes();
    if (counts[at]++ == 0) {
      seen.set(record.rmgrId());
    }
    recordBytes[at] += record.totalLength() - images;
    imageBytes[at] += images;
    endLsn = record.endLsn();
    format = record.format();
  }

  /// Adds what was counted of the WAL that follows.
  void addAll(Statistics later) {
    if (later.isEmpty()) {
      return;
    }
    for (int rmgr = later.seen.nextSetBit(0); rmgr >= 0; rmgr = later.seen.nextSetBit(rmgr + 1)) {
      for (int at = rmgr * TYPES; at < (rmgr + 1) * TYPES; at++) {
        counts[at] += later.counts[at];
        recordBytes[at] += later.recordBytes[at];
        imageBytes[at] += later.imageBytes[at];
      }
    }
    seen.or(later.seen);
    endLsn = later.endLsn;
    format = later.format;
  }

  void clear() {
    for (int rmgr = seen.nextSetBit(0); rmgr >= 0; rmgr = seen.nextSetBit(rmgr + 1)) {
      Arrays.fill(counts, rmgr * TYPES, (rmgr + 1) * TYPES, 0);
      Arrays.fill(recordBytes, rmgr * TYPES, (rmgr + 1) * TYPES, 0);
      Arrays.fill(imageBytes, rmgr * TYPES, (rmgr + 1) * TYPES, 0);
    }
    seen.clear();
    endLsn = 0;
  }

  boolean isEmpty() {
    return endLsn == 0;
  }

  /// The end of the last record counted.
  long endLsn() {
    return endLsn;
  }

  /// Records of one type.
  Row type(int rmgr, int type) {
    int at = rmgr * TYPES + type;
    return new Row(counts[at], recordBytes[at], imageBytes[at]);
  }

  /// All records of a resource manager.
  Row rmgr(int rmgr) {
    Row sum = Row.NOTHING;
    for (int type = 0; type < TYPES; type++) {
      sum = sum.plus(type(rmgr, type));
    }
    return sum;
  }

  Row total() {
    Row sum = Row.NOTHING;
    for (int rmgr = 0; rmgr < RMGRS; rmgr++) {
      sum = sum.plus(rmgr(rmgr));
    }
    return sum;
  }

  /// `Heap/INSERT`
  String typeName(int rmgr, int type) {
    Rmgr known = Rmgr.ofId(rmgr);
    String name = known == null ? null : known.recordName(format, type << 4);
    return RmgrNames.of(rmgr) + "/" + (name != null ? name : RmgrNames.unknownType(type << 4));
  }

  /// Some records together.
  ///
  /// @param recordBytes without images
  record Row(long count, long recordBytes, long imageBytes) {

    static final Row NOTHING = new Row(0, 0, 0);

    long bytes() {
      return recordBytes + imageBytes;
    }

    Row plus(Row other) {
      return new Row(
          count + other.count, recordBytes + other.recordBytes, imageBytes + other.imageBytes);
    }
  }
}
