package org.walstream.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.walstream.file.FileLayer;
import org.walstream.file.OpenFile;
import org.walstream.wal.Lsn;
import org.walstream.wal.TimelineId;

/// Where received WAL that is not good is kept to be looked at: the last few pieces, in a directory
/// of their own with a hidden name. What cannot be kept is let go: it is not worth more.
///
/// ```
/// .corrupt/00000001-0-5000028-1795816861123.wal     timeline, position, milliseconds since 1970
/// ```
final class Quarantine {

  private static final Logger logger = LoggerFactory.getLogger(Quarantine.class);

  private static final String DIRECTORY = ".corrupt";
  private static final int FILES_MAX = 8;

  private final FileLayer files;
  private final Path directory;

  Quarantine(FileLayer files, Path walDirectory) {
    this.files = files;
    this.directory = walDirectory.resolve(DIRECTORY);
  }

  /// @return the file's name, as far as there is one
  Optional<String> keep(TimelineId timeline, long lsn, List<ByteBuffer> pieces) {
    Path file =
        directory.resolve(
            "%08X-%s-%d.wal"
                .formatted(
                    timeline.value(),
                    Lsn.format(lsn).replace('/', '-'),
                    System.currentTimeMillis()));
    try {
      files.createDirectory(directory);
      removeOldest();
      files.delete(file);
      try (OpenFile out = files.create(file)) {
        long offset = 0;
        for (ByteBuffer piece : pieces) {
          int length = piece.remaining();
          out.write(piece, offset);
          offset += length;
        }
      }
      return Optional.of(file.toString());
    } catch (IOException e) {
      logger.warn("could not keep corrupt WAL in \"{}\": {}", file, e.getMessage());
      return Optional.empty();
    }
  }

  private void removeOldest() throws IOException {
    List<String> kept =
        files.list(directory).stream()
            .sorted((one, other) -> Long.compare(age(one), age(other)))
            .toList();
    for (int i = 0; i <= kept.size() - FILES_MAX; i++) {
      files.delete(directory.resolve(kept.get(i)));
    }
  }

  private static long age(String name) {
    String digits = name.replaceFirst("\\.wal$", "").replaceFirst("^.*-", "");
    return digits.matches("\\d{1,18}") ? Long.parseLong(digits) : 0;
  }
}
