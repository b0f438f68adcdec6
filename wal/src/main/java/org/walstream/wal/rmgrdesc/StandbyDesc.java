package org.walstream.wal.rmgrdesc;

import org.walstream.wal.WalFormat;
import org.walstream.wal.rmgr.InvalidationMessages;
import org.walstream.wal.rmgr.StandbyRecord;

/// Counterpart of src/backend/access/rmgrdesc/standbydesc.c.
final class StandbyDesc {

  private StandbyDesc() {}

  static void describe(StandbyRecord record, RecordText out) {
    switch (record) {
      case StandbyRecord.Lock lock -> locks(lock, out);
      case StandbyRecord.RunningXacts running -> runningXacts(running, out);
      case StandbyRecord.Invalidations invalidations -> {
        InvalidationMessages messages = invalidations.messages();
        if (messages.count() > 0 && invalidations.relcacheInitFileInval()) {
          relcacheInitFile(invalidations.dbId(), invalidations.tsId(), out);
        }
        invalidations(invalidations.record().format(), messages, out);
      }
    }
  }

  private static void locks(StandbyRecord.Lock lock, RecordText out) {
    for (int i = 0; i < lock.nlocks(); i++) {
      out.add("xid ").u32(lock.xid(i));
      out.add(" db ").u32(lock.dbOid(i));
      out.add(" rel ").u32(lock.relOid(i)).add(' ');
    }
  }

  private static void runningXacts(StandbyRecord.RunningXacts running, RecordText out) {
    out.add("nextXid ").u32(running.nextXid());
    out.add(" latestCompletedXid ").u32(running.latestCompletedXid());
    out.add(" oldestRunningXid ").u32(running.oldestRunningXid());
    if (running.xcnt() > 0) {
      out.add("; ").signed(running.xcnt()).add(" xacts:");
      for (int i = 0; i < running.xcnt(); i++) {
        out.add(' ').u32(running.xid(i));
      }
    }
    boolean namesSubxacts = running.record().format().describesRunningSubxacts();
    if (running.subxidOverflow()) {
      out.add(namesSubxacts ? "; subxid overflowed" : "; subxid ovf");
    }
    if (namesSubxacts && running.subxcnt() > 0) {
      out.add("; ").signed(running.subxcnt()).add(" subxacts:");
      for (int i = 0; i < running.subxcnt(); i++) {
        out.add(' ').u32(running.subxid(i));
      }
    }
  }

  /// The file that new sessions start their relation cache with is stale.
  static void relcacheInitFile(int dbId, int tsId, RecordText out) {
    out.add("; relcache init file inval dbid ").u32(dbId).add(" tsid ").u32(tsId);
  }

  /// The messages of any record that has some; nothing for none.
  static void invalidations(WalFormat format, InvalidationMessages messages, RecordText out) {
    if (messages.count() == 0) {
      return;
    }
    out.add("; inval msgs:");
    for (int i = 0; i < messages.count(); i++) {
      invalidation(format, messages, i, out);
    }
  }

  private static void invalidation(
      WalFormat format, InvalidationMessages messages, int index, RecordText out) {
    int id = messages.id(index);
    if (id >= 0) {
      out.add(" catcache ").signed(id);
      return;
    }
    switch (id) {
      case InvalidationMessages.CATALOG -> out.add(" catalog ").u32(messages.target(index));
      case InvalidationMessages.RELCACHE -> out.add(" relcache ").u32(messages.target(index));
      case InvalidationMessages.SMGR -> out.add(" smgr");
      case InvalidationMessages.RELMAP -> out.add(" relmap db ").u32(messages.dbId(index));
      case InvalidationMessages.SNAPSHOT -> out.add(" snapshot ").u32(messages.target(index));
      default -> {
        if (id == InvalidationMessages.RELSYNC && format.hasRelSyncInvalidations()) {
          out.add(" relsync ").u32(messages.target(index));
        } else {
          out.add(" unrecognized id ").signed(id);
        }
      }
    }
  }
}
