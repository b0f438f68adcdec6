package org.walstream.wal.record;

import java.io.IOException;
import java.io.PrintStream;
import org.walstream.wal.Lsn;
import org.walstream.wal.PgTimestamp;
import org.walstream.wal.TimelineHistory;
import org.walstream.wal.WalSegmentSize;
import org.walstream.wal.rmgr.Rmgr;
import org.walstream.wal.rmgr.XactCompletion;

/// What README.md shows of reading records; [WalReaderTest] runs it, and sees to it that both say
/// the same.
final class CommitTimesExample {

  private CommitTimesExample() {}

  static void printCommits(
      WalSegmentSource segments,
      WalSegmentSize segmentSize,
      TimelineHistory history,
      long startLsn,
      PrintStream out)
      throws IOException {
    // README begins
    var reader = new WalReader(segments, segmentSize, history, 0);
    reader.start(startLsn);
    ReadResult result = reader.next();
    while (result instanceof DecodedXLogRecord record) {
      if (Rmgr.interpret(record) instanceof XactCompletion.Commit commit) {
        out.println(Lsn.format(record.lsn()) + " " + new PgTimestamp(commit.xactTime()));
      }
      result = reader.next(); // the record before, and every view of it, is gone
    }
    out.println(result); // why there is no further record
    // README ends
  }
}
