package org.walstream.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.walstream.file.FileLayer;
import org.walstream.file.OpenFile;
import org.walstream.store.Compression.Method;
import org.walstream.store.SegmentFileName.Stage;
import org.walstream.wal.WalFormat;
import org.walstream.wal.WalSegmentName;
import org.walstream.wal.WalSegmentSize;
import org.walstream.wal.record.XLogLongPageHeader;
import org.walstream.wal.record.XLogPageHeader;

/// The files of one WAL directory: what is there, and the few steps by which it changes. Each step
/// is durable when it returns, unless the store was told not to sync.
///
/// Counterpart of FindStreamingStart(), src/bin/pg_basebackup/pg_receivewal.c, and of the directory
/// method in walmethods.c. Any thread.
final class WalDirectory {

  private static final Logger logger = LoggerFactory.getLogger(WalDirectory.class);

  private static final String ARCHIVE_STATUS = "archive_status";

  /// Whose WAL it is, as a segment's first page says.
  record Identity(long systemIdentifier, WalSegmentSize segmentSize) {}

  private final Path path;
  private final StoreOptions options;

  WalDirectory(Path path, StoreOptions options) {
    this.path = path;
    this.options = options;
  }

  Path path() {
    return path;
  }

  FileLayer files() {
    return options.files();
  }

  Path resolve(SegmentFileName name) {
    return path.resolve(name.fileName());
  }

  Path resolve(String fileName) {
    return path.resolve(fileName);
  }

  List<String> list() throws IOException {
    return files().list(path);
  }

  /// All segment files, in [SegmentFileName#ORDER].
  List<SegmentFileName> segments(WalSegmentSize segmentSize) throws IOException {
    return list().stream()
        .map(name -> SegmentFileName.parse(name, segmentSize))
        .flatMap(Optional::stream)
        .sorted(SegmentFileName.ORDER)
        .toList();
  }

  /// The file after which streaming goes on, or within which if it is partial: the newest one.
  /// Finished files of a wrong size are passed over with a warning, as pg_receivewal does; a
  /// partial one may have any.
  Optional<SegmentFileName> newest(WalSegmentSize segmentSize) throws IOException {
    for (SegmentFileName name : segments(segmentSize).reversed()) {
      if (name.stage() == Stage.PARTIAL || (name.isFinished() && hasFullSize(name))) {
        return Optional.of(name);
      }
    }
    return Optional.empty();
  }

  private boolean hasFullSize(SegmentFileName name) throws IOException {
    long expected = name.segment().segmentSize().bytes();
    if (name.isPlain()) {
      long size = sizeOf(resolve(name));
      if (size != expected) {
        logger.warn("segment file \"{}\" has incorrect size {}, skipping", name, size);
      }
      return size == expected;
    }
    long size = CompressedFile.sizeOfFinished(files(), name.method(), resolve(name));
    if (size != expected) {
      logger.warn(
          "compressed segment file \"{}\" has incorrect uncompressed size {}, skipping",
          name,
          size);
    }
    return size == expected;
  }

  /// Whose WAL the newest segment with a readable first page is; empty when there is none.
  Optional<Identity> identity() throws IOException {
    for (String name : list().reversed()) {
      for (Method method : Method.values()) {
        String segment = withoutSuffix(withoutSuffix(name, ".partial"), method.suffix());
        if (WalSegmentName.isSegmentName(segment)) {
          Optional<Identity> identity = identity(method, path.resolve(name));
          if (identity.isPresent()) {
            return identity;
          }
        }
      }
    }
    return Optional.empty();
  }

  private static String withoutSuffix(String name, String suffix) {
    return name.endsWith(suffix) ? name.substring(0, name.length() - suffix.length()) : name;
  }

  private Optional<Identity> identity(Method method, Path segment) throws IOException {
    ByteBuffer page = ByteBuffer.allocate(XLogLongPageHeader.LENGTH).order(ByteOrder.LITTLE_ENDIAN);
    if (method != Method.NONE) {
      page.put(CompressedFile.beginning(files(), method, segment, page.capacity()));
    } else {
      try (OpenFile file = files().openForReading(segment)) {
        file.read(page, 0);
      }
    }
    if (page.hasRemaining()) {
      return Optional.empty();
    }
    XLogLongPageHeader header = XLogLongPageHeader.read(page, 0);
    boolean readable =
        WalFormat.ofPageMagic(header.std().magic()).isPresent()
            && header.std().isLong()
            && header.pageBytes() == XLogPageHeader.PAGE_BYTES
            && WalSegmentSize.isValid(header.segmentBytes());
    return readable
        ? Optional.of(
            new Identity(header.systemIdentifier(), new WalSegmentSize(header.segmentBytes())))
        : Optional.empty();
  }

  long sizeOf(Path file) throws IOException {
    try (OpenFile opened = files().openForReading(file)) {
      return opened.size();
    }
  }

  /// Returns once the file's bytes are durable.
  void force(OpenFile file) throws IOException {
    if (options.sync()) {
      file.force();
    }
  }

  /// Returns once all names in the directory are durable.
  void forceNames() throws IOException {
    if (options.sync()) {
      files().forceDirectory(path);
    }
  }

  /// Gives a segment's file the name of its next stage. Durable after [#forceNames].
  void rename(SegmentFileName name, Stage stage) throws IOException {
    files().rename(resolve(name), resolve(name.at(stage)));
  }

  /// Where an archiver looks for what is to be done with the finished file `fileName`.
  Path marker(ArchiveStatus status, String fileName) {
    return path.resolve(ARCHIVE_STATUS).resolve(status.markerOf(fileName));
  }

  private boolean isMarked(String fileName) {
    return files().exists(marker(ArchiveStatus.READY, fileName))
        || files().exists(marker(ArchiveStatus.DONE, fileName));
  }

  /// Leaves the marker for an archiver, if one was asked for and the file has none.
  void markForArchiver(String fileName) throws IOException {
    ArchiveStatus status = options.archiveStatus();
    if (status == ArchiveStatus.NONE || isMarked(fileName)) {
      return;
    }
    Path marked = marker(status, fileName);
    Path directory = path.resolve(ARCHIVE_STATUS);
    if (!files().exists(directory)) {
      files().createDirectory(directory);
      forceNames();
    }
    try (OpenFile marker = files().create(marked)) {
      force(marker);
    }
    if (options.sync()) {
      files().forceDirectory(directory);
    }
  }
}
