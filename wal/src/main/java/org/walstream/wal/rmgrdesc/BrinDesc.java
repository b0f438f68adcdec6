package org.walstream.wal.rmgrdesc;

import org.walstream.wal.rmgr.BrinRecord;

/// Counterpart of src/backend/access/rmgrdesc/brindesc.c.
final class BrinDesc {

  private BrinDesc() {}

  static void describe(BrinRecord record, RecordText out) {
    switch (record) {
      case BrinRecord.CreateIndex create -> {
        out.add('v').u32(create.version());
        out.add(" pagesPerRange ").u32(create.pagesPerRange());
      }
      case BrinRecord.Insert insert -> {
        range(insert.heapBlk(), insert.pagesPerRange(), out);
        out.add(" offnum ").u32(insert.offnum());
      }
      case BrinRecord.Update update -> {
        range(update.heapBlk(), update.pagesPerRange(), out);
        out.add(" old offnum ").u32(update.oldOffnum());
        out.add(", new offnum ").u32(update.offnum());
      }
      case BrinRecord.SamepageUpdate update -> out.add("offnum ").u32(update.offnum());
      case BrinRecord.RevmapExtend extend -> out.add("targetBlk ").u32(extend.targetBlk());
      case BrinRecord.Desummarize desummarize -> {
        out.add("pagesPerRange ").u32(desummarize.pagesPerRange());
        out.add(", heapBlk ").u32(desummarize.heapBlk());
        out.add(", page offset ").u32(desummarize.regOffset());
      }
    }
  }

  private static void range(int heapBlk, int pagesPerRange, RecordText out) {
    out.add("heapBlk ").u32(heapBlk).add(" pagesPerRange ").u32(pagesPerRange);
  }
}
