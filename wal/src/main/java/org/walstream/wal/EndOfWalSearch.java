package org.walstream.wal;

import static org.walstream.wal.XLogPageHeader.PAGE_BYTES;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One search of [EndOfWal]: feeds segment after segment to a [WalVerifier] until it, or the files,
/// say that there is no more.
///
/// Counterpart of XLogFileReadAnyTLI(), src/backend/access/transam/xlogrecovery.c (which file), and
/// of WALDumpReadPage(), src/bin/pg_waldump/pg_waldump.c (whole pages or nothing).
final class EndOfWalSearch {

  private static final int BUFFER_BYTES = 32 * PAGE_BYTES;

  private final WalSegmentSource segments;
  private final WalSegmentSize segmentSize;
  private final TimelineHistory history;
  private final WalVerifier verifier;
  private final ByteBuffer buffer =
      ByteBuffer.allocateDirect(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);

  /// The timeline of the file being read; a later segment is never read from an older one's.
  private TimelineId timeline;

  private @Nullable WalDefect reason;

  EndOfWalSearch(
      WalSegmentSource segments,
      WalSegmentSize segmentSize,
      long systemIdentifier,
      TimelineHistory history) {
    this.segments = segments;
    this.segmentSize = segmentSize;
    this.history = history;
    this.timeline = history.timelines().getLast();
    this.verifier = new WalVerifier(segmentSize, systemIdentifier, timeline, false);
  }

  EndOfWal fromSegment(long startLsn) throws IOException {
    verifier.start(startLsn);
    return search(startLsn);
  }

  EndOfWal fromRecord(long recordLsn) throws IOException {
    verifier.startAtRecord(recordLsn, 0);
    return checkPagesBefore(recordLsn) ? search(recordLsn) : result();
  }

  private EndOfWal search(long startLsn) throws IOException {
    long lsn = startLsn;
    while (reason == null) {
      WalSegmentName segment = findSegment(lsn);
      if (segment == null) {
        endsHere("could not find file \"%s\": No such file or directory".formatted(missing(lsn)));
      } else if (readSegment(segment, lsn)) {
        lsn = segment.endLsn();
      }
    }
    return result();
  }

  private EndOfWal result() {
    WalDefect why = Objects.requireNonNull(reason != null ? reason : verifier.defect());
    return new EndOfWal(timeline, verifier.verifiedLsn(), verifier.lastRecordLsn(), why);
  }

  /// The segment's file on the newest timeline that has one, or null.
  private @Nullable WalSegmentName findSegment(long lsn) throws IOException {
    for (TimelineId candidate : history.timelines()) {
      if (candidate.isBefore(timeline)) {
        return null;
      }
      var name = WalSegmentName.containing(candidate, lsn, segmentSize);
      boolean begun = segmentSize.segmentNumber(history.begin(candidate)) <= name.segmentNumber();
      if (begun && segments.read(name, 0, buffer.clear().limit(1)) != WalSegmentSource.ABSENT) {
        timeline = candidate;
        verifier.timeline(candidate);
        return name;
      }
    }
    return null;
  }

  private WalSegmentName missing(long lsn) {
    return WalSegmentName.containing(
        timeline.isBefore(history.timelineOf(lsn)) ? history.timelineOf(lsn) : timeline,
        lsn,
        segmentSize);
  }

  /// Reads a segment from `from` on.
  ///
  /// @return false when WAL ends in it
  private boolean readSegment(WalSegmentName segment, long from) throws IOException {
    long lsn = from;
    while (lsn != segment.endLsn()) {
      int length = readPages(segment, lsn);
      if (length == 0) {
        return false;
      }
      if (!verifier.feed(lsn, buffer)) {
        reason = verifier.defect();
        return false;
      }
      lsn += length;
      if (Lsn.isAfter(verifier.verifiedLsn(), lsn)) { // XLOG_SWITCH: the file may be cut off there
        verifier.skipRest();
        lsn = segment.endLsn();
      }
    }
    return true;
  }

  /// Reads on, up to the end of a whole page: a page that is cut off counts as not there.
  ///
  /// @return how many bytes are in the buffer; 0 when there is no whole page
  private int readPages(WalSegmentName segment, long lsn) throws IOException {
    int offset = segmentSize.offset(lsn);
    int room = Math.min(segment.segmentSize().bytes() - offset, BUFFER_BYTES - offset % PAGE_BYTES);
    int read = Math.max(segments.read(segment, offset, buffer.clear().limit(room)), 0);
    int fileEnd = offset + read;
    int whole = fileEnd - fileEnd % PAGE_BYTES - offset;
    if (whole <= 0) {
      String text =
          verifier.wording().shortFile(segment, fileEnd, PAGE_BYTES - fileEnd % PAGE_BYTES);
      endsHere(text);
      return 0;
    }
    buffer.position(0).limit(whole);
    return whole;
  }

  /// Reading that begins within a segment looks at its first page all the same, and at the header
  /// of the page it begins in.
  private boolean checkPagesBefore(long recordLsn) throws IOException {
    long segmentStart = segmentSize.startOfSegment(recordLsn);
    long pageStart = recordLsn & -PAGE_BYTES;
    return (segmentStart == recordLsn || checkPage(segmentStart))
        && (pageStart == recordLsn || pageStart == segmentStart || checkPage(pageStart));
  }

  private boolean checkPage(long pageLsn) throws IOException {
    WalSegmentName segment = findSegment(pageLsn);
    // Without a file or a page, the search itself will say so.
    return segment == null
        || readPages(segment, pageLsn) == 0
        || verifier.checkPage(pageLsn, buffer);
  }

  private void endsHere(String message) {
    reason = new WalDefect(verifier.pendingRecordLsn(), message);
  }
}
