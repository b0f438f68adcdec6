package org.walstream.wal.rmgrdesc;

import org.walstream.wal.rmgr.DatabaseRecord;

/// Counterpart of src/backend/access/rmgrdesc/dbasedesc.c.
final class DatabaseDesc {

  private DatabaseDesc() {}

  static void describe(DatabaseRecord record, RecordText out) {
    switch (record) {
      case DatabaseRecord.CreateFileCopy copy -> {
        out.add("copy dir ").u32(copy.srcTablespaceId()).add('/').u32(copy.srcDbId());
        out.add(" to ").u32(copy.tablespaceId()).add('/').u32(copy.dbId());
      }
      case DatabaseRecord.CreateWalLog create ->
          out.add("create dir ").u32(create.tablespaceId()).add('/').u32(create.dbId());
      case DatabaseRecord.Drop drop -> {
        out.add("dir");
        for (int i = 0; i < drop.ntablespaces(); i++) {
          out.add(' ').u32(drop.tablespaceId(i)).add('/').u32(drop.dbId());
        }
      }
    }
  }
}
