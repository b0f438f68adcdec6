package org.walstream.redo.recovery;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.walstream.file.FileLayer;
import org.walstream.file.OpenFile;
import org.walstream.redo.relation.RelationPaths;

/// What a server leaves in its directory that means nothing to the next one, and what it may have
/// left unforced. May be done again at any time before replay.
///
/// ```
///   pg_wal/xlogtemp.*                             segments that were being made
///   base/pgsql_tmp/pgsql_tmp*, …                  what queries had to put aside
///   t3_16401                                      temporary relations
///   global/pg_internal.init, base/5/…             what new sessions start their caches with
///   pg_snapshots/*                                snapshots exported by sessions
///   pg_stat/pgstat.stat                           true for the moment of an orderly stop only
/// ```
///
/// Counterpart of RemoveTempXlogFiles(), SyncDataDirectory(), RemovePgTempFiles(),
/// RelationCacheInitFileRemove(), DeleteAllExportedSnapshotFiles() and pgstat_discard_stats().
final class DirectoryCleanup {

  private static final Logger logger = LoggerFactory.getLogger(DirectoryCleanup.class);

  private static final Pattern OID = Pattern.compile("[0-9]+");
  private static final Pattern TEMPORARY_RELATION =
      Pattern.compile("t[0-9]+_[0-9]+(_(fsm|vm|init))?(\\.[0-9]+)?");

  private static final String TEMPORARY_FILES = "pgsql_tmp";
  private static final String RELATION_CACHE = "pg_internal.init";

  private final FileLayer files;
  private final RelationPaths paths;
  private final Path root;

  DirectoryCleanup(FileLayer files, RelationPaths paths) {
    this.files = files;
    this.paths = paths;
    this.root = paths.dataDirectory();
  }

  /// Removes segments that a crashed server was making.
  void removeTemporaryWal() throws IOException {
    Path pgWal = root.resolve("pg_wal");
    for (String name : files.list(pgWal)) {
      if (name.startsWith("xlogtemp.")) {
        files.delete(pgWal.resolve(name));
      }
    }
  }

  /// Removes all the rest.
  void removeLeftovers() throws IOException {
    removeRelationCache(root.resolve("global"));
    for (Path databases : databaseDirectories()) {
      removeTemporaryFiles(databases.resolve(TEMPORARY_FILES));
      for (Path database : numbered(databases)) {
        removeRelationCache(database);
        removeMatching(database, TEMPORARY_RELATION);
      }
    }
    removeMatching(root.resolve("pg_snapshots"), Pattern.compile(".*"));
    files.delete(root.resolve("pg_stat").resolve("pgstat.stat"));
  }

  /// Forces every file and directory: what a process wrote before it crashed may not be on disk
  /// yet, and nobody will remember to force it. First the kernel is told of all of them: it writes
  /// many at a time, while they are waited for one by one.
  void forceAll() throws IOException {
    List<Path> trees = trees();
    for (Path tree : trees) {
      walk(tree, this::startWriting, _ -> {});
    }
    for (Path tree : trees) {
      walk(tree, this::forceFile, directory -> Fsync.directory(files, directory));
    }
  }

  private interface Step {
    void with(Path path) throws IOException;
  }

  /// Every file below `directory`, and every directory after what is in it; no links.
  private void walk(Path directory, Step forFile, Step forDirectory) throws IOException {
    for (String name : files.list(directory)) {
      Path path = directory.resolve(name);
      if (Files.isDirectory(path, NOFOLLOW_LINKS)) {
        walk(path, forFile, forDirectory);
      } else if (Files.isRegularFile(path, NOFOLLOW_LINKS)) {
        forFile.with(path);
      }
    }
    forDirectory.with(directory);
  }

  private List<Path> trees() throws IOException {
    var trees = new ArrayList<>(List.of(root));
    Path pgWal = root.resolve("pg_wal");
    if (Files.isSymbolicLink(pgWal)) {
      trees.add(pgWal.toRealPath());
    }
    Path tablespaces = root.resolve("pg_tblspc");
    for (String name : files.list(tablespaces)) {
      Path link = tablespaces.resolve(name);
      if (Files.isSymbolicLink(link) && Files.isDirectory(link)) {
        trees.add(link.toRealPath());
      }
    }
    return trees;
  }

  private void startWriting(Path path) throws IOException {
    if (Files.isReadable(path)) {
      try (OpenFile file = files.openForReading(path)) {
        file.startWriting(0, file.size());
      }
    }
  }

  /// A file that may not be written, such as somebody's certificate, was not written by a server.
  private void forceFile(Path path) throws IOException {
    try {
      Fsync.file(files, path);
    } catch (AccessDeniedException e) {
      logger.debug("not forced: \"{}\"", path, e);
    }
  }

  /// `base`, and the directory of this version in each tablespace.
  private List<Path> databaseDirectories() throws IOException {
    var found = new ArrayList<>(List.of(root.resolve("base")));
    for (Path tablespace : numbered(root.resolve("pg_tblspc"))) {
      Path version = tablespace.resolve(paths.format().tablespaceVersionDirectory());
      if (Files.isDirectory(version)) {
        found.add(version);
      }
    }
    return found;
  }

  private void removeRelationCache(Path directory) throws IOException {
    for (String name : files.list(directory)) {
      if (name.equals(RELATION_CACHE) || name.startsWith(RELATION_CACHE + ".")) {
        files.delete(directory.resolve(name));
      }
    }
  }

  private void removeMatching(Path directory, Pattern pattern) throws IOException {
    if (!Files.isDirectory(directory)) {
      return;
    }
    for (String name : files.list(directory)) {
      if (pattern.matcher(name).matches()) {
        files.delete(directory.resolve(name));
      }
    }
  }

  private void removeTemporaryFiles(Path directory) throws IOException {
    if (!Files.isDirectory(directory, NOFOLLOW_LINKS)) {
      return;
    }
    for (String name : files.list(directory)) {
      if (name.startsWith(TEMPORARY_FILES)) {
        removeTree(directory.resolve(name));
      }
    }
  }

  private void removeTree(Path path) throws IOException {
    if (Files.isDirectory(path, NOFOLLOW_LINKS)) {
      for (String name : files.list(path)) {
        removeTree(path.resolve(name));
      }
    }
    files.delete(path);
  }

  private List<Path> numbered(Path directory) throws IOException {
    var found = new ArrayList<Path>();
    for (String name : files.list(directory)) {
      if (OID.matcher(name).matches() && Files.isDirectory(directory.resolve(name))) {
        found.add(directory.resolve(name));
      }
    }
    return found;
  }
}
