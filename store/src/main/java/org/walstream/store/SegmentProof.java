package org.walstream.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.walstream.store.segment.SegmentDirectory;
import org.walstream.store.segment.SegmentReader;
import org.walstream.wal.Lsn;
import org.walstream.wal.TimelineHistory;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalSegmentSize;
import org.walstream.wal.record.HistorySource;
import org.walstream.wal.record.WalDefect;
import org.walstream.wal.record.WalSource;
import org.walstream.wal.record.WalVerifier;

/// Has a verifier read what is here before it is given what is new, so that the record is proven
/// too that crosses from one to the other, and the link of the first new record back to the last
/// old one. Else another server's WAL, of the same timeline number and as good in itself, would be
/// taken for the continuation of ours.
final class SegmentProof {

  private static final Logger logger = LoggerFactory.getLogger(SegmentProof.class);

  private static final int CHUNK_BYTES = 1 << 20;

  private final SegmentDirectory directory;
  private final WalSegmentSize segmentSize;
  private final ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES);

  SegmentProof(SegmentDirectory directory, WalSegmentSize segmentSize) {
    this.directory = directory;
    this.segmentSize = segmentSize;
  }

  /// Has `verifier` stand at `startLsn`, the start of a segment, knowing how the finished segment
  /// before it ends, if there is one here: as many of them as it takes to come to a record's start.
  ///
  /// @return false when a record that crosses into the segment would not be proven
  boolean lead(WalVerifier verifier, TimelineId timeline, long startLsn) throws IOException {
    TimelineHistory history =
        directory.history(timeline).orElseGet(() -> TimelineHistory.ofFirst(timeline));
    try (var finished = SegmentReader.ofFinished(directory)) {
      var source = new HistorySource(finished, segmentSize, history);
      long fromLsn = startLsn;
      do {
        fromLsn -= segmentSize.bytes();
        if (Lsn.isAfter(segmentSize.bytes(), startLsn) || isAbsent(source, fromLsn)) {
          break;
        }
        verifier.start(fromLsn);
        if (!feed(verifier, source, fromLsn, startLsn)) {
          break;
        }
      } while (verifier.lastRecordLsn() == 0 && verifier.verifiedLsn() != startLsn);
    }
    if (verifier.position() != startLsn || verifier.defect() != null) {
      verifier.start(startLsn);
      return false;
    }
    return !verifier.isPassingOver();
  }

  private boolean isAbsent(WalSource source, long lsn) throws IOException {
    try {
      return source.read(lsn, chunk.clear().limit(1)) <= 0;
    } catch (IOException e) {
      logger.warn("could not read the segment before {}: {}", Lsn.format(lsn), e.getMessage());
      return true;
    }
  }

  /// Feeds the WAL from `fromLsn` up to `endLsn`. A file that is finished and not good all the same
  /// is not the fault of what comes next.
  ///
  /// @return false when it is not all there, or not good
  private boolean feed(WalVerifier verifier, WalSource source, long fromLsn, long endLsn)
      throws IOException {
    long lsn = fromLsn;
    while (Lsn.isBefore(lsn, endLsn)) {
      int read = source.read(lsn, chunk.clear());
      if (read <= 0 || !verifier.feed(lsn, chunk.flip())) {
        WalDefect defect = verifier.defect();
        logger.warn(
            "WAL in \"{}\" cannot be proven before {}: {}",
            directory.path(),
            Lsn.format(endLsn),
            defect == null ? "a finished segment is not whole" : defect.message());
        return false;
      }
      lsn += read;
    }
    return true;
  }
}
