package org.walstream.wal.rmgrdesc;

import org.walstream.wal.rmgr.BtreeDeletions;
import org.walstream.wal.rmgr.BtreeRecord;

/// Counterpart of src/backend/access/rmgrdesc/nbtdesc.c.
final class BtreeDesc {

  private BtreeDesc() {}

  static void describe(BtreeRecord record, RecordText out) {
    if (!record.record().format().describesLinePointers()) {
      BtreeTerseDesc.describe(record, out);
      return;
    }
    switch (record) {
      case BtreeRecord.Insert insert -> out.add("off: ").u32(insert.offnum());
      case BtreeRecord.Split split -> {
        out.add("level: ").u32(split.level()).add(", firstrightoff: ").u32(split.firstrightoff());
        out.add(", newitemoff: ").u32(split.newitemoff());
        out.add(", postingoff: ").u32(split.postingoff());
      }
      case BtreeRecord.Dedup dedup -> out.add("nintervals: ").u32(dedup.nintervals());
      case BtreeRecord.Vacuum vacuum -> {
        out.add("ndeleted: ").u32(vacuum.ndeleted()).add(", nupdated: ").u32(vacuum.nupdated());
        deletions(record, vacuum.deletions(), out);
      }
      case BtreeRecord.Delete delete -> {
        out.add("snapshotConflictHorizon: ").u32(delete.snapshotConflictHorizon());
        out.add(", ndeleted: ").u32(delete.ndeleted()).add(", nupdated: ").u32(delete.nupdated());
        isCatalogRel(record, delete.isCatalogRel(), out);
        deletions(record, delete.deletions(), out);
      }
      case BtreeRecord.MarkPageHalfdead halfdead -> {
        out.add("topparent: ").u32(halfdead.topparent()).add(", leaf: ").u32(halfdead.leafblk());
        out.add(", left: ").u32(halfdead.leftblk()).add(", right: ").u32(halfdead.rightblk());
      }
      case BtreeRecord.UnlinkPage unlink -> {
        out.add("left: ").u32(unlink.leftsib()).add(", right: ").u32(unlink.rightsib());
        out.add(", level: ").u32(unlink.level()).add(", safexid: ").fullXid(unlink.safexid());
        out.add(", leafleft: ").u32(unlink.leafleftsib());
        out.add(", leafright: ").u32(unlink.leafrightsib());
        out.add(", leaftopparent: ").u32(unlink.leaftopparent());
      }
      case BtreeRecord.NewRoot root -> out.add("level: ").u32(root.level());
      case BtreeRecord.ReusePage reuse -> {
        out.add("rel: ").locator(reuse.locator());
        out.add(", snapshotConflictHorizon: ").fullXid(reuse.snapshotConflictHorizon());
        isCatalogRel(record, reuse.isCatalogRel(), out);
      }
      case BtreeRecord.MetaCleanup cleanup ->
          out.add("last_cleanup_num_delpages: ").u32(cleanup.metadata().lastCleanupNumDelpages());
    }
  }

  private static void isCatalogRel(BtreeRecord record, boolean isCatalogRel, RecordText out) {
    if (record.record().format().describesIsCatalogRel()) {
      out.add(", isCatalogRel: ").add(isCatalogRel ? 'T' : 'F');
    }
  }

  private static void deletions(BtreeRecord record, BtreeDeletions deletions, RecordText out) {
    if (!record.record().block(0).hasData()) {
      return;
    }
    ArrayText.offsets(deletions.bytes(), 0, deletions.ndeleted(), out.add(", deleted:"));
    out.add(", updated: [");
    int update = deletions.firstUpdateAt();
    for (int i = 0; i < deletions.nupdated(); i++) {
      int nptids = deletions.ndeletedtids(update);
      ArrayText.comma(i, out).add("{ off: ").u32(deletions.updated(i));
      out.add(", nptids: ").u32(nptids);
      ArrayText.offsets(deletions.bytes(), deletions.ptidsAt(update), nptids, out.add(", ptids:"));
      out.add(" }");
      update = deletions.updateAfter(update);
    }
    out.add(']');
  }
}
