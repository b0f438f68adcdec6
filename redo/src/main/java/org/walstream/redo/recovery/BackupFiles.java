package org.walstream.redo.recovery;

import java.io.IOException;
import java.nio.file.Path;
import org.walstream.file.FileLayer;
import org.walstream.wal.control.BackupLabel;
import org.walstream.wal.control.TablespaceMap;

/// What a base backup says of itself, and what becomes of that when recovery begins: its
/// tablespaces are linked, and once pg_control knows all the rest, the files are put aside, so that
/// the next recovery goes on instead of beginning anew.
///
/// Counterpart of InitWalRecovery() and StartupXLOG().
final class BackupFiles {

  private static final String OLD = ".old";

  private final FileLayer files;
  private final Path root;

  BackupFiles(FileLayer files, Path dataDirectory) {
    this.files = files;
    this.root = dataDirectory;
  }

  /// Makes the links in `pg_tblspc`, in the place of what is there. May be done again.
  void link(TablespaceMap map) throws IOException {
    Path directory = root.resolve("pg_tblspc");
    for (TablespaceMap.Tablespace tablespace : map.tablespaces()) {
      Path link = directory.resolve(Integer.toUnsignedString(tablespace.oid()));
      files.delete(link); // a directory must be empty, as in PostgreSQL
      files.createSymbolicLink(link, Path.of(tablespace.path()));
    }
    Fsync.directory(files, directory);
  }

  /// Renames both files, durably.
  void putAside() throws IOException {
    putAside(BackupLabel.FILE_NAME);
    putAside(TablespaceMap.FILE_NAME);
  }

  /// Renames a map that has no label beside it, and so is no backup's any more.
  ///
  /// @return whether there was one
  boolean putAsideLoneMap() throws IOException {
    return !files.exists(root.resolve(BackupLabel.FILE_NAME)) && putAside(TablespaceMap.FILE_NAME);
  }

  private boolean putAside(String name) throws IOException {
    Path file = root.resolve(name);
    if (!files.exists(file)) {
      return false;
    }
    files.rename(file, root.resolve(name + OLD));
    Fsync.directory(files, root);
    return true;
  }
}
