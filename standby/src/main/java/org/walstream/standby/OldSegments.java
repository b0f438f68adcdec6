package org.walstream.standby;

import java.io.IOException;
import java.nio.file.Path;
import org.walstream.file.FileLayer;
import org.walstream.standby.supply.ArchiveMode;
import org.walstream.wal.WalSegmentName;
import org.walstream.wal.WalSegmentSize;

/// Segments that recovery would not begin with any more, and nobody has asked to keep.
///
/// Counterpart of RemoveOldXlogFiles() and KeepLogSeg(), src/backend/access/transam/xlog.c; slots
/// of the directory itself are not looked at, since nobody is served from it.
final class OldSegments {

  private OldSegments() {}

  /// Removes them, of whatever timeline, but for those that wait to be archived.
  ///
  /// @param spares where they go while there is need
  /// @param redoLsn where recovery would begin
  /// @param keepBytes how much before that is kept all the same
  static void remove(
      FileLayer files,
      Path pgWal,
      long redoLsn,
      long keepBytes,
      WalSegmentSize segmentSize,
      SpareSegments spares)
      throws IOException {
    long kept = Long.compareUnsigned(redoLsn, keepBytes) > 0 ? redoLsn - keepBytes : 0;
    long firstKept = segmentSize.segmentNumber(kept);
    Path status = pgWal.resolve("archive_status");
    for (String name : files.list(pgWal)) {
      WalSegmentName segment = WalSegmentName.parse(name, segmentSize).orElse(null);
      if (segment != null
          && Long.compareUnsigned(segment.segmentNumber(), firstKept) < 0
          && !files.exists(status.resolve(name + ".ready"))) {
        if (!spares.offer(pgWal.resolve(name))) {
          files.delete(pgWal.resolve(name));
        }
        ArchiveMode.forget(files, pgWal, name);
      }
    }
  }
}
