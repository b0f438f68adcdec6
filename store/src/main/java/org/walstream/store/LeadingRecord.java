package org.walstream.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.walstream.store.segment.SegmentIdentity;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalSegmentName;
import org.walstream.wal.record.WalVerifier;
import org.walstream.wal.record.XLogLongPageHeader;

/// The record under way where a log begins, if its start is not here: no CRC will ever prove what
/// there is of it.
///
/// ```
///   not here ──── ├──────────┤───── records that prove themselves ─────
///   start of it   the rest of it
///                 begin      when this is durable, .…03.begun says so
/// ```
///
/// After a loss of power any sector of that rest may be missing, and recovery could not tell.
/// Therefore it is made durable, and marked so, before anybody is told of WAL beyond it; without
/// the mark [WalRecovery] takes it for not being there. A finished segment needs no mark.
///
/// Used by the log's writer.
final class LeadingRecord {

  /// Long, since who waits is told of every end.
  private static final long LONG_NANOS = 86_400_000_000_000L;

  private final WalDirectory directory;
  private final SegmentIdentity identity;
  private final TimelineId timeline;
  private final long beginLsn;
  private final WalVerifier verifier;

  /// @param beginLsn where the log begins: the start of a segment
  LeadingRecord(
      WalDirectory directory, SegmentIdentity identity, TimelineId timeline, long beginLsn) {
    this.directory = directory;
    this.identity = identity;
    this.timeline = timeline;
    this.beginLsn = beginLsn;
    this.verifier = newVerifier();
    verifier.start(beginLsn);
  }

  private WalVerifier newVerifier() {
    return new WalVerifier(identity.segmentSize(), identity.systemIdentifier(), timeline);
  }

  /// Looks at the WAL at `lsn`, which has been written to `segment` and told to nobody.
  ///
  /// @return true when the record is past, and marked if that was needed
  /// @throws WalLogFailedException when a segment before this one could not be made durable
  boolean isPast(long lsn, ByteBuffer wal, OpenSegment segment, Position flushed)
      throws IOException {
    if (!verifier.feed(lsn, wal)) {
      return true; // whoever wants WAL to be right looks at it elsewhere
    }
    if (verifier.unprovenEndLsn() == 0) {
      boolean begun = verifier.position() - beginLsn >= XLogLongPageHeader.LENGTH;
      return begun && !verifier.isPassingOver();
    }
    // The segments before this one, if the record fills any, need only be finished.
    if (!startIsHere() && flushed.await(segment.segment().startLsn() - 1, LONG_NANOS)) {
      mark(segment);
    }
    return true;
  }

  private boolean startIsHere() throws IOException {
    return new SegmentProof(directory.content(), identity.segmentSize())
        .lead(newVerifier(), timeline, beginLsn);
  }

  private void mark(OpenSegment segment) throws IOException {
    directory.forceNames();
    segment.writer().force();
    Path mark = markOf(directory, segment.segment());
    if (!directory.files().exists(mark)) {
      directory.files().create(mark).close();
      directory.forceNames();
    }
  }

  /// True when what the file of `segment` has of such a record may be relied upon.
  static boolean isMarked(WalDirectory directory, WalSegmentName segment) {
    return directory.files().exists(markOf(directory, segment));
  }

  /// Takes the mark away, if there is one: the segment is finished, or gone.
  static void unmark(WalDirectory directory, WalSegmentName segment) throws IOException {
    Path mark = markOf(directory, segment);
    if (directory.files().exists(mark)) {
      directory.files().delete(mark);
    }
  }

  /// Hidden, as all files that are ours alone.
  private static Path markOf(WalDirectory directory, WalSegmentName segment) {
    return directory.resolve("." + segment.fileName() + ".begun");
  }
}
