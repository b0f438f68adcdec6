package org.walstream.wal.rmgrdesc;

import static org.walstream.wal.rmgr.HeapRecord.XLHL_KEYS_UPDATED;
import static org.walstream.wal.rmgr.HeapRecord.XLHL_XMAX_EXCL_LOCK;
import static org.walstream.wal.rmgr.HeapRecord.XLHL_XMAX_IS_MULTI;
import static org.walstream.wal.rmgr.HeapRecord.XLHL_XMAX_KEYSHR_LOCK;
import static org.walstream.wal.rmgr.HeapRecord.XLHL_XMAX_LOCK_ONLY;

import org.walstream.wal.rmgr.HeapRecord;
import org.walstream.wal.rmgr.HeapRecord.Truncate;
import org.walstream.wal.rmgr.InvalidationMessages;

/// Counterpart of heap_desc(), src/backend/access/rmgrdesc/heapdesc.c.
final class HeapDesc {

  private HeapDesc() {}

  static void describe(HeapRecord record, RecordText out) {
    if (!record.record().format().describesLinePointers()) {
      HeapTerseDesc.describe(record, out);
      return;
    }
    switch (record) {
      case HeapRecord.Insert insert -> {
        out.add("off: ").u32(insert.offnum());
        flags(insert.flags(), out);
      }
      case HeapRecord.Delete delete -> {
        out.add("xmax: ").u32(delete.xmax()).add(", off: ").u32(delete.offnum());
        infobits(", infobits: [", delete.infobitsSet(), out);
        flags(delete.flags(), out);
      }
      case HeapRecord.Update update -> {
        out.add("old_xmax: ").u32(update.oldXmax()).add(", old_off: ").u32(update.oldOffnum());
        infobits(", old_infobits: [", update.oldInfobitsSet(), out);
        flags(update.flags(), out);
        out.add(", new_xmax: ").u32(update.newXmax()).add(", new_off: ").u32(update.newOffnum());
      }
      case Truncate truncate -> truncate(truncate, out);
      case HeapRecord.Confirm confirm -> out.add("off: ").u32(confirm.offnum());
      case HeapRecord.Lock lock -> {
        out.add("xmax: ").u32(lock.xmax()).add(", off: ").u32(lock.offnum());
        infobits(", infobits: [", lock.infobitsSet(), out);
        flags(lock.flags(), out);
      }
      case HeapRecord.Inplace inplace -> {
        out.add("off: ").u32(inplace.offnum());
        InvalidationMessages messages = inplace.messages();
        if (messages.count() > 0 && inplace.relcacheInitFileInval()) {
          StandbyDesc.relcacheInitFile(inplace.dbId(), inplace.tsId(), out);
        }
        StandbyDesc.invalidations(inplace.record().format(), messages, out);
      }
    }
  }

  private static void truncate(Truncate record, RecordText out) {
    int start = out.add("flags: [").length();
    bit(record.flags(), Truncate.XLH_TRUNCATE_CASCADE, "CASCADE", start, out);
    bit(record.flags(), Truncate.XLH_TRUNCATE_RESTART_SEQS, "RESTART_SEQS", start, out);
    out.add("], nrelids: ").u32(record.nrelids()).add(", relids: [");
    for (int i = 0; i < record.nrelids(); i++) {
      ArrayText.comma(i, out).u32(record.relid(i));
    }
    out.add(']');
  }

  static void flags(int flags, RecordText out) {
    out.add(", flags: 0x").upperHex(flags, 2);
  }

  /// @param opening what stands before the names of the bits
  static void infobits(String opening, int infobits, RecordText out) {
    int start = out.add(opening).length();
    bit(infobits, XLHL_XMAX_IS_MULTI, "IS_MULTI", start, out);
    bit(infobits, XLHL_XMAX_LOCK_ONLY, "LOCK_ONLY", start, out);
    bit(infobits, XLHL_XMAX_EXCL_LOCK, "EXCL_LOCK", start, out);
    bit(infobits, XLHL_XMAX_KEYSHR_LOCK, "KEYSHR_LOCK", start, out);
    bit(infobits, XLHL_KEYS_UPDATED, "KEYS_UPDATED", start, out);
    out.add(']');
  }

  /// Adds `name` if the bit is set, after a comma unless the names start here.
  private static void bit(int bits, int bit, String name, int start, RecordText out) {
    if ((bits & bit) != 0) {
      if (out.length() > start) {
        out.add(", ");
      }
      out.add(name);
    }
  }
}
