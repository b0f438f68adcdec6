package org.walstream.standby.supply;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.walstream.file.FileLayer;

/// `archive_mode`, and what it means for WAL that comes from elsewhere: a server that goes on here
/// as a primary archives every segment of which no mark says that it need not.
///
/// ```
/// pg_wal/archive_status/000000010000000000000003.done    need not be archived
/// pg_wal/archive_status/000000010000000000000003.ready   is to be archived
/// ```
///
/// Counterpart of src/backend/access/transam/xlogarchive.c.
public enum ArchiveMode {
  OFF,
  ON,
  /// What comes from elsewhere is archived here once more.
  ALWAYS;

  private static final String DIRECTORY = "archive_status";

  /// A file has come whole, from the primary or from the archive.
  public void received(FileLayer files, Path pgWal, String name) throws IOException {
    if (this == ALWAYS) {
      ready(files, pgWal, name);
      return;
    }
    Path done = mark(pgWal, name, ".done");
    Path ready = mark(pgWal, name, ".ready");
    if (files.exists(ready)) {
      files.rename(ready, done);
    } else if (!files.exists(done)) {
      make(files, done);
    }
  }

  /// A file is to be archived.
  public void ready(FileLayer files, Path pgWal, String name) throws IOException {
    if (!files.exists(mark(pgWal, name, ".done")) && !files.exists(mark(pgWal, name, ".ready"))) {
      make(files, mark(pgWal, name, ".ready"));
    }
  }

  /// Whether a segment that nobody needs here may go. Only where it is archived once more does it
  /// wait for that, with a mark if it had none.
  ///
  /// Counterpart of XLogArchiveCheckDone().
  public boolean mayGo(FileLayer files, Path pgWal, String name) throws IOException {
    if (this != ALWAYS || files.exists(mark(pgWal, name, ".done"))) {
      return true;
    }
    ready(files, pgWal, name);
    return false;
  }

  /// Whether somebody has thought of the file.
  public static boolean isMarked(FileLayer files, Path pgWal, String name) {
    return files.exists(mark(pgWal, name, ".ready")) || files.exists(mark(pgWal, name, ".done"));
  }

  /// The file is gone.
  public static void forget(FileLayer files, Path pgWal, String name) throws IOException {
    files.delete(mark(pgWal, name, ".done"));
    files.delete(mark(pgWal, name, ".ready"));
  }

  /// A base backup need not have the directory: a server makes it as it starts.
  private static void make(FileLayer files, Path mark) throws IOException {
    files.createDirectory(Objects.requireNonNull(mark.getParent()));
    files.create(mark).close();
  }

  private static Path mark(Path pgWal, String name, String suffix) {
    return pgWal.resolve(DIRECTORY).resolve(name + suffix);
  }
}
