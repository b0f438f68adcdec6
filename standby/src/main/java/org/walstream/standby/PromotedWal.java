package org.walstream.standby;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.walstream.file.FileLayer;
import org.walstream.redo.recovery.Recovery;
import org.walstream.standby.supply.ArchiveMode;
import org.walstream.wal.TimelineHistory;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalDataException;
import org.walstream.wal.WalSegmentName;
import org.walstream.wal.WalSegmentSize;

/// What a promotion leaves for the archiver: the new timeline's history, and the segment in which
/// the old timeline has ended, whose name says that it is not whole.
///
/// Counterpart of CleanupAfterArchiveRecovery(), src/backend/access/transam/xlog.c.
final class PromotedWal {

  private PromotedWal() {}

  /// Does nothing when nothing is archived.
  ///
  /// @param end with a new timeline
  static void mark(
      FileLayer files,
      Path pgWal,
      ArchiveMode mode,
      Recovery.Result end,
      WalSegmentSize segmentSize)
      throws IOException {
    if (mode == ArchiveMode.OFF) {
      return;
    }
    var timeline = new TimelineId(end.timeline());
    String history = timeline.historyFileName();
    mode.ready(files, pgWal, history);
    if (segmentSize.offset(end.endLsn()) == 0) {
      return;
    }
    var last =
        WalSegmentName.containing(
            parent(timeline, Files.readAllBytes(pgWal.resolve(history))),
            end.endLsn(),
            segmentSize);
    if (files.exists(pgWal.resolve(last.fileName()))
        && !ArchiveMode.isMarked(files, pgWal, last.fileName())) {
      files.rename(pgWal.resolve(last.fileName()), pgWal.resolve(last.partialFileName()));
      files.forceDirectory(pgWal);
      mode.ready(files, pgWal, last.partialFileName());
    }
  }

  private static TimelineId parent(TimelineId timeline, byte[] history) throws IOException {
    try {
      return TimelineHistory.parse(timeline, history).ancestors().getLast().timeline();
    } catch (WalDataException e) {
      throw new IOException(e.getMessage(), e);
    }
  }
}
