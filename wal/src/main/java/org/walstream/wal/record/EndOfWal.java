package org.walstream.wal.record;

import java.io.IOException;
import org.walstream.wal.TimelineHistory;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalSegmentName;
import org.walstream.wal.WalSegmentSize;

/// Where the WAL of a server that is down ends, told by its files alone. There is no mark at the
/// end: WAL ends where the first thing stands that cannot be read as WAL.
///
/// A [WalReader] reads up to there, as crash recovery and pg_waldump do, so the end is where the
/// server would go on writing if it were started, and the reason is pg_waldump's first error.
///
/// @param timeline the timeline of the file that holds the end
/// @param endLsn the end of the last valid record, exclusive
/// @param lastRecordLsn where that record starts; 0 when there is none
/// @param reason why reading ends: at the record that would come next, its page, or its missing
///   file
public record EndOfWal(TimelineId timeline, long endLsn, long lastRecordLsn, WalDefect reason) {

  /// Searches from the start of the segment that holds `startLsn`; the rest of a record begun
  /// before is passed over.
  ///
  /// @param systemIdentifier the cluster whose WAL it must be; 0 for any
  /// @param history what leads to the newest timeline to be looked at; of each segment the newest
  ///   timeline's file is read, as recovery does
  /// @throws IOException as `segments` throws it
  public static EndOfWal searchFromSegment(
      WalSegmentSource segments,
      WalSegmentSize segmentSize,
      long systemIdentifier,
      TimelineHistory history,
      long startLsn)
      throws IOException {
    var reader = new WalReader(segments, segmentSize, history, systemIdentifier);
    reader.start(segmentSize.startOfSegment(startLsn));
    return of(reader);
  }

  /// Searches from `recordLsn`, where a record is known to start, such as a checkpoint's redo
  /// position. The other parameters are those of [#searchFromSegment].
  public static EndOfWal searchFromRecord(
      WalSegmentSource segments,
      WalSegmentSize segmentSize,
      long systemIdentifier,
      TimelineHistory history,
      long recordLsn)
      throws IOException {
    var reader = new WalReader(segments, segmentSize, history, systemIdentifier);
    reader.startAtRecord(recordLsn);
    return of(reader);
  }

  private static EndOfWal of(WalReader reader) throws IOException {
    long lastRecordLsn = 0;
    while (true) {
      switch (reader.next()) {
        case DecodedXLogRecord record -> lastRecordLsn = record.lsn();
        case ReadResult.EndOfRecords(long lsn, WalDefect reason, boolean _) -> {
          return new EndOfWal(reader.timeline(), lsn, lastRecordLsn, reason);
        }
        case ReadResult.NeedMoreData more ->
            throw new IllegalStateException("files end, they do not pause: " + more);
      }
    }
  }

  /// The segment in which the next record would be written.
  public WalSegmentName segment(WalSegmentSize segmentSize) {
    return WalSegmentName.containing(timeline, endLsn, segmentSize);
  }

  /// True when a valid record was found at all.
  public boolean foundRecord() {
    return lastRecordLsn != 0;
  }
}
