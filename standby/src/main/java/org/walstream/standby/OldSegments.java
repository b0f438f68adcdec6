package org.walstream.standby;

import java.io.IOException;
import java.nio.file.Path;
import org.walstream.file.FileLayer;
import org.walstream.standby.supply.ArchiveMode;
import org.walstream.wal.WalSegmentName;
import org.walstream.wal.WalSegmentSize;

/// Segments that recovery would not begin with any more, and nobody has asked to keep.
///
/// Counterpart of RemoveOldXlogFiles(), src/backend/access/transam/xlog.c.
final class OldSegments {

  private OldSegments() {}

  /// Removes them, of whatever timeline, but for those that wait to be archived from here.
  ///
  /// @param archiveMode the standby's: under `on` it archives nothing, and a mark that has come
  ///   with a backup says nothing
  /// @param spares where they go while there is need
  /// @param keepFrom from where on somebody needs them
  static void remove(
      FileLayer files,
      Path pgWal,
      long keepFrom,
      WalSegmentSize segmentSize,
      ArchiveMode archiveMode,
      SpareSegments spares)
      throws IOException {
    long firstKept = segmentSize.segmentNumber(keepFrom);
    for (String name : files.list(pgWal)) {
      WalSegmentName segment = WalSegmentName.parse(name, segmentSize).orElse(null);
      if (segment != null
          && Long.compareUnsigned(segment.segmentNumber(), firstKept) < 0
          && archiveMode.mayGo(files, pgWal, name)) {
        if (!spares.offer(pgWal.resolve(name))) {
          files.delete(pgWal.resolve(name));
        }
        ArchiveMode.forget(files, pgWal, name);
      }
    }
  }
}
