package org.walstream.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.walstream.wal.TimelineHistory;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalSegmentName;
import org.walstream.wal.WalSegmentSize;
import org.walstream.wal.control.ControlFile;
import org.walstream.wal.record.EndOfWal;
import org.walstream.wal.record.WalSegmentSource;
import org.walstream.wal.record.XLogLongPageHeader;

/// WAL that somebody else wrote and nobody writes now: the data directory or `pg_wal` of a server
/// that is down, or a directory that pg_receivewal left. Read only; nothing is locked.
///
/// With a control file at hand (a data directory, or its `pg_wal`) reading starts where the
/// server's own recovery would. Without one it starts at the oldest segment of the last unbroken
/// run, and the first page of that says whose WAL it is; then `.partial` files count too, as
/// pg_receivewal has its newest WAL in one.
///
/// Belongs to one thread.
public final class PgWalDirectory implements WalSegmentSource, AutoCloseable {

  private static final String CONTROL_FILE = "global/pg_control";

  private final Path directory;
  private final @Nullable ControlFile controlFile;
  private final List<String> fileNames;
  private final WalSegmentSize segmentSize;
  private final long systemIdentifier;

  private @Nullable WalSegmentName openSegment;
  private @Nullable FileChannel openFile;

  private PgWalDirectory(Path directory, @Nullable ControlFile controlFile) throws IOException {
    this.directory = directory;
    this.controlFile = controlFile;
    this.fileNames = fileNames(directory);
    if (controlFile != null) {
      segmentSize = controlFile.layout().walSegmentSize();
      systemIdentifier = controlFile.systemIdentifier();
    } else {
      var header = anyLongHeader();
      segmentSize = new WalSegmentSize(header.segmentBytes());
      systemIdentifier = header.systemIdentifier();
    }
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
    return segmentSize;
  }

  public long systemIdentifier() {
    return systemIdentifier;
  }

  /// Searches for the end of the WAL; see [EndOfWal].
  public EndOfWal endOfWal() throws IOException {
    if (controlFile == null) {
      TimelineHistory history = history(timelines().getLast());
      long start = segmentSize.start(firstOfLastRun(history));
      return EndOfWal.searchFromSegment(this, segmentSize, systemIdentifier, history, start);
    }
    long redoLsn = controlFile.checkPoint().redoLsn();
    return EndOfWal.searchFromRecord(
        this, segmentSize, systemIdentifier, newestHistory(controlFile), redoLsn);
  }

  @Override
  public int read(WalSegmentName segment, int offset, ByteBuffer into) throws IOException {
    if (!segment.equals(openSegment)) {
      close();
      openFile = openIfPresent(segment);
      openSegment = segment;
    }
    if (openFile == null) {
      return ABSENT;
    }
    int length = 0;
    while (into.hasRemaining()) {
      int read = openFile.read(into, (long) offset + length);
      if (read < 0) {
        break;
      }
      length += read;
    }
    return length;
  }

  @Override
  public void close() throws IOException {
    openSegment = null;
    if (openFile != null) {
      openFile.close();
      openFile = null;
    }
  }

  private @Nullable FileChannel openIfPresent(WalSegmentName segment) throws IOException {
    FileChannel whole = openIfPresent(segment.fileName());
    return whole == null && controlFile == null ? openIfPresent(segment.partialFileName()) : whole;
  }

  private @Nullable FileChannel openIfPresent(String fileName) throws IOException {
    try {
      return FileChannel.open(directory.resolve(fileName), StandardOpenOption.READ);
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /// The history of the newest timeline here that goes through the latest checkpoint.
  private TimelineHistory newestHistory(ControlFile control) throws IOException {
    var checkPointTimeline = new TimelineId(control.checkPoint().timeline());
    for (TimelineId candidate : timelines().reversed()) {
      TimelineHistory history = history(candidate);
      if (history.contains(checkPointTimeline, control.checkPoint().redoLsn())) {
        return history;
      }
    }
    return history(checkPointTimeline);
  }

  private TimelineHistory history(TimelineId timeline) throws IOException {
    Path file = directory.resolve(timeline.historyFileName());
    return Files.exists(file)
        ? TimelineHistory.parse(timeline, Files.readAllBytes(file))
        : TimelineHistory.ofFirst(timeline);
  }

  /// All timelines that have a segment or a history here, oldest first.
  private List<TimelineId> timelines() {
    return fileNames.stream()
        .filter(name -> isSegment(name) || name.matches("[0-9A-F]{8}\\.history"))
        .map(name -> Integer.parseUnsignedInt(name.substring(0, 8), 16))
        .filter(timeline -> timeline != 0)
        .map(TimelineId::new)
        .sorted()
        .distinct()
        .toList();
  }

  /// The number of the segment before which the one next to it is missing.
  private long firstOfLastRun(TimelineHistory history) {
    var numbers = new TreeSet<Long>();
    for (String name : fileNames) {
      if (isSegment(name)) {
        WalSegmentName.parse(name.substring(0, 24), segmentSize)
            .filter(segment -> history.contains(segment.timeline()))
            .ifPresent(segment -> numbers.add(segment.segmentNumber()));
      }
    }
    long first = numbers.last();
    while (numbers.contains(first - 1)) {
      first--;
    }
    return first;
  }

  /// The long header of the first segment that has a plausible one.
  private XLogLongPageHeader anyLongHeader() throws IOException {
    for (String name : fileNames) {
      if (isSegment(name)) {
        var page = ByteBuffer.allocate(XLogLongPageHeader.LENGTH).order(ByteOrder.LITTLE_ENDIAN);
        try (var file = FileChannel.open(directory.resolve(name), StandardOpenOption.READ)) {
          file.read(page, 0);
        }
        var header = XLogLongPageHeader.read(page.clear(), 0);
        if (header.std().isLong() && WalSegmentSize.isValid(header.segmentBytes())) {
          return header;
        }
      }
    }
    throw new IOException("could not find any WAL file in directory \"%s\"".formatted(directory));
  }

  private static boolean isSegment(String fileName) {
    return WalSegmentName.isSegmentName(
        fileName.endsWith(WalSegmentName.PARTIAL_SUFFIX)
            ? fileName.substring(0, fileName.length() - WalSegmentName.PARTIAL_SUFFIX.length())
            : fileName);
  }

  private static List<String> fileNames(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static ControlFile readControlFile(Path file) throws IOException {
    return ControlFile.parse(Files.readAllBytes(file));
  }
}
