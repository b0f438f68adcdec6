package org.walstream.wal.record;

import static org.walstream.wal.record.XLogPageHeader.PAGE_BYTES;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;
import org.walstream.wal.TimelineHistory;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalSegmentName;
import org.walstream.wal.WalSegmentSize;

/// The pages of WAL as they stand in segment files, read in order: of each segment the file of the
/// newest timeline that has one, and never from an older timeline's file than before.
///
/// Counterpart of XLogFileReadAnyTLI(), src/backend/access/transam/xlogrecovery.c (which file), and
/// of WALDumpReadPage(), src/bin/pg_waldump/pg_waldump.c (whole pages or nothing). Not thread-safe.
final class WalPages {

  /// So small that what is read is still in the processor's cache when it is looked at: with 32
  /// pages, reading took three times as long.
  private static final int BUFFER_BYTES = 8 * PAGE_BYTES;

  private final WalSegmentSource segments;
  private final WalSegmentSize segmentSize;
  private final TimelineHistory history;
  private final ByteBuffer buffer =
      ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);

  private TimelineId timeline;

  /// Where the file ended that [#read] found no whole page in.
  private int fileEnd;

  /// @param history what leads to the newest timeline to be looked at
  WalPages(WalSegmentSource segments, WalSegmentSize segmentSize, TimelineHistory history) {
    this.segments = segments;
    this.segmentSize = segmentSize;
    this.history = history;
    this.timeline = history.timelines().getLast();
  }

  /// The timeline of the file that was found last; the oldest one before any was.
  TimelineId timeline() {
    return timeline;
  }

  /// The segment's file on the newest timeline that has one, or null.
  @Nullable WalSegmentName find(long lsn) throws IOException {
    for (TimelineId candidate : history.timelines()) {
      if (candidate.isBefore(timeline)) {
        return null;
      }
      var name = WalSegmentName.containing(candidate, lsn, segmentSize);
      boolean begun = segmentSize.segmentNumber(history.begin(candidate)) <= name.segmentNumber();
      if (begun && segments.read(name, 0, buffer.clear().limit(1)) != WalSegmentSource.ABSENT) {
        timeline = candidate;
        return name;
      }
    }
    return null;
  }

  /// What PostgreSQL says of a position whose segment is not there.
  String missingFile(long lsn) {
    var wanted = timeline.isBefore(history.timelineOf(lsn)) ? history.timelineOf(lsn) : timeline;
    return "could not find file \"%s\": No such file or directory"
        .formatted(WalSegmentName.containing(wanted, lsn, segmentSize));
  }

  /// Reads on from `lsn` in `segment`, up to the end of a whole page: a page that is cut off counts
  /// as not there.
  ///
  /// @param wanted no more than the pages of as many bytes are read
  /// @return how many bytes are in [#buffer]; 0 when there is no whole page
  int read(WalSegmentName segment, long lsn, long wanted) throws IOException {
    int offset = segmentSize.offset(lsn);
    int most = BUFFER_BYTES - offset % PAGE_BYTES;
    if (wanted < most) {
      most = (int) (offset + wanted + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES - offset;
    }
    int room = Math.min(segmentSize.bytes() - offset, most);
    int read = Math.max(segments.read(segment, offset, buffer.clear().limit(room)), 0);
    fileEnd = offset + read;
    int whole = Math.max(fileEnd - fileEnd % PAGE_BYTES - offset, 0);
    buffer.position(0).limit(whole);
    return whole;
  }

  /// What PostgreSQL says of the file that [#read] found no whole page in.
  ///
  /// @param verifier who has seen the pages before, and knows the version
  String shortFile(WalSegmentName segment, WalVerifier verifier) {
    return verifier.wording().shortFile(segment, fileEnd, PAGE_BYTES - fileEnd % PAGE_BYTES);
  }

  /// The bytes read last, little-endian, in an array, from position 0 to the limit.
  ByteBuffer buffer() {
    return buffer;
  }
}
