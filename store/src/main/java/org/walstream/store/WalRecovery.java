package org.walstream.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.walstream.file.OpenFile;
import org.walstream.store.segment.SegmentFileName;
import org.walstream.store.segment.SegmentFileName.Stage;
import org.walstream.store.segment.SegmentIdentity;
import org.walstream.wal.Lsn;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalSegmentName;
import org.walstream.wal.WalSegmentSize;
import org.walstream.wal.record.WalDefect;
import org.walstream.wal.record.WalVerifier;

/// Finds out where WAL ends in a directory that some process, however it ended, has left behind,
/// and puts the names in order.
///
/// ```
///   …02        …03.partial     …04.next        …05.next
///   finished   ├─proven──────────────┤?────────0 0 0 0 0
///              becomes …03     becomes         taken away
///                              …04.partial
/// ```
///
/// Finished segments are taken at their word: they were durable before they got their name. In the
/// others every record is proven anew (CRC, prev-link), from the last finished segment on, so that
/// a record that began there is proven too; what cannot be, since its start is not here, is taken
/// for there if it is marked so ([LeadingRecord]). What is found is fsynced before anybody is told:
/// bytes that only the page cache kept must not be acknowledged again.
final class WalRecovery {

  private static final Logger logger = LoggerFactory.getLogger(WalRecovery.class);

  private static final int CHUNK_BYTES = 1 << 20;

  /// Where WAL ends, and the open file it ends in, if it does not end with a finished segment.
  record End(TimelineId timeline, long lsn, @Nullable OpenSegment tail) {}

  private final WalDirectory directory;
  private final SegmentIdentity identity;
  private final WalSegmentSize segmentSize;

  WalRecovery(WalDirectory directory, SegmentIdentity identity) {
    this.directory = directory;
    this.identity = identity;
    this.segmentSize = identity.segmentSize();
  }

  /// Runs once, before anything else touches the directory.
  ///
  /// @return empty when there is no WAL
  Optional<End> run() throws IOException {
    List<SegmentFileName> segments = directory.content().segments(segmentSize);
    Optional<SegmentFileName> newest = directory.content().newest(segmentSize);
    Optional<End> end =
        newest.isEmpty() ? Optional.empty() : Optional.of(endAt(newest.get(), segments));
    SegmentFileName lastFinished = null;
    for (SegmentFileName name : directory.content().segments(segmentSize)) {
      if (name.stage() == Stage.NEXT) {
        directory.files().delete(directory.resolve(name));
      } else if (name.isFinished()) {
        lastFinished = name;
      }
    }
    if (lastFinished != null) {
      directory.markForArchiver(lastFinished.fileName()); // a crash may have come before
      LeadingRecord.unmark(directory, lastFinished.segment());
    }
    return end;
  }

  private End endAt(SegmentFileName newest, List<SegmentFileName> segments) throws IOException {
    WalSegmentName segment = newest.segment();
    TimelineId timeline = segment.timeline();
    long begin = newest.isFinished() ? segment.endLsn() : segment.startLsn();
    if (!newest.isPlain() || directory.compresses()) {
      return new End(timeline, begin, null); // what has been compressed cannot be continued
    }
    List<SegmentFileName> unfinished = unfinishedFrom(begin, timeline, segments);
    if (unfinished.isEmpty()) {
      return new End(timeline, begin, null);
    }
    long proven = Lsn.max(begin, verify(unfinished));
    for (SegmentFileName name : unfinished) {
      if (Lsn.isBefore(proven, name.segment().endLsn())) {
        return tail(name, proven);
      }
      finish(name);
    }
    return new End(timeline, proven, null);
  }

  /// The files from `begin` on, without a gap, that may hold WAL but are not finished.
  private List<SegmentFileName> unfinishedFrom(
      long begin, TimelineId timeline, List<SegmentFileName> segments) throws IOException {
    var unfinished = new ArrayList<SegmentFileName>();
    WalSegmentName wanted = WalSegmentName.containing(timeline, begin, segmentSize);
    for (SegmentFileName name : segments) {
      if (name.isPlain() && !name.isFinished() && name.segment().equals(wanted) && isWhole(name)) {
        unfinished.add(name);
        wanted = wanted.next();
      }
    }
    return unfinished;
  }

