package org.walstream.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.walstream.store.segment.PgWalDirectory;
import org.walstream.wal.Lsn;
import org.walstream.wal.TimelineHistory;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalSegmentName;
import org.walstream.wal.WalSegmentSize;
import org.walstream.wal.control.BackupLabel;
import org.walstream.wal.control.CheckPoint;
import org.walstream.wal.control.ControlFile;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.record.WalReader;
import org.walstream.wal.rmgr.Rmgr;
import org.walstream.wal.rmgr.XLogRmgrRecord;

/// A base backup and the WAL that is replayed on it, up to the last checkpoint in it: only there
/// does recovery bring every page to disk when it ends, whoever recovers.
///
/// @param base a data directory that no server runs in, with or without a `backup_label`
/// @param wal plain segments of the timeline that the base is on
/// @param startLsn where recovery begins
/// @param targetLsn where the record of the last checkpoint starts
/// @param endLsn where it ends
/// @param imageBytes how much of the WAL is page images
record RedoInput(
    Path base,
    Path wal,
    ControlFile control,
    TimelineId timeline,
    long startLsn,
    long targetLsn,
    long endLsn,
    long records,
    long imageBytes) {

  static final String CONTROL_FILE = "global/pg_control";

  /// Looks through the WAL, which fills the page cache with it.
  static RedoInput read(Path base, Path wal) throws IOException {
    requireNoTablespaces(base);
    ControlFile control = ControlFile.parse(Files.readAllBytes(base.resolve(CONTROL_FILE)));
    Path label = base.resolve(BackupLabel.FILE_NAME);
    if (!Files.exists(label)) {
      CheckPoint start = control.checkPoint();
      var timeline = new TimelineId(start.timeline());
      return read(base, wal, control, timeline, start.redoLsn(), control.checkPointLsn());
    }
    var backup = BackupLabel.parse(Files.readAllBytes(label));
    return read(base, wal, control, backup.timeline(), backup.startLsn(), backup.checkPointLsn());
  }

  private static RedoInput read(
      Path base, Path wal, ControlFile control, TimelineId timeline, long start, long checkPoint)
      throws IOException {
    long target = 0;
    long end = start;
    long records = 0;
    long images = 0;
    try (var source = PgWalDirectory.open(wal)) {
      var reader =
          new WalReader(
              source,
              source.segmentSize(),
              TimelineHistory.ofFirst(timeline),
              control.systemIdentifier());
      reader.start(start);
      long count = 0;
      long bytes = 0;
      while (reader.next() instanceof DecodedXLogRecord record) {
        count++;
        bytes += record.hasImage() ? record.imageBytes() : 0;
        if (isCheckPoint(record) && Lsn.isAfter(record.lsn(), checkPoint)) {
          target = record.lsn();
          end = record.endLsn();
          records = count;
          images = bytes;
        }
      }
    }
    if (target == 0) {
      throw new IOException(
          "there is no checkpoint in \"%s\" behind that of the base backup at %s: it must end with one"
              .formatted(wal, Lsn.format(checkPoint)));
    }
    return new RedoInput(base, wal, control, timeline, start, target, end, records, images);
  }

  /// Their files would be shared by all copies of the base.
  private static void requireNoTablespaces(Path base) throws IOException {
    try (var links = Files.newDirectoryStream(base.resolve("pg_tblspc"), Files::isSymbolicLink)) {
      if (links.iterator().hasNext() || Files.exists(base.resolve("tablespace_map"))) {
        throw new IOException(
            "\"%s\" has tablespaces outside: it cannot be replayed twice".formatted(base));
      }
    }
  }

  private static boolean isCheckPoint(DecodedXLogRecord record) {
    return record.rmgrId() == Rmgr.XLOG.id()
        && (record.opcode() == XLogRmgrRecord.CHECKPOINT_SHUTDOWN
            || record.opcode() == XLogRmgrRecord.CHECKPOINT_ONLINE);
  }

  int major() throws IOException {
    return Integer.parseInt(Files.readString(base.resolve("PG_VERSION")).strip());
  }

  long bytes() {
    return endLsn - startLsn;
  }

  /// Copies the segments that are replayed; the base may have brought the first of them.
  void copyWal(Path to) throws IOException {
    WalSegmentSize size = control.layout().walSegmentSize();
    var segment = WalSegmentName.containing(timeline, startLsn, size);
    while (Lsn.isBefore(segment.startLsn(), endLsn)) {
      String name = segment.fileName();
      Files.copy(wal.resolve(name), to.resolve(name), StandardCopyOption.REPLACE_EXISTING);
      segment = segment.next();
    }
  }
}
