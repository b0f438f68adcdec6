package org.walstream.cli.waldump;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.walstream.wal.WalSegmentName;
import org.walstream.wal.record.WalSegmentSource;

/// The segments of a directory for one reader: the file read last stays open. One thread.
final class SegmentFiles implements WalSegmentSource, AutoCloseable {

  private final Path directory;

  private @Nullable WalSegmentName openSegment;
  private @Nullable SegmentFile openFile;

  SegmentFiles(Path directory) {
    this.directory = directory;
  }

  @Override
  public int read(WalSegmentName segment, int offset, ByteBuffer into) throws IOException {
    SegmentFile file = openFile;
    if (file == null || !segment.equals(openSegment)) {
      close();
      file = open(segment);
      openFile = file;
      openSegment = segment;
    }
    return file == null ? ABSENT : file.read(offset, into);
  }

  private @Nullable SegmentFile open(WalSegmentName segment) throws IOException {
    for (String name : SegmentFile.names(segment.fileName())) {
      try {
        return SegmentFile.open(directory.resolve(name));
      } catch (NoSuchFileException e) {
        // Perhaps under another name.
      }
    }
    return null;
  }

  @Override
  public void close() throws IOException {
    if (openFile != null) {
      openFile.close();
      openFile = null;
    }
  }
}
