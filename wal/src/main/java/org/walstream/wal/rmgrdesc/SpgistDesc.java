package org.walstream.wal.rmgrdesc;

import org.walstream.wal.WalFormat;
import org.walstream.wal.rmgr.SpgistRecord;

/// Counterpart of src/backend/access/rmgrdesc/spgdesc.c.
final class SpgistDesc {

  private SpgistDesc() {}

  static void describe(SpgistRecord record, RecordText out) {
    switch (record) {
      case SpgistRecord.AddLeaf add -> {
        out.add("off: ").u32(add.offnumLeaf()).add(", headoff: ").u32(add.offnumHeadLeaf());
        parent(add.offnumParent(), add.nodeI(), out);
        note(add.newPage(), " (newpage)", out);
        note(add.storesNulls(), " (nulls)", out);
      }
      case SpgistRecord.MoveLeafs move -> {
        out.add("nmoves: ").u32(move.nMoves());
        parent(move.offnumParent(), move.nodeI(), out);
        note(move.newPage(), " (newpage)", out);
        note(move.replaceDead(), " (replacedead)", out);
        note(move.storesNulls(), " (nulls)", out);
      }
      case SpgistRecord.AddNode add -> {
        out.add("off: ").u32(add.offnum()).add(", newoff: ").u32(add.offnumNew());
        out.add(", parentBlk: ").signed(add.parentBlk());
        parent(add.offnumParent(), add.nodeI(), out);
        note(add.newPage(), " (newpage)", out);
      }
      case SpgistRecord.SplitTuple split -> {
        out.add("prefixoff: ").u32(split.offnumPrefix());
        out.add(", postfixoff: ").u32(split.offnumPostfix());
        note(split.newPage(), " (newpage)", out);
        note(split.postfixBlkSame(), " (same)", out);
      }
      case SpgistRecord.PickSplit split -> {
        out.add("ndelete: ").u32(split.nDelete()).add(", ninsert: ").u32(split.nInsert());
        out.add(", inneroff: ").u32(split.offnumInner());
        parent(split.offnumParent(), split.nodeI(), out);
        note(split.innerIsParent(), " (innerIsParent)", out);
        note(split.storesNulls(), " (nulls)", out);
        note(split.isRootSplit(), " (isRootSplit)", out);
      }
      case SpgistRecord.VacuumLeaf vacuum -> {
        out.add("ndead: ").u32(vacuum.nDead());
        out.add(", nplaceholder: ").u32(vacuum.nPlaceholder());
        out.add(", nmove: ").u32(vacuum.nMove()).add(", nchain: ").u32(vacuum.nChain());
      }
      case SpgistRecord.VacuumRoot vacuum -> out.add("ndelete: ").u32(vacuum.nDelete());
      case SpgistRecord.VacuumRedirect vacuum -> vacuumRedirect(vacuum, out);
    }
  }

  private static void vacuumRedirect(SpgistRecord.VacuumRedirect record, RecordText out) {
    WalFormat format = record.record().format();
    out.add("ntoplaceholder: ").u32(record.nToPlaceholder());
    out.add(", firstplaceholder: ").u32(record.firstPlaceholder());
    out.add(
        format.describesConflictHorizon()
            ? ", snapshotConflictHorizon: "
            : ", newestredirectxid: ");
    out.u32(record.snapshotConflictHorizon());
    if (format.describesIsCatalogRel()) {
      out.add(", isCatalogRel: ").flag(record.isCatalogRel());
    }
  }

  private static void parent(int offnumParent, int nodeI, RecordText out) {
    out.add(", parentoff: ").u32(offnumParent).add(", nodeI: ").u32(nodeI);
  }

  private static void note(boolean holds, String note, RecordText out) {
    if (holds) {
      out.add(note);
    }
  }
}
