package org.walstream.wal.rmgrdesc;

import org.walstream.wal.record.BlockReference;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.record.ForkNumber;

/// The text of a record's block references; the four versions agree on it.
///
/// Counterpart of XLogRecGetBlockRefInfo(), src/backend/access/rmgrdesc/xlogdesc.c.
public final class BlockReferenceText {

  private BlockReferenceText() {}

  /// What ends a line of pg_waldump, its line break not included: `, blkref #0: rel 1663/5/16384
  /// blk 7 FPW`.
  public static void addShort(DecodedXLogRecord record, RecordText out) {
    for (int id = 0; id <= record.maxBlockId(); id++) {
      if (record.hasBlock(id)) {
        BlockReference block = record.block(id);
        out.add(", ");
        name(block, out);
        if (block.forkNumber() != 0) {
          fork(block, out);
        }
        out.add(" blk ").u32(block.blockNumber());
        if (block.hasImage()) {
          out.add(block.appliesImage() ? " FPW" : " FPW for WAL verification");
        }
      }
    }
  }

  /// What pg_waldump adds with `--bkp-details`: the line's end, then a line for each block, each
  /// with its line break.
  public static void addLines(DecodedXLogRecord record, RecordText out) {
    out.add('\n');
    for (int id = 0; id <= record.maxBlockId(); id++) {
      if (record.hasBlock(id)) {
        out.add('\t');
        detailed(record.block(id), out);
        out.add('\n');
      }
    }
  }

  /// The column `block_ref` of pg_walinspect: the same on one line.
  public static void addDetailed(DecodedXLogRecord record, RecordText out) {
    for (int id = 0; id <= record.maxBlockId(); id++) {
      if (record.hasBlock(id)) {
        if (id > 0) {
          out.add(' ');
        }
        detailed(record.block(id), out);
      }
    }
  }

  private static void detailed(BlockReference block, RecordText out) {
    name(block, out);
    fork(block, out);
    out.add(" blk ").u32(block.blockNumber());
    if (!block.hasImage()) {
      return;
    }
    out.add(block.appliesImage() ? " (FPW)" : " (FPW for WAL verification)");
    out.add("; hole: offset: ").u32(block.holeOffset());
    out.add(", length: ").u32(block.holeLength());
    if (block.isImageCompressed()) {
      int saved = block.uncompressedImageLength() - block.image().length();
      out.add(", compression saved: ").u32(saved);
      out.add(", method: ").add(block.imageCompression().label());
    }
  }

  private static void name(BlockReference block, RecordText out) {
    out.add("blkref #").u32(block.id());
    out.add(": rel ").u32(block.spcOid());
    out.add('/').u32(block.dbOid());
    out.add('/').u32(block.relNumber());
  }

  private static void fork(BlockReference block, RecordText out) {
    out.add(" fork ");
    int fork = block.forkNumber();
    if (ForkNumber.isValid(fork)) {
      out.add(ForkNumber.of(fork).forkName());
    } else {
      // Differs from PostgreSQL: it reads behind its table of names, and may crash.
      out.u32(fork);
    }
  }
}
