package org.walstream.store;

import java.io.IOException;
import org.walstream.store.segment.SegmentFileName;
import org.walstream.store.segment.SegmentFileName.Stage;
import org.walstream.wal.Lsn;
import org.walstream.wal.WalSegmentName;

/// The file of a segment that is being written, and the name it has at the moment. The name belongs
/// to one thread: the preparer's until it hands the segment over, the writer's until it begins to
/// write, then the flush thread's.
final class OpenSegment {

  private final SegmentWriter writer;
  private final long replacesBytes;
  private SegmentFileName fileName;
  private boolean nameForced;

  /// A file just made, which takes the place of a `.partial` one that holds `replacesBytes` of the
  /// segment (0 if there is none), but not before it holds as much.
  static OpenSegment made(SegmentFileName fileName, SegmentWriter writer, long replacesBytes) {
    return new OpenSegment(fileName, writer, replacesBytes, false);
  }

  /// The `.partial` file of an earlier life; name and content have been forced.
  static OpenSegment reopened(SegmentFileName fileName, SegmentWriter writer) {
    return new OpenSegment(fileName, writer, 0, true);
  }

  private OpenSegment(
      SegmentFileName fileName, SegmentWriter writer, long replacesBytes, boolean nameForced) {
    this.fileName = fileName;
    this.writer = writer;
    this.replacesBytes = replacesBytes;
    this.nameForced = nameForced;
  }

  WalSegmentName segment() {
    return fileName.segment();
  }

  SegmentFileName fileName() {
    return fileName;
  }

  SegmentWriter writer() {
    return writer;
  }

  /// False when somebody has taken the file away.
  boolean isThere(WalDirectory directory) {
    return directory.files().exists(directory.resolve(fileName));
  }

  /// True when a stretch of WAL that ends at `lsn` ends in this segment.
  boolean holdsEnd(long lsn) {
    return Lsn.isAfter(lsn, segment().startLsn()) && !Lsn.isAfter(lsn, segment().endLsn());
  }

  /// Makes everything written up to `writtenLsn` durable, under a name by which it is found again.
  void force(WalDirectory directory, long writtenLsn) throws IOException {
    showAsPartial(directory, writtenLsn);
    if (!nameForced) {
      directory.forceNames();
      nameForced = true;
    }
    writer.force();
  }

  /// Takes the name by which pg_receivewal knows a segment being received. Only once all segments
  /// before it are finished.
  void showAsPartial(WalDirectory directory, long writtenLsn) throws IOException {
    if (fileName.stage() == Stage.NEXT && writtenLsn - segment().startLsn() >= replacesBytes) {
      rename(directory, Stage.PARTIAL);
      nameForced = false;
    }
  }

  /// Makes the whole segment durable, then gives it its final name.
  void finish(WalDirectory directory) throws IOException {
    writer.complete();
    writer.close();
    rename(directory, Stage.FINISHED);
    if (replacesBytes > 0) {
      directory.files().delete(directory.resolve(fileName.at(Stage.PARTIAL)));
    }
    directory.forceNames();
    directory.markForArchiver(fileName.fileName());
    LeadingRecord.unmark(directory, segment());
  }

  /// Ends the file of a segment that will not become whole in this life.
  void close(WalDirectory directory) throws IOException {
    writer.close();
    if (fileName.stage() == Stage.NEXT) {
      directory.files().delete(directory.resolve(fileName));
    }
  }

  private void rename(WalDirectory directory, Stage stage) throws IOException {
    directory.rename(fileName, stage);
    fileName = fileName.at(stage);
  }
}
