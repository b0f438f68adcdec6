package org.walstream.wal.record;

import static org.walstream.wal.record.XLogPageHeader.PAGE_BYTES;

import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.walstream.wal.Lsn;
import org.walstream.wal.TimelineHistory;
import org.walstream.wal.WalSegmentName;
import org.walstream.wal.WalSegmentSize;

/// One search of [EndOfWal]: feeds segment after segment to a [WalVerifier] until it, or the files,
/// say that there is no more.
final class EndOfWalSearch {

  private final WalSegmentSize segmentSize;
  private final WalPages pages;
  private final WalVerifier verifier;

  private @Nullable WalDefect reason;

  EndOfWalSearch(
      WalSegmentSource segments,
      WalSegmentSize segmentSize,
      long systemIdentifier,
      TimelineHistory history) {
    this.segmentSize = segmentSize;
    this.pages = new WalPages(segments, segmentSize, history);
    this.verifier = WalVerifier.asRecovery(segmentSize, systemIdentifier, pages.timeline(), null);
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
        endsHere(pages.missingFile(lsn));
      } else if (readSegment(segment, lsn)) {
        lsn = segment.endLsn();
      }
    }
    return result();
  }

  private EndOfWal result() {
    WalDefect why = Objects.requireNonNull(reason != null ? reason : verifier.defect());
    return new EndOfWal(pages.timeline(), verifier.verifiedLsn(), verifier.lastRecordLsn(), why);
  }

  private @Nullable WalSegmentName findSegment(long lsn) throws IOException {
    WalSegmentName segment = pages.find(lsn);
    verifier.timeline(pages.timeline());
    return segment;
  }

  /// Reads a segment from `from` on.
  ///
  /// @return false when WAL ends in it
  private boolean readSegment(WalSegmentName segment, long from) throws IOException {
    long lsn = from;
    while (lsn != segment.endLsn()) {
      int length = pages.read(segment, lsn);
      if (length == 0) {
        endsHere(pages.shortFile(segment, verifier));
        return false;
      }
      if (!verifier.feed(lsn, pages.buffer())) {
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
        || pages.read(segment, pageLsn) == 0
        || verifier.checkPage(pageLsn, pages.buffer());
  }

  private void endsHere(String message) {
    reason = new WalDefect(verifier.pendingRecordLsn(), message);
  }
}
