package org.walstream.wal.rmgrdesc;

import static org.walstream.wal.rmgr.HeapRecord.XLHL_KEYS_UPDATED;
import static org.walstream.wal.rmgr.HeapRecord.XLHL_XMAX_EXCL_LOCK;
import static org.walstream.wal.rmgr.HeapRecord.XLHL_XMAX_IS_MULTI;
import static org.walstream.wal.rmgr.HeapRecord.XLHL_XMAX_KEYSHR_LOCK;
import static org.walstream.wal.rmgr.HeapRecord.XLHL_XMAX_LOCK_ONLY;

import org.walstream.wal.rmgr.Heap2Record;
import org.walstream.wal.rmgr.HeapRecord;
import org.walstream.wal.rmgr.HeapRecord.Truncate;
import org.walstream.wal.rmgr.PruneFreeze;

/// Records of tables as PostgreSQL 15 describes them.
///
/// Counterpart of heap_desc() and heap2_desc(), src/backend/access/rmgrdesc/heapdesc.c, of that
/// version.
final class HeapTerseDesc {

  private HeapTerseDesc() {}

  static void describe(HeapRecord record, RecordText out) {
    switch (record) {
      case HeapRecord.Insert insert ->
          out.add("off ").u32(insert.offnum()).add(" flags 0x").upperHex(insert.flags(), 2);
      case HeapRecord.Delete delete -> {
        out.add("off ").u32(delete.offnum());
        flags(" flags 0x", delete.flags(), delete.infobitsSet(), out);
      }
      case HeapRecord.Update update -> {
        out.add("off ").u32(update.oldOffnum()).add(" xmax ").u32(update.oldXmax());
        flags(" flags 0x", update.flags(), update.oldInfobitsSet(), out);
        out.add("; new off ").u32(update.newOffnum()).add(" xmax ").u32(update.newXmax());
      }
      case Truncate truncate -> truncate(truncate, out);
      case HeapRecord.Confirm confirm -> out.add("off ").u32(confirm.offnum());
      case HeapRecord.Lock lock -> {
        out.add("off ").u32(lock.offnum()).add(": xid ").u32(lock.xmax());
        flags(": flags 0x", lock.flags(), lock.infobitsSet(), out);
      }
      case HeapRecord.Inplace inplace -> out.add("off ").u32(inplace.offnum());
    }
  }

  static void describe(Heap2Record record, RecordText out) {
    switch (record) {
      case Heap2Record.Prune prune ->
          out.add("latestRemovedXid ")
              .u32(prune.snapshotConflictHorizon())
              .add(" nredirected ")
              .u32(prune.nredirected())
              .add(" ndead ")
              .u32(prune.ndead());
      case Heap2Record.Vacuum vacuum -> out.add("nunused ").u32(vacuum.nunused());
      case Heap2Record.FreezeTuples freeze ->
          out.add("cutoff xid ")
              .u32(freeze.snapshotConflictHorizon())
              .add(" ntuples ")
              .u32(freeze.ntuples());
      case Heap2Record.Visible visible ->
          out.add("cutoff xid ")
              .u32(visible.snapshotConflictHorizon())
              .add(" flags 0x")
              .upperHex(visible.flags(), 2);
      case Heap2Record.MultiInsert insert ->
          out.u32(insert.ntuples()).add(" tuples flags 0x").upperHex(insert.flags(), 2);
      case Heap2Record.LockUpdated lock -> {
        out.add("off ").u32(lock.offnum()).add(": xmax ").u32(lock.xmax());
        flags(": flags 0x", lock.flags(), lock.infobitsSet(), out);
      }
      case Heap2Record.NewCid cid -> {
        out.add("rel ").locator(cid.targetLocator());
        out.add("; tid ").u32(cid.targetBlock()).add('/').u32(cid.targetOffnum());
        out.add("; cmin: ").u32(cid.cmin()).add(", cmax: ").u32(cid.cmax());
        out.add(", combo: ").u32(cid.combocid());
      }
      // No text, or not of this version.
      case Heap2Record.Rewrite _, Heap2Record.FreezePage _, PruneFreeze _ -> {}
    }
  }

  private static void truncate(Truncate record, RecordText out) {
    if ((record.flags() & Truncate.XLH_TRUNCATE_CASCADE) != 0) {
      out.add("cascade ");
    }
    if ((record.flags() & Truncate.XLH_TRUNCATE_RESTART_SEQS) != 0) {
      out.add("restart_seqs ");
    }
    out.add("nrelids ").u32(record.nrelids()).add(" relids");
    for (int i = 0; i < record.nrelids(); i++) {
      out.add(' ').u32(record.relid(i));
    }
  }

  /// The flags, and the names of the bits set in `infobits`, each with a blank behind it.
  private static void flags(String name, int flags, int infobits, RecordText out) {
    out.add(name).upperHex(flags, 2).add(' ');
    bit(infobits, XLHL_XMAX_IS_MULTI, "IS_MULTI ", out);
    bit(infobits, XLHL_XMAX_LOCK_ONLY, "LOCK_ONLY ", out);
    bit(infobits, XLHL_XMAX_EXCL_LOCK, "EXCL_LOCK ", out);
    bit(infobits, XLHL_XMAX_KEYSHR_LOCK, "KEYSHR_LOCK ", out);
    bit(infobits, XLHL_KEYS_UPDATED, "KEYS_UPDATED ", out);
  }

  private static void bit(int bits, int bit, String name, RecordText out) {
    if ((bits & bit) != 0) {
      out.add(name);
    }
  }
}
