package org.walstream.redo.recovery;

import java.io.IOException;
import java.nio.file.Path;
import org.walstream.file.FileErrors;
import org.walstream.file.FileLayer;
import org.walstream.file.OpenFile;

/// Forces by name, and says what could not be forced: the kernel does not. Whoever hears of that
/// ends: what was not forced may be lost, and to force it again would succeed without writing it.
final class Fsync {

  private Fsync() {}

  static void file(FileLayer files, Path path) throws IOException {
    try (OpenFile file = files.open(path)) {
      force(file, path);
    }
  }

  static void directory(FileLayer files, Path path) throws IOException {
    try {
      files.forceDirectory(path);
    } catch (IOException e) {
      throw could(path, e);
    }
  }

  private static void force(OpenFile file, Path path) throws IOException {
    try {
      file.force();
    } catch (IOException e) {
      throw could(path, e);
    }
  }

  private static IOException could(Path path, IOException cause) {
    return new IOException(
        "could not fsync file \"%s\": %s".formatted(path, FileErrors.reason(cause)), cause);
  }
}
