package org.walstream.store.segment;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.walstream.file.FileLayer;
import org.walstream.store.segment.SegmentFileName.Stage;
import org.walstream.wal.TimelineHistory;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalSegmentName;
import org.walstream.wal.WalSegmentSize;
import org.walstream.wal.control.ControlFile;
import org.walstream.wal.record.EndOfWal;
import org.walstream.wal.record.WalSegmentSource;

/// WAL that somebody else wrote and nobody writes now: the data directory or `pg_wal` of a server
/// that is down, or a directory that a receiver left, compressed or not. Read only; nothing is
/// locked.
///
/// With a control file at hand (a data directory, or its `pg_wal`) reading starts where the
/// server's own recovery would, and looks at those files alone that recovery looks at. Without one
/// it starts at the oldest segment of the last unbroken run, whose first page says whose WAL it is;
/// then `.partial` files count too, as a receiver has its newest WAL in one.
///
/// Belongs to one thread.
public final class PgWalDirectory implements WalSegmentSource, Closeable {

  private static final String CONTROL_FILE = "global/pg_control";

  private final SegmentDirectory directory;
  private final @Nullable ControlFile controlFile;
  private final SegmentIdentity identity;
  private final SegmentReader segments;

  private PgWalDirectory(Path path, @Nullable ControlFile controlFile) throws IOException {
    this.directory = new SegmentDirectory(FileLayer.system(), path);
    this.controlFile = controlFile;
    if (controlFile != null) {
      identity =
          new SegmentIdentity(
              controlFile.systemIdentifier(), controlFile.layout().walSegmentSize());
      segments = new SegmentReader(directory, this::finished);
    } else {
      identity =
          directory
              .identity()
              .orElseThrow(() ->
                  new IOException(
                      "could not find any WAL file in directory \"%s\"".formatted(path)));
      segments = new SegmentReader(directory);
    }
  }

  private @Nullable SegmentFileName finished(WalSegmentName segment) {
    var name = SegmentFileName.finished(segment);
    return directory.files().exists(directory.resolve(name)) ? name : null;
  }

  /// Opens a data directory, a `pg_wal`, or any other directory of segments.
  ///
  /// @throws IOException if there is no WAL in it, or its control file cannot be read
  public static PgWalDirectory open(Path directory) throws IOException {
    Path within = directory.resolve(CONTROL_FILE);
    if (Files.exists(within)) {
      return new PgWalDirectory(directory.resolve("pg_wal"), readControlFile(within));
    }
    Path beside = directory.toAbsolutePath().normalize().resolveSibling(CONTROL_FILE);
    return new PgWalDirectory(directory, Files.exists(beside) ? readControlFile(beside) : null);
  }

  /// What the server last knew about itself; empty when only its WAL is here.
  public Optional<ControlFile> controlFile() {
    return Optional.ofNullable(controlFile);
  }

  public WalSegmentSize segmentSize() {
    return identity.segmentSize();
  }

  public long systemIdentifier() {
    return identity.systemIdentifier();
  }

  /// Searches for the end of the WAL; see [EndOfWal].
  public EndOfWal endOfWal() throws IOException {
    if (controlFile == null) {
      TimelineHistory history = history(directory.timelines().getLast());
      long start = segmentSize().start(firstOfLastRun(history));
      return EndOfWal.searchFromSegment(
          segments, segmentSize(), systemIdentifier(), history, start);
    }
    long redoLsn = controlFile.checkPoint().redoLsn();
    return EndOfWal.searchFromRecord(
        segments, segmentSize(), systemIdentifier(), newestHistory(controlFile), redoLsn);
  }

  @Override
  public int read(WalSegmentName segment, int offset, ByteBuffer into) throws IOException {
    return segments.read(segment, offset, into);
  }

  @Override
  public void close() throws IOException {
    segments.close();
  }

  /// The history of the newest timeline here that goes through the latest checkpoint.
  private TimelineHistory newestHistory(ControlFile control) throws IOException {
    var checkPointTimeline = new TimelineId(control.checkPoint().timeline());
    for (TimelineId candidate : directory.timelines().reversed()) {
      TimelineHistory history = history(candidate);
      if (history.contains(checkPointTimeline, control.checkPoint().redoLsn())) {
        return history;
      }
    }
    return history(checkPointTimeline);
  }

  private TimelineHistory history(TimelineId timeline) throws IOException {
    return directory.history(timeline).orElseGet(() -> TimelineHistory.ofFirst(timeline));
  }

  /// The number of the segment before which the one next to it is missing.
  private long firstOfLastRun(TimelineHistory history) throws IOException {
    var numbers = new TreeSet<Long>();
    for (SegmentFileName name : directory.segments(segmentSize())) {
      if (name.stage() != Stage.NEXT && history.contains(name.segment().timeline())) {
        numbers.add(name.segment().segmentNumber());
      }
    }
    long first = numbers.last();
    while (numbers.contains(first - 1)) {
      first--;
    }
    return first;
  }

  private static ControlFile readControlFile(Path file) throws IOException {
    return ControlFile.parse(Files.readAllBytes(file));
  }
}
