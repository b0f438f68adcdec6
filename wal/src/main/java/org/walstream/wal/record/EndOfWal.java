package org.walstream.wal.record;

import java.io.IOException;
import org.walstream.wal.TimelineHistory;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalSegmentName;
import org.walstream.wal.WalSegmentSize;

/// Where the WAL of a server that is down ends, told by its files alone (R33). There is no mark at
/// the end: WAL ends where the first thing stands that cannot be read as WAL.
///
/// The bytes are read as crash recovery and pg_waldump read them, so the end is where the server
/// would go on writing if it were started, and the reason is pg_waldump's first error.
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
    var search = new EndOfWalSearch(segments, segmentSize, systemIdentifier, history);
    return search.fromSegment(segmentSize.startOfSegment(startLsn));
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
    var search = new EndOfWalSearch(segments, segmentSize, systemIdentifier, history);
    return search.fromRecord(recordLsn);
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
