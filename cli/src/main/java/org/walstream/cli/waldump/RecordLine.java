package org.walstream.cli.waldump;

import org.jspecify.annotations.Nullable;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.rmgr.Rmgr;
import org.walstream.wal.rmgrdesc.BlockReferenceText;
import org.walstream.wal.rmgrdesc.RecordDescription;
import org.walstream.wal.rmgrdesc.RecordText;

/// A record as pg_waldump prints it:
///
/// ```
/// rmgr: Heap        len (rec/tot):     59/    59, tx:        733, lsn: 0/01531CF8, prev 0/01531CC0,
/// desc: INSERT off: 3, flags: 0x00, blkref #0: rel 1663/5/16384 blk 0
/// ```
///
/// (one line), or with the blocks in detail one line each.
///
/// Counterpart of XLogDumpDisplayRecord().
final class RecordLine implements TextSink.Printer {

  private static final int NAME_WIDTH = 11;

  private static final String[] BEGINNINGS = beginnings();

  private final boolean blockDetails;

  RecordLine(boolean blockDetails) {
    this.blockDetails = blockDetails;
  }

  @Override
  public void print(DecodedXLogRecord record, RecordText out) {
    int imageBytes = record.imageBytes();
    out.add(BEGINNINGS[record.rmgrId()]);
    right(out, record.totalLength() - imageBytes, 6).add('/');
    right(out, record.totalLength(), 6).add(", tx: ");
    right(out, record.xid(), 10).add(", lsn: ").lsn08(record.lsn());
    out.add(", prev ").lsn08(record.prevLsn()).add(", desc: ");
    describe(record, out);
    if (blockDetails) {
      BlockReferenceText.addLines(record, out);
    } else {
      BlockReferenceText.addShort(record, out);
      out.add('\n');
    }
  }

  private static void describe(DecodedXLogRecord record, RecordText out) {
    Rmgr rmgr = Rmgr.ofId(record.rmgrId());
    out.add(typeName(rmgr, record)).add(' ');
    if (rmgr == null) {
      out.add("rmid: ").u32(record.rmgrId());
    } else {
      RecordDescription.describe(Rmgr.interpret(record), out);
    }
  }

  private static String typeName(@Nullable Rmgr rmgr, DecodedXLogRecord record) {
    String name = rmgr == null ? null : rmgr.recordName(record.format(), record.info());
    return name != null ? name : RmgrNames.unknownType(record.info());
  }

  /// %nu
  private static RecordText right(RecordText out, int value, int width) {
    int start = out.length();
    return out.u32(value).padLeft(start, width);
  }

  private static String[] beginnings() {
    var beginnings = new String[256];
    for (int id = 0; id < beginnings.length; id++) {
      String name = RmgrNames.of(id);
      beginnings[id] =
          "rmgr: "
              + name
              + " ".repeat(Math.max(0, NAME_WIDTH - name.length()))
              + " len (rec/tot): ";
    }
    return beginnings;
  }
}
