package org.walstream.redo.recovery;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.walstream.file.FileLayer;

/// Replay makes directories in the place of tablespaces that WAL drops further on. Once the
/// directory is consistent, there must be links alone.
///
/// Counterpart of CheckTablespaceDirectory(), src/backend/access/transam/xlogrecovery.c.
final class TablespaceLinks {

  private TablespaceLinks() {}

  /// @param allowInPlace whether directories may be there; they are only told of then
  static void check(
      FileLayer files, Path dataDirectory, boolean allowInPlace, RecoveryListener listener)
      throws IOException {
    Path tablespaces = dataDirectory.resolve("pg_tblspc");
    for (String name : files.list(tablespaces)) {
      if (name.matches("[0-9]+") && !Files.isSymbolicLink(tablespaces.resolve(name))) {
        String message = "unexpected directory entry \"%s\" found in pg_tblspc".formatted(name);
        if (!allowInPlace) {
          throw new RecoveryException(
              message,
              "All directory entries in pg_tblspc/ should be symbolic links.",
              "Remove those directories, or set \"allow_in_place_tablespaces\" to ON transiently to"
                  + " let recovery complete.");
        }
        listener.warning(message);
      }
    }
  }
}
