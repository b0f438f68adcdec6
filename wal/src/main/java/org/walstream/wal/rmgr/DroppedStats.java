package org.walstream.wal.rmgr;

import java.util.Objects;
import org.walstream.wal.record.DecodedXLogRecord;

/// The cumulative statistics that a transaction's end removes, because what they were kept of is
/// gone.
///
/// ```
/// offset  bytes  field       (each item)
///      0      4  kind        signed
///      4      4  dbOid
///      8      4  objectId    PostgreSQL 18: 8
/// ```
///
/// Counterpart of xl_xact_stats_item, src/include/access/xact.h. Valid as long as its record is.
///
/// @param at where in the main data the first item stands
public record DroppedStats(DecodedXLogRecord record, int at, int count) {

  /// Signed.
  public int kind(int index) {
    return record.main().i32(at(index));
  }

  public int dbOid(int index) {
    return record.main().i32(at(index) + 4);
  }

  /// Unsigned; of 32 bits before PostgreSQL 18.
  public long objectId(int index) {
    return record.format().droppedStatsHaveWideIds()
        ? record.main().i64(at(index) + 8)
        : record.main().u32(at(index) + 8);
  }

  void fields(String name, RecordFields out) {
    out.list(name, count, this::item);
  }

  private void item(int index, RecordFields out) {
    out.number("kind", kind(index));
    out.number("dboid", Integer.toUnsignedLong(dbOid(index)));
    out.unsigned("objid", objectId(index));
  }

  private int at(int index) {
    return at + record.format().droppedStatsLength() * Objects.checkIndex(index, count);
  }
}
