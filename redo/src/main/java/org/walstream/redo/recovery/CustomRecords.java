package org.walstream.redo.recovery;

import java.util.BitSet;
import org.walstream.wal.Lsn;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.rmgr.Rmgr;

/// Records of resource managers that extensions bring: what they do to pages and files, only the
/// extension's code knows. They end recovery, unless they are to be passed over: then their full
/// page images are taken, and what else they do is lost.
final class CustomRecords {

  private final boolean skip;
  private final RecoveryListener listener;
  private final BitSet told = new BitSet();

  CustomRecords(boolean skip, RecoveryListener listener) {
    this.skip = skip;
    this.listener = listener;
  }

  static boolean isCustom(DecodedXLogRecord record) {
    return record.rmgrId() >= Rmgr.MIN_CUSTOM_ID;
  }

  /// Whether the pages of a custom record are to be redone: it has an image of each.
  ///
  /// @throws RecoveryException unless custom records may be passed over
  boolean hasOnlyImages(DecodedXLogRecord record) throws RecoveryException {
    int id = record.rmgrId();
    if (!skip) {
      throw new RecoveryException(
          "resource manager with ID %d not registered, at %s"
              .formatted(id, Lsn.format(record.lsn())),
          "An extension of the server wrote this record, and only that extension can replay it."
              + " Replay with PostgreSQL, with the extension in \"shared_preload_libraries\"; or"
              + " pass over its records (--skip-custom-rmgr), which loses what they did.");
    }
    if (!told.get(id)) {
      told.set(id);
      listener.warning(
          "passing over records of resource manager with ID %d, the first at %s"
              .formatted(id, Lsn.format(record.lsn())));
    }
    for (int block = 0; block <= record.maxBlockId(); block++) {
      if (record.hasBlock(block) && !record.block(block).appliesImage()) {
        return false;
      }
    }
    return record.maxBlockId() >= 0;
  }
}
