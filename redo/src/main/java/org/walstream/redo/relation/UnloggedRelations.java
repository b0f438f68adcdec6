package org.walstream.redo.relation;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.walstream.redo.storage.DataFile;
import org.walstream.redo.storage.DataFiles;
import org.walstream.wal.record.ForkNumber;

/// Relations of which WAL tells nothing but that they exist: those with an init fork, which holds
/// what they look like when empty. Whatever else is there of them when recovery begins is of no
/// known age and goes. At the end of recovery a server copies the init fork over the main fork.
///
/// Counterpart of ResetUnloggedRelations(UNLOGGED_RELATION_CLEANUP),
/// src/backend/storage/file/reinit.c.
public final class UnloggedRelations {

  private static final Pattern OID = Pattern.compile("[0-9]+");

  private final DataFiles files;
  private final RelationPaths paths;

  public UnloggedRelations(DataFiles files, RelationPaths paths) {
    this.files = files;
    this.paths = paths;
  }

  /// Removes all forks but `init` of relations that have one, in all databases and tablespaces. May
  /// be done again; done by one thread before anything is replayed.
  public void cleanUp() throws IOException {
    forEachDatabase(this::cleanUp);
  }

  private interface DatabaseWork {
    void on(Path database) throws IOException;
  }

  private void forEachDatabase(DatabaseWork work) throws IOException {
    forEachDatabase(paths.dataDirectory().resolve("base"), work);
    Path tablespaces = paths.dataDirectory().resolve("pg_tblspc");
    for (Path tablespace : numbered(tablespaces)) {
      Path version = tablespace.resolve(paths.format().tablespaceVersionDirectory());
      if (files.exists(version)) {
        forEachDatabase(version, work);
      }
    }
  }

  private void forEachDatabase(Path databases, DatabaseWork work) throws IOException {
    for (Path database : numbered(databases)) {
      work.on(database);
    }
  }

  private List<String> names(Path database) throws IOException {
    try {
      return files.list(database);
    } catch (NotDirectoryException noDatabase) {
      return List.of();
    }
  }

  /// Makes every such relation empty, as its init fork has it: recovery is over. Durable after
  /// [DataFiles#sync].
  ///
  /// Counterpart of ResetUnloggedRelations(UNLOGGED_RELATION_INIT).
  public void initialize() throws IOException {
    forEachDatabase(this::initialize);
  }

  private void initialize(Path database) throws IOException {
    for (String name : names(database)) {
      RelationFileName init = RelationFileName.parse(name);
      if (init != null && init.fork() == ForkNumber.INIT) {
        var main = new RelationFileName(init.relNumber(), ForkNumber.MAIN, init.segment());
        copy(database.resolve(name), database.resolve(main.toString()));
      }
    }
  }

  private void copy(Path from, Path to) throws IOException {
    ByteBuffer block = ByteBuffer.allocate(DataFiles.BLOCK_BYTES);
    try (DataFile init = files.open(from);
        DataFile main = files.openOrCreate(to)) {
      main.truncate(0);
      long size = init.size();
      for (long at = 0; at < size; at += block.limit()) {
        init.read(block.clear(), at);
        main.write(block.flip(), at);
      }
    }
  }

  private void cleanUp(Path database) throws IOException {
    List<String> names = names(database);
    Set<Integer> unlogged = new HashSet<>();
    for (String name : names) {
      RelationFileName file = RelationFileName.parse(name);
      if (file != null && file.fork() == ForkNumber.INIT) {
        unlogged.add(file.relNumber());
      }
    }
    for (String name : names) {
      RelationFileName file = RelationFileName.parse(name);
      if (file != null && file.fork() != ForkNumber.INIT && unlogged.contains(file.relNumber())) {
        files.remove(database.resolve(name));
      }
    }
  }

  /// What in `directory` has a number for a name.
  private List<Path> numbered(Path directory) throws IOException {
    var found = new ArrayList<Path>();
    for (String name : files.list(directory)) {
      if (OID.matcher(name).matches()) {
        found.add(directory.resolve(name));
      }
    }
    return found;
  }
}