  /// A file that was being made when the process ended is of no use; but a `.partial` one of a
  /// wrong size is a mistake that somebody should know of.
  private boolean isWhole(SegmentFileName name) throws IOException {
    long size = directory.files().size(directory.resolve(name));
    if (size != segmentSize.bytes() && size != 0 && name.stage() == Stage.PARTIAL) {
      throw new WalStoreException(
          "write-ahead log file \"%s\" has %d bytes, should be 0 or %d"
              .formatted(directory.resolve(name), size, segmentSize.bytes()));
    }
    return size == segmentSize.bytes();
  }

  /// @return the end of the last record that is whole and right
  private long verify(List<SegmentFileName> unfinished) throws IOException {
    WalSegmentName first = unfinished.getFirst().segment();
    var verifier = new WalVerifier(segmentSize, identity.systemIdentifier(), first.timeline());
    new SegmentProof(directory.content(), segmentSize)
        .lead(verifier, first.timeline(), first.startLsn());
    ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES);
    for (SegmentFileName name : unfinished) {
      if (!verify(verifier, name, chunk)) {
        break;
      }
    }
    WalDefect defect = verifier.defect();
    logger.debug(
        "WAL in \"{}\" ends at {}: {}",
        directory.path(),
        Lsn.format(verifier.verifiedLsn()),
        defect == null ? "no more files" : defect.message());
    long unprovenEnd = verifier.unprovenEndLsn();
    if (Lsn.isAfter(unprovenEnd, first.startLsn())
        && !LeadingRecord.isMarked(
            directory, WalSegmentName.containing(first.timeline(), unprovenEnd - 1, segmentSize))) {
      return first.startLsn();
    }
    return verifier.verifiedLsn();
  }

  private boolean verify(WalVerifier verifier, SegmentFileName name, ByteBuffer chunk)
      throws IOException {
    try (OpenFile file = directory.files().openForReading(directory.resolve(name))) {
      long lsn = name.segment().startLsn();
      while (Lsn.isBefore(lsn, name.segment().endLsn())) {
        int read = file.read(chunk.clear(), segmentSize.offset(lsn));
        if (read < 1 || !verifier.feed(lsn, chunk.flip())) {
          return false;
        }
        lsn += read;
      }
    }
    return true;
  }

  /// A segment that became full, but not finished.
  private void finish(SegmentFileName name) throws IOException {
    try (OpenFile file = directory.files().open(directory.resolve(name))) {
      directory.force(file);
    }
    directory.rename(name, Stage.FINISHED);
    directory.forceNames();
    directory.markForArchiver(name.at(Stage.FINISHED).fileName());
  }

  /// The segment in which WAL ends; of a prepared one only if it was begun.
  private End tail(SegmentFileName name, long proven) throws IOException {
    TimelineId timeline = name.segment().timeline();
    SegmentFileName partial = name.at(Stage.PARTIAL);
    if (name.stage() == Stage.NEXT) {
      if (proven == name.segment().startLsn()) {
        return new End(timeline, proven, null);
      }
      directory.rename(name, Stage.PARTIAL);
    }
    OpenFile file = directory.files().open(directory.resolve(partial));
    try {
      int staleEnd = endOfContent(file, segmentSize.offset(proven));
      directory.force(file);
      directory.forceNames();
      var writer = new PlainSegmentWriter(directory, file, staleEnd);
      return new End(timeline, proven, OpenSegment.reopened(partial, writer));
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /// Just past the last byte after `from` that is not zero; 0 when all are.
  private int endOfContent(OpenFile file, int from) throws IOException {
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES);
    int end = segmentSize.bytes();
    while (end > from) {
      int start = Math.max(from, end - CHUNK_BYTES);
      chunk.clear().limit(end - start);
      while (chunk.hasRemaining() && file.read(chunk, start + chunk.position()) > 0) {
        // until the whole chunk is there
      }
      for (int i = chunk.position() - 1; i >= 0; i--) {
        if (chunk.get(i) != 0) {
          return start + i + 1;
        }
      }
      end = start;
    }
    return 0;
  }
}
