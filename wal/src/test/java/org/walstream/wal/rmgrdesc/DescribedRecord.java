package org.walstream.wal.rmgrdesc;

import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.rmgr.Rmgr;
import org.walstream.wal.rmgr.UnknownRecord;
import org.walstream.wal.time.TimeZoneRules;

/// Texts of records, for tests.
public final class DescribedRecord {

  private DescribedRecord() {}

  /// `NAME description`, as in a line of pg_waldump in UTC; the reason where it is not understood.
  public static String of(DecodedXLogRecord record) {
    var text = new RecordText(TimestampText.ofPgWaldump(TimeZoneRules.utc()));
    Rmgr rmgr = Rmgr.ofId(record.rmgrId());
    text.add(rmgr == null ? "?" : "" + rmgr.recordName(record.format(), record.info())).add(' ');
    var interpreted = Rmgr.interpret(record);
    RecordDescription.describe(interpreted, text);
    return interpreted instanceof UnknownRecord unknown ? text + unknown.reason() : text.toString();
  }
}
