package org.walstream.wal.rmgrdesc;

import org.walstream.wal.WalFormat;
import org.walstream.wal.rmgr.HashRecord;

/// Counterpart of src/backend/access/rmgrdesc/hashdesc.c.
final class HashDesc {

  private HashDesc() {}

  static void describe(HashRecord record, RecordText out) {
    switch (record) {
      case HashRecord.InitMetaPage init ->
          out.add("num_tuples ").general(init.numTuples()).add(", fillfactor ").u32(init.ffactor());
      case HashRecord.InitBitmapPage init -> out.add("bmsize ").u32(init.bmsize());
      case HashRecord.Insert insert -> out.add("off ").u32(insert.offnum());
      case HashRecord.AddOvflPage add -> {
        out.add("bmsize ").u32(add.bmsize());
        out.add(", bmpage_found ").flag(add.bmpageFound());
      }
      case HashRecord.SplitAllocatePage split -> {
        out.add("new_bucket ").u32(split.newBucket());
        out.add(", meta_page_masks_updated ").flag(split.updatesMasks());
        out.add(", issplitpoint_changed ").flag(split.updatesSplitpoint());
      }
      case HashRecord.SplitComplete split -> {
        out.add("old_bucket_flag ").u32(split.oldBucketFlag());
        out.add(", new_bucket_flag ").u32(split.newBucketFlag());
      }
      case HashRecord.MovePageContents move -> {
        out.add("ntups ").u32(move.ntups());
        out.add(", is_primary ").flag(move.isPrimBucketSameWrt());
      }
      case HashRecord.SqueezePage squeeze -> {
        out.add("prevblkno ").u32(squeeze.prevblkno());
        out.add(", nextblkno ").u32(squeeze.nextblkno()).add(", ntups ").u32(squeeze.ntups());
        out.add(", is_primary ").flag(squeeze.isPrimBucketSameWrt());
      }
      case HashRecord.Delete delete -> {
        out.add("clear_dead_marking ").flag(delete.clearDeadMarking());
        out.add(", is_primary ").flag(delete.isPrimaryBucketPage());
      }
      case HashRecord.UpdateMetaPage update -> out.add("ntuples ").general(update.ntuples());
      case HashRecord.VacuumOnePage vacuum -> {
        WalFormat format = vacuum.record().format();
        out.add("ntuples ").u32(vacuum.ntuples()).add(", ");
        out.add(ConflictText.horizonName(format)).add(' ').u32(vacuum.snapshotConflictHorizon());
        ConflictText.isCatalogRel(format, vacuum.isCatalogRel(), out);
      }
      case HashRecord.SplitPage _, HashRecord.SplitCleanup _ -> {}
    }
  }
}
