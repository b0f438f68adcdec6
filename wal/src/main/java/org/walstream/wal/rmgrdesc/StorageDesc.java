package org.walstream.wal.rmgrdesc;

import org.walstream.wal.record.ForkNumber;
import org.walstream.wal.rmgr.StorageRecord;

/// Counterpart of src/backend/access/rmgrdesc/smgrdesc.c.
final class StorageDesc {

  private StorageDesc() {}

  static void describe(StorageRecord record, RecordText out) {
    switch (record) {
      case StorageRecord.Create create ->
          out.path(create.record().format(), create.locator(), create.fork());
      case StorageRecord.Truncate truncate ->
          out.path(truncate.record().format(), truncate.locator(), ForkNumber.MAIN)
              .add(" to ")
              .u32(truncate.blkno())
              .add(" blocks flags ")
              .signed(truncate.flags());
    }
  }
}
