package org.walstream.wal.rmgrdesc;

import org.walstream.wal.rmgr.BtreeRecord;

/// Records of B-trees as PostgreSQL 15 describes them.
///
/// Counterpart of src/backend/access/rmgrdesc/nbtdesc.c of that version.
final class BtreeTerseDesc {

  private BtreeTerseDesc() {}

  static void describe(BtreeRecord record, RecordText out) {
    switch (record) {
      case BtreeRecord.Insert insert -> out.add("off ").u32(insert.offnum());
      case BtreeRecord.Split split -> {
        out.add("level ").u32(split.level()).add(", firstrightoff ").u32(split.firstrightoff());
        out.add(", newitemoff ").u32(split.newitemoff());
        out.add(", postingoff ").u32(split.postingoff());
      }
      case BtreeRecord.Dedup dedup -> out.add("nintervals ").u32(dedup.nintervals());
      case BtreeRecord.Vacuum vacuum ->
          out.add("ndeleted ").u32(vacuum.ndeleted()).add("; nupdated ").u32(vacuum.nupdated());
      case BtreeRecord.Delete delete -> {
        out.add("latestRemovedXid ").u32(delete.snapshotConflictHorizon());
        out.add("; ndeleted ").u32(delete.ndeleted()).add("; nupdated ").u32(delete.nupdated());
      }
      case BtreeRecord.MarkPageHalfdead halfdead -> {
        out.add("topparent ").u32(halfdead.topparent()).add("; leaf ").u32(halfdead.leafblk());
        out.add("; left ").u32(halfdead.leftblk()).add("; right ").u32(halfdead.rightblk());
      }
      case BtreeRecord.UnlinkPage unlink -> {
        out.add("left ").u32(unlink.leftsib()).add("; right ").u32(unlink.rightsib());
        out.add("; level ").u32(unlink.level()).add("; safexid ").fullXid(unlink.safexid());
        out.add("; leafleft ").u32(unlink.leafleftsib());
        out.add("; leafright ").u32(unlink.leafrightsib());
        out.add("; leaftopparent ").u32(unlink.leaftopparent());
      }
      case BtreeRecord.NewRoot root -> out.add("lev ").u32(root.level());
      case BtreeRecord.ReusePage reuse -> {
        out.add("rel ").locator(reuse.locator());
        out.add("; latestRemovedXid ").fullXid(reuse.snapshotConflictHorizon());
      }
      case BtreeRecord.MetaCleanup cleanup ->
          out.add("last_cleanup_num_delpages ").u32(cleanup.metadata().lastCleanupNumDelpages());
    }
  }
}
