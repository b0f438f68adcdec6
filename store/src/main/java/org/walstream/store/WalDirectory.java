package org.walstream.store;

import java.io.IOException;
import java.nio.file.Path;
import org.walstream.file.FileLayer;
import org.walstream.file.OpenFile;
import org.walstream.store.compress.Compression.Method;
import org.walstream.store.segment.SegmentDirectory;
import org.walstream.store.segment.SegmentFileName;
import org.walstream.store.segment.SegmentFileName.Stage;
import org.walstream.wal.machine.Machine;

/// The few steps by which our own directory of segments changes. Each is durable when it returns,
/// unless the store was told not to sync.
///
/// Counterpart of the directory method in src/bin/pg_basebackup/walmethods.c. Any thread.
final class WalDirectory {

  private static final String ARCHIVE_STATUS = "archive_status";

  private final Path path;
  private final StoreOptions options;
  private final SegmentDirectory content;

  WalDirectory(Path path, StoreOptions options) {
    this.path = path;
    this.options = options;
    this.content = new SegmentDirectory(options.files(), path);
  }

  Path path() {
    return path;
  }

  Machine machine() {
    return options.machine();
  }

  FileLayer files() {
    return options.files();
  }

  /// What is in it.
  SegmentDirectory content() {
    return content;
  }

  /// True when segments are to be compressed from now on.
  boolean compresses() {
    return options.compression().method() != Method.NONE;
  }

  Path resolve(SegmentFileName name) {
    return content.resolve(name);
  }

  Path resolve(String fileName) {
    return path.resolve(fileName);
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
