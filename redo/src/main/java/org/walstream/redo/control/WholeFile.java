package org.walstream.redo.control;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.walstream.redo.storage.DataFile;
import org.walstream.redo.storage.DataFiles;

/// Small files, read at once.
final class WholeFile {

  /// What none of those read here comes near (MaxAllocSize).
  private static final long MAX_BYTES = (1L << 30) - 1;

  private WholeFile() {}

  /// All of the file, or null if there is none.
  static byte @Nullable [] readIfPresent(DataFiles files, Path path) throws IOException {
    try {
      return read(files, path);
    } catch (NoSuchFileException absent) {
      return null;
    }
  }

  /// All of the file.
  ///
  /// @throws NoSuchFileException if there is none
  static byte[] read(DataFiles files, Path path) throws IOException {
    try (DataFile file = files.open(path)) {
      long size = file.size();
      if (size > MAX_BYTES) {
        throw new IOException("incorrect size of file \"%s\": %d bytes".formatted(path, size));
      }
      ByteBuffer content = ByteBuffer.allocate((int) size);
      int got = file.read(content, 0);
      if (got < size) {
        throw new IOException(
            "could not read file \"%s\": read %d of %d".formatted(path, got, size));
      }
      return content.array();
    }
  }
}
