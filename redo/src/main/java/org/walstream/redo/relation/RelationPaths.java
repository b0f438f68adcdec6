package org.walstream.redo.relation;

import java.nio.file.Path;
import org.walstream.wal.WalFormat;
import org.walstream.wal.record.ForkNumber;
import org.walstream.wal.record.RelFileLocator;

/// Where the files of relations are.
///
/// ```
/// global/1262                                   a relation that all databases share
/// base/5/1234_vm.1                              the second segment of a visibility map
/// pg_tblspc/16400/PG_18_202506291/5/16401       a relation in a tablespace of its own
/// ```
///
/// Counterpart of src/common/relpath.c (GetDatabasePath, GetRelationPath) and _mdfd_segpath() of
/// src/backend/storage/smgr/md.c. Temporary relations (`t3_16401`) are not in WAL and not here.
///
/// @param dataDirectory the cluster's
/// @param format says the name of a tablespace's directory for this version
public record RelationPaths(Path dataDirectory, WalFormat format) {

  /// The directory of a database in a tablespace.
  public Path database(int spcOid, int dbOid) {
    return dataDirectory.resolve(RelFileLocator.databasePath(format, spcOid, dbOid));
  }

  /// The first segment of a fork.
  public Path fork(RelFileLocator relation, ForkNumber fork) {
    return dataDirectory.resolve(relation.path(format, fork));
  }

  /// A segment of the fork whose first is `fork`.
  static Path segment(Path fork, int segment) {
    return segment == 0 ? fork : fork.resolveSibling(fork.getFileName() + "." + segment);
  }
}
