package org.walstream.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What the kernel keeps of files in memory.
final class PageCache {

  private static final Path DROP = Path.of("/proc/sys/vm/drop_caches");
  private static final String PAGES_AND_INODES = "3";

  private PageCache() {}

  /// Forgets all that is on disk: programs and libraries too.
  ///
  /// @throws IOException saying what it takes, where it is not permitted
  static void drop() throws IOException {
    try {
      Files.writeString(DROP, PAGES_AND_INODES);
    } catch (IOException e) {
      throw new IOException(
          "could not drop the kernel's caches (\"%s\"): only root may on Linux, and in some containers nobody; leave --cold out"
              .formatted(DROP),
          e);
    }
  }
}
