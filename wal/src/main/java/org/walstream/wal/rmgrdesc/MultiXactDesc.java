package org.walstream.wal.rmgrdesc;

import org.walstream.wal.rmgr.MultiXactRecord;
import org.walstream.wal.rmgr.ZeroPage;

/// Counterpart of src/backend/access/rmgrdesc/mxactdesc.c.
final class MultiXactDesc {

  private MultiXactDesc() {}

  static void describe(MultiXactRecord record, RecordText out) {
    switch (record) {
      case ZeroPage zero -> out.signed(zero.pageno());
      case MultiXactRecord.CreateId create -> create(create, out);
      case MultiXactRecord.TruncateId truncate -> {
        out.add("offsets [").u32(truncate.startTruncOff());
        out.add(", ").u32(truncate.endTruncOff());
        out.add("), members [").u32(truncate.startTruncMemb());
        out.add(", ").u32(truncate.endTruncMemb()).add(')');
      }
    }
  }

  private static void create(MultiXactRecord.CreateId create, RecordText out) {
    out.u32(create.mid()).add(" offset ").u32(create.moff());
    out.add(" nmembers ").signed(create.nmembers()).add(": ");
    for (int i = 0; i < create.nmembers(); i++) {
      out.u32(create.xid(i)).add(status(create.status(i)));
    }
  }

  private static String status(int status) {
    return switch (status) {
      case 0 -> " (keysh) ";
      case 1 -> " (sh) ";
      case 2 -> " (fornokeyupd) ";
      case 3 -> " (forupd) ";
      case 4 -> " (nokeyupd) ";
      case 5 -> " (upd) ";
      default -> " (unk) ";
    };
  }
}
