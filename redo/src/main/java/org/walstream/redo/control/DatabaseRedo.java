package org.walstream.redo.control;

import static org.walstream.wal.record.RelFileLocator.DEFAULT_TABLESPACE;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.walstream.redo.relation.DatabaseFiles;
import org.walstream.redo.relation.RelationPaths;
import org.walstream.redo.storage.DataFiles;
import org.walstream.wal.rmgr.DatabaseRecord;
import org.walstream.wal.rmgr.DatabaseRecord.CreateFileCopy;
import org.walstream.wal.rmgr.DatabaseRecord.CreateWalLog;
import org.walstream.wal.rmgr.DatabaseRecord.Drop;

/// Databases that come and go as directories.
///
/// One that moves to another tablespace is a copy of itself, after which the directory that it had
/// is dropped, and with that the pages of all its directories are forgotten: so all of them are
/// written when it is copied, not only the one that is.
///
/// Counterpart of dbase_redo(), src/backend/commands/dbcommands.c.
final class DatabaseRedo {

  private final DataFiles files;
  private final RelationPaths paths;
  private final DatabaseFiles databases;
  private final Pages pages;
  private final ReplicationSlotFiles slots;
  private final RecoveryPoint recoveryPoint;

  DatabaseRedo(
      DataFiles files,
      RelationPaths paths,
      Pages pages,
      ReplicationSlotFiles slots,
      RecoveryPoint recoveryPoint) {
    this.files = files;
    this.paths = paths;
    this.databases = new DatabaseFiles(files, paths);
    this.pages = pages;
    this.slots = slots;
    this.recoveryPoint = recoveryPoint;
  }

  void redo(DatabaseRecord record) throws IOException {
    switch (record) {
      case CreateFileCopy create -> copy(create);
      case CreateWalLog create -> databases.create(create.tablespaceId(), create.dbId());
      case Drop drop -> drop(drop);
    }
  }

  private void copy(CreateFileCopy record) throws IOException {
    recoveryPoint.require(record.record().endLsn());
    for (int spcOid : tablespacesOf(record.srcDbId(), record.srcTablespaceId())) {
      pages.writeDatabase(spcOid, record.srcDbId());
    }
    databases.copy(
        record.tablespaceId(), record.dbId(), record.srcTablespaceId(), record.srcDbId());
  }

  /// The tablespaces in which the database has a directory, and this one.
  private List<Integer> tablespacesOf(int dbOid, int named) throws IOException {
    var found = new ArrayList<Integer>();
    found.add(named);
    addIfThere(DEFAULT_TABLESPACE, dbOid, found);
    for (String name : files.list(paths.dataDirectory().resolve("pg_tblspc"))) {
      if (name.matches("[0-9]{1,10}")) {
        addIfThere((int) Long.parseLong(name), dbOid, found);
      }
    }
    return found;
  }

  private void addIfThere(int spcOid, int dbOid, List<Integer> found) throws IOException {
    if (!found.contains(spcOid) && files.exists(paths.database(spcOid, dbOid))) {
      found.add(spcOid);
    }
  }

  private void drop(Drop record) throws IOException {
    recoveryPoint.require(record.record().endLsn());
    slots.dropOfDatabase(record.dbId());
    pages.dropDatabase(record.dbId());
    for (int i = 0; i < record.ntablespaces(); i++) {
      databases.drop(record.tablespaceId(i), record.dbId());
    }
  }
}
