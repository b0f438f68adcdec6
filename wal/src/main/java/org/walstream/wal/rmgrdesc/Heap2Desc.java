package org.walstream.wal.rmgrdesc;

import org.walstream.wal.record.RecordBytes;
import org.walstream.wal.rmgr.FreezePlans;
import org.walstream.wal.rmgr.Heap2Record;
import org.walstream.wal.rmgr.PruneFreeze;

/// Counterpart of heap2_desc(), src/backend/access/rmgrdesc/heapdesc.c.
///
/// What stands in the data of a block is described only when it is there: an image may have taken
/// its place.
final class Heap2Desc {

  private Heap2Desc() {}

  static void describe(Heap2Record record, RecordText out) {
    if (!record.record().format().describesLinePointers()) {
      HeapTerseDesc.describe(record, out);
      return;
    }
    switch (record) {
      case Heap2Record.Prune prune -> prune(prune, out);
      case Heap2Record.Vacuum vacuum -> {
        out.add("nunused: ").u32(vacuum.nunused());
        if (vacuum.items().length() > 0) {
          ArrayText.offsets(vacuum.items(), 0, vacuum.nunused(), out.add(", unused:"));
        }
      }
      case Heap2Record.FreezePage freeze -> {
        out.add("snapshotConflictHorizon: ").u32(freeze.snapshotConflictHorizon());
        out.add(", nplans: ").u32(freeze.nplans());
        if (freeze.record().block(0).hasData()) {
          plans(freeze.plans(), out);
        }
      }
      case PruneFreeze prune -> pruneFreeze(prune, out);
      case Heap2Record.Visible visible -> {
        out.add("snapshotConflictHorizon: ").u32(visible.snapshotConflictHorizon());
        HeapDesc.flags(visible.flags(), out);
      }
      case Heap2Record.MultiInsert insert -> multiInsert(insert, out);
      case Heap2Record.LockUpdated lock -> {
        out.add("xmax: ").u32(lock.xmax()).add(", off: ").u32(lock.offnum());
        HeapDesc.infobits(", infobits: [", lock.infobitsSet(), out);
        HeapDesc.flags(lock.flags(), out);
      }
      case Heap2Record.NewCid cid -> {
        out.add("rel: ").locator(cid.targetLocator());
        out.add(", tid: ").u32(cid.targetBlock()).add('/').u32(cid.targetOffnum());
        out.add(", cmin: ").u32(cid.cmin()).add(", cmax: ").u32(cid.cmax());
        out.add(", combo: ").u32(cid.combocid());
      }
      // No text, or of PostgreSQL 15 alone.
      case Heap2Record.Rewrite _, Heap2Record.FreezeTuples _ -> {}
    }
  }

  private static void prune(Heap2Record.Prune record, RecordText out) {
    out.add("snapshotConflictHorizon: ").u32(record.snapshotConflictHorizon());
    out.add(", nredirected: ").u32(record.nredirected()).add(", ndead: ").u32(record.ndead());
    RecordBytes items = record.items();
    if (items.length() > 0) {
      out.add(", nunused: ").u32(record.nunused());
      ArrayText.redirections(items, 0, record.nredirected(), out.add(", redirected:"));
      ArrayText.offsets(items, record.deadAt(), record.ndead(), out.add(", dead:"));
      ArrayText.offsets(items, record.unusedAt(), record.nunused(), out.add(", unused:"));
    }
  }

  private static void pruneFreeze(PruneFreeze record, RecordText out) {
    if (record.hasConflictHorizon()) {
      out.add("snapshotConflictHorizon: ").u32(record.snapshotConflictHorizon());
    }
    out.add(", isCatalogRel: ").add(record.isCatalogRel() ? 'T' : 'F');
    RecordBytes items = record.items();
    if (items.length() == 0) {
      return;
    }
    int nredirected = record.nredirected();
    int ndead = record.ndead();
    int nunused = record.nunused();
    out.add(", nplans: ").u32(record.nplans()).add(", nredirected: ").u32(nredirected);
    out.add(", ndead: ").u32(ndead).add(", nunused: ").u32(nunused);
    if (record.nplans() > 0) {
      plans(record.plans(), out);
    }
    if (nredirected > 0) {
      ArrayText.redirections(items, record.redirectedAt(), nredirected, out.add(", redirected:"));
    }
    if (ndead > 0) {
      ArrayText.offsets(items, record.deadAt(), ndead, out.add(", dead:"));
    }
    if (nunused > 0) {
      ArrayText.offsets(items, record.unusedAt(), nunused, out.add(", unused:"));
    }
  }

  private static void plans(FreezePlans plans, RecordText out) {
    out.add(", plans: [");
    int offsetsAt = plans.offsetsAt();
    for (int plan = 0; plan < plans.count(); plan++) {
      int ntuples = plans.ntuples(plan);
      ArrayText.comma(plan, out).add("{ xmax: ").u32(plans.xmax(plan));
      out.add(", infomask: ").u32(plans.tInfomask(plan));
      out.add(", infomask2: ").u32(plans.tInfomask2(plan)).add(", ntuples: ").u32(ntuples);
      ArrayText.offsets(plans.bytes(), offsetsAt, ntuples, out.add(", offsets:"));
      out.add(" }");
      offsetsAt += Short.BYTES * ntuples;
    }
    out.add(']');
  }

  private static void multiInsert(Heap2Record.MultiInsert record, RecordText out) {
    out.add("ntuples: ").u32(record.ntuples());
    HeapDesc.flags(record.flags(), out);
    if (record.record().block(0).hasData() && !record.isInit()) {
      out.add(", offsets: [");
      for (int i = 0; i < record.ntuples(); i++) {
        ArrayText.comma(i, out).u32(record.offset(i));
      }
      out.add(']');
    }
  }
}
