package org.walstream.redo.recovery;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.walstream.wal.TimelineHistory;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalSegmentSize;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.record.HistorySource;
import org.walstream.wal.record.ReadResult;
import org.walstream.wal.record.WalReader;
import org.walstream.wal.record.WalSegmentSource;
import org.walstream.wal.record.WalSource;

/// Reads recovery's WAL record after record, and goes on where it ended when there is more: on
/// another timeline too, when one has become known meanwhile.
final class RecoveryReader {

  /// WAL along the history as it is now.
  private static final class CurrentHistory implements WalSource {

    private final WalSegmentSource segments;
    private final WalSegmentSize segmentSize;
    private TimelineHistory history;
    private HistorySource source;

    CurrentHistory(WalSegmentSource segments, WalSegmentSize segmentSize, TimelineHistory history) {
      this.segments = segments;
      this.segmentSize = segmentSize;
      this.history = history;
      this.source = new HistorySource(segments, segmentSize, history);
    }

    /// @return true when it is another than before
    boolean follow(TimelineHistory now) {
      if (now.equals(history)) {
        return false;
      }
      history = now;
      source = new HistorySource(segments, segmentSize, now);
      return true;
    }

    @Override
    public TimelineId timeline() {
      return source.timeline();
    }

    @Override
    public int read(long lsn, ByteBuffer into) throws IOException {
      return source.read(lsn, into);
    }
  }

  private final RecoveryWal wal;
  private final boolean waits;
  private final CurrentHistory source;
  private final WalReader reader;

  /// Where the last record ends, or the first is to start.
  private long lsn;

  /// No record has been read since reading began here: the page's header may not have been there.
  private boolean fresh;

  /// A reader of all WAL, which waits for more where there may be.
  ///
  /// @param systemIdentifier the cluster whose WAL it must be
  static RecoveryReader ofAll(RecoveryWal wal, WalSegmentSize segmentSize, long systemIdentifier) {
    return new RecoveryReader(wal, wal.all(), true, segmentSize, systemIdentifier);
  }

  /// A reader of what a crashed server has left: where that ends, crash recovery does.
  static RecoveryReader ofOwn(RecoveryWal wal, WalSegmentSize segmentSize, long systemIdentifier) {
    return new RecoveryReader(wal, wal.own(), false, segmentSize, systemIdentifier);
  }

  /// @param segments of `wal`: all, or its own
  /// @param waits whether there may be more than there is
  /// @param systemIdentifier the cluster whose WAL it must be
  RecoveryReader(
      RecoveryWal wal,
      WalSegmentSource segments,
      boolean waits,
      WalSegmentSize segmentSize,
      long systemIdentifier) {
    this.wal = wal;
    this.waits = waits;
    source = new CurrentHistory(segments, segmentSize, wal.history());
    reader = new WalReader(source, segmentSize, systemIdentifier);
    reader.limit(wal.limitLsn());
  }

  /// Begins with the record that starts at `recordLsn`.
  void startAtRecord(long recordLsn) throws IOException {
    lsn = recordLsn;
    fresh = true;
    reader.startAtRecord(recordLsn);
  }

  /// The next record, or why there is none now.
  ReadResult next() throws IOException {
    ReadResult result = reader.next();
    if (result instanceof DecodedXLogRecord record) {
      lsn = record.endLsn();
      fresh = false;
    }
    return result;
  }

  /// The next record, waited for; or why there will be none.
  ReadResult await() throws IOException {
    ReadResult result = next();
    while (!(result instanceof DecodedXLogRecord) && awaitMore(result)) {
      result = next();
    }
    return result;
  }

  /// Waits for more than there was.
  ///
  /// @param why what [#next] has said
  /// @return false when there will be none
  boolean awaitMore(ReadResult why) throws IOException {
    if (!waits || !wal.awaitMore(lsn, why)) {
      return false;
    }
    boolean switched = source.follow(wal.history());
    reader.limit(wal.limitLsn());
    if (switched || fresh || why instanceof ReadResult.EndOfRecords) {
      fresh = true;
      reader.resume();
    }
    return true;
  }
}
