package org.walstream.wal.rmgrdesc;

import org.walstream.wal.record.BlockReference;
import org.walstream.wal.rmgr.GinRecompression;
import org.walstream.wal.rmgr.GinRecord;

/// Counterpart of src/backend/access/rmgrdesc/gindesc.c.
final class GinDesc {

  private GinDesc() {}

  static void describe(GinRecord record, RecordText out) {
    switch (record) {
      case GinRecord.Insert insert -> insert(insert, out);
      case GinRecord.Split split -> {
        out.add("isrootsplit: ").flag(split.isRootSplit());
        out.add(" isdata: ").flag(split.isData()).add(" isleaf: ").flag(split.isLeaf());
      }
      case GinRecord.VacuumDataLeafPage vacuum -> {
        BlockReference block = vacuum.record().block(0);
        if (block.hasImage()) {
          image(block, out);
        } else {
          recompression(vacuum.recompression(), out);
        }
      }
      case GinRecord.DeleteListpage delete -> out.add("ndeleted: ").signed(delete.ndeleted());
      case GinRecord.CreatePtree _,
          GinRecord.VacuumPage _,
          GinRecord.DeletePage _,
          GinRecord.UpdateMetaPage _,
          GinRecord.InsertListpage _ -> {}
    }
  }

  private static void insert(GinRecord.Insert record, RecordText out) {
    out.add("isdata: ").flag(record.isData()).add(" isleaf: ").flag(record.isLeaf());
    if (!record.isLeaf()) {
      out.add(" children: ").u32(record.leftChildBlkno()).add('/').u32(record.rightChildBlkno());
    }
    if (!record.hasChange()) {
      image(record.record().block(0), out);
    } else if (!record.isData()) {
      out.add(" isdelete: ").flag(record.isDelete());
    } else if (record.isLeaf()) {
      recompression(record.recompression(), out);
    } else {
      out.add(" pitem: ").u32(record.itemChild());
      out.add('-').u32(record.itemKeyBlock()).add('/').u32(record.itemKeyOffset());
    }
  }

  private static void image(BlockReference block, RecordText out) {
    out.add(
        block.appliesImage() ? " (full page image)" : " (full page image, for WAL verification)");
  }

  private static void recompression(GinRecompression leaf, RecordText out) {
    out.add(' ').u32(leaf.nactions()).add(" segments:");
    int action = GinRecompression.FIRST_ACTION;
    for (int i = 0; i < leaf.nactions(); i++) {
      out.add(' ').u32(leaf.segno(action));
      switch (leaf.type(action)) {
        case GinRecompression.GIN_SEGMENT_ADDITEMS ->
            out.add(" (add ").u32(leaf.nitems(action)).add(" items)");
        case GinRecompression.GIN_SEGMENT_DELETE -> out.add(" (delete)");
        case GinRecompression.GIN_SEGMENT_INSERT -> out.add(" (insert)");
        case GinRecompression.GIN_SEGMENT_REPLACE -> out.add(" (replace)");
        default -> {
          out.add(" unknown action ").u32(leaf.type(action)).add(" ???");
          return;
        }
      }
      action = leaf.after(action);
    }
  }
}
