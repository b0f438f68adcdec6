package org.walstream.wal.rmgrdesc;

import org.walstream.wal.rmgr.TablespaceRecord;

/// Counterpart of src/backend/access/rmgrdesc/tblspcdesc.c.
final class TablespaceDesc {

  private TablespaceDesc() {}

  static void describe(TablespaceRecord record, RecordText out) {
    switch (record) {
      case TablespaceRecord.Create create ->
          out.u32(create.tsId())
              .add(" \"")
              .cString(create.record().main(), create.tsPathAt())
              .add('"');
      case TablespaceRecord.Drop drop -> out.u32(drop.tsId());
    }
  }
}
