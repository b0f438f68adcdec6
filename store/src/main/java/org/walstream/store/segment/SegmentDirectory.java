package org.walstream.store.segment;

import static org.walstream.wal.record.XLogPageHeader.PAGE_BYTES;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.walstream.file.FileLayer;
import org.walstream.file.OpenFile;
import org.walstream.store.compress.Compression.Method;
import org.walstream.store.segment.SegmentFileName.Stage;
import org.walstream.wal.TimelineHistory;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalFormat;
import org.walstream.wal.WalSegmentName;
import org.walstream.wal.WalSegmentSize;
import org.walstream.wal.record.XLogLongPageHeader;

/// What is in a directory of segments. Any thread; each question looks anew.
public final class SegmentDirectory {

  private static final Logger logger = LoggerFactory.getLogger(SegmentDirectory.class);

  private static final Stage[] BY_STAGE = {Stage.FINISHED, Stage.PARTIAL, Stage.NEXT};
  private static final Method[] BY_METHOD = Method.values();

  private final FileLayer files;
  private final Path path;

  public SegmentDirectory(FileLayer files, Path path) {
    this.files = files;
    this.path = path;
  }

  public FileLayer files() {
    return files;
  }

  public Path path() {
    return path;
  }

  public Path resolve(SegmentFileName name) {
    return path.resolve(name.fileName());
  }

  /// The names of all files, sorted.
  public List<String> list() throws IOException {
    return files.list(path);
  }

  /// All segment files, in [SegmentFileName#ORDER].
  public List<SegmentFileName> segments(WalSegmentSize segmentSize) throws IOException {
    return list().stream()
        .map(name -> SegmentFileName.parse(name, segmentSize))
        .flatMap(Optional::stream)
        .sorted(SegmentFileName.ORDER)
        .toList();
  }

  /// Opens a segment's file, whatever it is called.
  ///
  /// @return null when there is none
  public @Nullable SegmentFile open(WalSegmentName segment) throws IOException {
    // Looked for twice, as it may be on its way to its next name; names only go one way.
    for (int look = 0; look < 2; look++) {
      SegmentFileName name = find(segment);
      SegmentFile file = name == null ? null : open(name);
      if (file != null) {
        return file;
      }
    }
    return null;
  }

  /// The name that a segment's file has now: finished rather than being received, plain rather than
  /// compressed; null when there is none.
  public @Nullable SegmentFileName find(WalSegmentName segment) {
    for (Stage stage : BY_STAGE) {
      for (Method method : BY_METHOD) {
        var name = new SegmentFileName(segment, method, stage);
        if (files.exists(resolve(name))) {
          return name;
        }
      }
    }
    return null;
  }

  /// @return null when there is none (any more)
  public @Nullable SegmentFile open(SegmentFileName name) throws IOException {
    try {
      return SegmentFile.open(files, resolve(name), name.method());
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /// The name of a segment's finished file, plain rather than compressed; null when there is none.
  public @Nullable SegmentFileName findFinished(WalSegmentName segment) {
    for (Method method : BY_METHOD) {
      var name = new SegmentFileName(segment, method, Stage.FINISHED);
      if (files.exists(resolve(name))) {
        return name;
      }
    }
    return null;
  }

  /// The file after which streaming goes on, or within which if it is partial: the newest one.
  /// Finished files of a wrong size are passed over with a warning, as pg_receivewal does; a
  /// partial one may have any.
  ///
  /// Counterpart of FindStreamingStart(), src/bin/pg_basebackup/pg_receivewal.c.
  public Optional<SegmentFileName> newest(WalSegmentSize segmentSize) throws IOException {
    for (SegmentFileName name : segments(segmentSize).reversed()) {
      if (name.stage() == Stage.PARTIAL || (name.isFinished() && hasFullSize(name))) {
        return Optional.of(name);
      }
    }
    return Optional.empty();
  }

  /// True when a segment's file is finished, as far as its size tells: no directory, nothing that
  /// was cut off. pg_receivewal passes over what is not, with this warning.
  public boolean hasFullSize(SegmentFileName name) throws IOException {
    long expected = name.segment().segmentSize().bytes();
    long size;
    try {
      size = SegmentFile.sizeOfFinished(files, resolve(name), name.method());
    } catch (NoSuchFileException e) {
      return false; // gone since it was listed
    }
    if (size != expected) {
      logger.warn(
          name.isPlain()
              ? "segment file \"{}\" has incorrect size {}, skipping"
              : "compressed segment file \"{}\" has incorrect uncompressed size {}, skipping",
          name,
          size);
    }
    return size == expected;
  }

  /// Whose WAL the newest segment with a readable first page is; empty when there is none.
  public Optional<SegmentIdentity> identity() throws IOException {
    for (String name : list().reversed()) {
      if (SegmentFileName.isSegment(name)) {
        Optional<SegmentIdentity> identity = identity(name);
        if (identity.isPresent()) {
          return identity;
        }
      }
    }
    return Optional.empty();
  }

  private Optional<SegmentIdentity> identity(String fileName) {
    ByteBuffer page = ByteBuffer.allocate(XLogLongPageHeader.LENGTH).order(ByteOrder.LITTLE_ENDIAN);
    Path file = path.resolve(fileName);
    try (var segment = SegmentFile.open(files, file, SegmentFileName.methodOf(fileName))) {
      segment.read(0, page);
    } catch (IOException e) {
      logger.debug("cannot tell whose WAL is in \"{}\"", file, e); // then another one
      return Optional.empty();
    }
    if (page.hasRemaining()) {
      return Optional.empty();
    }
    XLogLongPageHeader header = XLogLongPageHeader.read(page, 0);
    boolean readable =
        WalFormat.ofPageMagic(header.std().magic()).isPresent()
            && header.std().isLong()
            && header.pageBytes() == PAGE_BYTES
            && WalSegmentSize.isValid(header.segmentBytes());
    return readable
        ? Optional.of(
            new SegmentIdentity(
                header.systemIdentifier(), new WalSegmentSize(header.segmentBytes())))
        : Optional.empty();
  }

  /// A timeline's history file as it is; empty when it is not here.
  public Optional<byte[]> historyFile(TimelineId timeline) throws IOException {
    Path file = path.resolve(timeline.historyFileName());
    try (OpenFile open = files.openForReading(file)) {
      ByteBuffer content = ByteBuffer.allocate(Math.toIntExact(open.size()));
      while (content.hasRemaining() && open.read(content, content.position()) > 0) {
        // until all of it is there
      }
      return Optional.of(Arrays.copyOf(content.array(), content.position()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /// A timeline's history, if its file is here; of the first timeline, which has none, always.
  public Optional<TimelineHistory> history(TimelineId timeline) throws IOException {
    if (timeline.equals(TimelineId.FIRST)) {
      return Optional.of(TimelineHistory.ofFirst(timeline));
    }
    Optional<byte[]> content = historyFile(timeline);
    return content.isEmpty()
        ? Optional.empty()
        : Optional.of(TimelineHistory.parse(timeline, content.get()));
  }

  /// All timelines that have a segment or a history here, oldest first.
  public List<TimelineId> timelines() throws IOException {
    var timelines = new ArrayList<TimelineId>();
    for (String name : list()) {
      if (SegmentFileName.isSegment(name) || name.matches("[0-9A-F]{8}\\.history")) {
        int value = Integer.parseUnsignedInt(name, 0, 8, 16);
        if (value != 0) {
          timelines.add(new TimelineId(value));
        }
      }
    }
    return timelines.stream().sorted().distinct().toList();
  }
}
