package org.walstream.redo.relation;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.walstream.redo.storage.DataFile;
import org.walstream.redo.storage.DataFiles;

/// The directories of databases, one in each tablespace that a database uses.
///
/// They are made and removed as a whole, and the next record may count on it: [#copy] and [#create]
/// are durable on return. All of it may be done again. What is removed cannot be taken back:
/// `minRecoveryPoint` has been made durable at or beyond the record first, and nobody uses files of
/// these databases meanwhile.
///
/// Counterpart of dbase_redo(), src/backend/commands/dbcommands.c, copydir(),
/// src/backend/storage/file/copydir.c, and rmtree(), src/common/rmtree.c.
public final class DatabaseFiles {

  private static final int COPY_BYTES = 1 << 20;

  private final DataFiles files;
  private final RelationPaths paths;

  public DatabaseFiles(DataFiles files, RelationPaths paths) {
    this.files = files;
    this.paths = paths;
  }

  /// Puts a copy of a database's directory in the place of another's. Whatever has changed in the
  /// source has been written to its files.
  ///
  /// Missing directories are made, the source's too: what WAL drops further on may have gone
  /// already. Only plain files are copied, as nothing else belongs there.
  public void copy(int spcOid, int dbOid, int srcSpcOid, int srcDbOid) throws IOException {
    Path source = paths.database(srcSpcOid, srcDbOid);
    Path target = paths.database(spcOid, dbOid);
    files.removeTree(target);
    files.createDirectory(source);
    files.createDirectory(target);
    try (Arena arena = Arena.ofConfined()) {
      ByteBuffer buffer = arena.allocate(COPY_BYTES).asByteBuffer();
      for (String name : files.list(source)) {
        if (Files.isRegularFile(source.resolve(name), NOFOLLOW_LINKS)) {
          copyFile(source.resolve(name), target.resolve(name), buffer);
        }
      }
    }
    forceTree(target);
  }

  /// Makes the directory of a database whose relations follow block by block.
  public void create(int spcOid, int dbOid) throws IOException {
    Path directory = paths.database(spcOid, dbOid);
    files.createDirectory(directory);
    String version = paths.format().majorVersion() + "\n";
    try (DataFile file = files.openOrCreate(directory.resolve("PG_VERSION"))) {
      file.truncate(0);
      file.write(ByteBuffer.wrap(version.getBytes(US_ASCII)), 0);
    }
    forceTree(directory);
  }

  /// Removes the directory of a database; no error if there is none.
  public void drop(int spcOid, int dbOid) throws IOException {
    files.removeTree(paths.database(spcOid, dbOid));
  }

  private void copyFile(Path source, Path target, ByteBuffer buffer) throws IOException {
    try (DataFile from = files.open(source);
        DataFile to = files.openOrCreate(target)) {
      long at = 0;
      while (from.read(buffer.clear(), at) > 0) {
        to.write(buffer.flip(), at);
        at += buffer.limit();
      }
    }
  }

  /// The files, their names, then the directory's own name.
  private void forceTree(Path directory) throws IOException {
    for (String name : files.list(directory)) {
      if (Files.isRegularFile(directory.resolve(name), NOFOLLOW_LINKS)) {
        files.force(directory.resolve(name));
      }
    }
    files.forceDirectory(directory);
    files.forceDirectory(Objects.requireNonNull(directory.getParent()));
  }
}
