package org.walstream.redo.recovery;

import java.io.IOException;
import java.nio.file.Path;
import org.walstream.file.FileLayer;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalSegmentName;
import org.walstream.wal.WalSegmentSize;

/// Segments in `pg_wal` that an older timeline went on with after ours had left it. They are not
/// part of this history; a later recovery could take them for WAL that is still to come.
///
/// Counterpart of RemoveNonParentXlogFiles(), src/backend/access/transam/xlog.c.
final class NonParentSegments {

  private NonParentSegments() {}

  /// Removes them, but for those that wait to be archived.
  ///
  /// @param switchLsn the end of the first record of the timeline
  static void remove(
      FileLayer files, Path pgWal, long switchLsn, TimelineId timeline, WalSegmentSize segmentSize)
      throws IOException {
    long lastKept = segmentSize.segmentNumberOfEnd(switchLsn);
    boolean removed = false;
    for (String name : files.list(pgWal)) {
      WalSegmentName segment = WalSegmentName.parse(name, segmentSize).orElse(null);
      if (segment != null
          && segment.timeline().isBefore(timeline)
          && Long.compareUnsigned(segment.segmentNumber(), lastKept) > 0
          && !files.exists(pgWal.resolve("archive_status").resolve(name + ".ready"))) {
        files.delete(pgWal.resolve(name));
        removed = true;
      }
    }
    if (removed) {
      Fsync.directory(files, pgWal);
    }
  }
}
