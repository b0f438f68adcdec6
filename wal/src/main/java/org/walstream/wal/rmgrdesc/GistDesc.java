package org.walstream.wal.rmgrdesc;

import org.walstream.wal.WalFormat;
import org.walstream.wal.rmgr.GistRecord;

/// Counterpart of src/backend/access/rmgrdesc/gistdesc.c.
final class GistDesc {

  private GistDesc() {}

  static void describe(GistRecord record, RecordText out) {
    WalFormat format = record.record().format();
    switch (record) {
      case GistRecord.PageReuse reuse -> {
        out.add("rel ").locator(reuse.locator()).add("; blk ").u32(reuse.block()).add("; ");
        out.add(ConflictText.horizonName(format));
        out.add(' ').fullXid(reuse.snapshotConflictHorizon());
        ConflictText.isCatalogRel(format, reuse.isCatalogRel(), out);
      }
      case GistRecord.Delete delete -> {
        out.add("delete: ").add(ConflictText.horizonName(format));
        out.add(' ').u32(delete.snapshotConflictHorizon());
        out.add(", nitems: ").u32(delete.ntodelete());
        ConflictText.isCatalogRel(format, delete.isCatalogRel(), out);
      }
      case GistRecord.PageSplit split ->
          out.add("page_split: splits to ").u32(split.npage()).add(" pages");
      case GistRecord.PageDelete delete -> {
        out.add("deleteXid ").fullXid(delete.deleteXid());
        out.add("; downlink ").u32(delete.downlinkOffset());
      }
      case GistRecord.PageUpdate _, GistRecord.AssignLsn _ -> {}
    }
  }
}
