package org.walstream.redo.control;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.walstream.redo.RedoException;
import org.walstream.redo.relation.RelationPaths;
import org.walstream.redo.storage.DataFiles;
import org.walstream.wal.rmgr.TablespaceRecord;

/// Tablespaces: a symbolic link in `pg_tblspc` to a directory elsewhere, and in that a directory of
/// this version's. The directory elsewhere is the administrator's to make. A tablespace without a
/// path of its own is a directory where the link would be.
///
/// Counterpart of tblspc_redo(), src/backend/commands/tablespace.c.
final class TablespaceRedo {

  private static final Logger logger = LoggerFactory.getLogger(TablespaceRedo.class);

  private final DataFiles files;
  private final RelationPaths paths;
  private final RecoveryPoint recoveryPoint;

  TablespaceRedo(DataFiles files, RelationPaths paths, RecoveryPoint recoveryPoint) {
    this.files = files;
    this.paths = paths;
    this.recoveryPoint = recoveryPoint;
  }

  void redo(TablespaceRecord record) throws IOException {
    recoveryPoint.require(record.record().endLsn());
    switch (record) {
      case TablespaceRecord.Create create -> create(create);
      case TablespaceRecord.Drop drop -> drop(drop.tsId());
    }
  }

  private void create(TablespaceRecord.Create record) throws IOException {
    Path link = link(record.tsId());
    if (record.tsPath().isEmpty()) {
      makeVersionDirectory(link, record);
      return;
    }
    Path location = Path.of(record.tsPath());
    try {
      files.restrictDirectory(location);
    } catch (NoSuchFileException absent) {
      throw RedoException.ofRecord(
          record.record(),
          "directory \"%s\" does not exist; create this directory for the tablespace before replaying again"
              .formatted(location));
    }
    makeVersionDirectory(location, record);
    makeLink(link, location, record);
  }

  private void makeVersionDirectory(Path location, TablespaceRecord.Create record)
      throws IOException {
    Path version = location.resolve(versionDirectory());
    if (files.exists(version) && !Files.isDirectory(version)) {
      throw RedoException.ofRecord(
          record.record(), "\"%s\" exists but is not a directory".formatted(version));
    }
    files.createDirectory(version);
  }

  /// In place of one that leads elsewhere, or of a directory: what was dropped further on in WAL
  /// had that made again for its files.
  private void makeLink(Path link, Path location, TablespaceRecord.Create record)
      throws IOException {
    if (Files.isSymbolicLink(link) && Files.readSymbolicLink(link).equals(location)) {
      return;
    }
    if (Files.exists(link, NOFOLLOW_LINKS)) {
      if (!isLinkOrDirectory(link)) {
        throw RedoException.ofRecord(
            record.record(), "\"%s\" is not a directory or symbolic link".formatted(link));
      }
      files.remove(link);
    }
    files.createSymbolicLink(link, location);
  }

  /// Nothing permanent is left in it, or the record would not have been written. If there is
  /// something, it stays: to go on is better than to fail.
  private void drop(int tsId) throws IOException {
    Path link = link(tsId);
    Path version = link.resolve(versionDirectory());
    if (files.exists(version)) {
      for (String name : files.list(version)) {
        removeIfEmpty(version.resolve(name));
      }
      if (!removeIfEmpty(version)) {
        logger.info(
            "directories for tablespace {} could not be removed", Integer.toUnsignedString(tsId));
        return;
      }
    }
    if (Files.isSymbolicLink(link)) {
      files.remove(link);
    } else if (Files.exists(link, NOFOLLOW_LINKS)) {
      removeIfEmpty(link);
    }
  }

  private boolean removeIfEmpty(Path directory) throws IOException {
    if (!Files.isDirectory(directory, NOFOLLOW_LINKS)) {
      logger.info("could not remove directory \"{}\": Not a directory", directory);
      return false;
    }
    if (!files.list(directory).isEmpty()) {
      logger.info("could not remove directory \"{}\": Directory not empty", directory);
      return false;
    }
    files.remove(directory);
    return true;
  }

  private static boolean isLinkOrDirectory(Path path) {
    return Files.isSymbolicLink(path) || Files.isDirectory(path, NOFOLLOW_LINKS);
  }

  private Path link(int tsId) {
    return paths.dataDirectory().resolve("pg_tblspc").resolve(Integer.toUnsignedString(tsId));
  }

  private String versionDirectory() {
    return paths.format().tablespaceVersionDirectory();
  }
}
