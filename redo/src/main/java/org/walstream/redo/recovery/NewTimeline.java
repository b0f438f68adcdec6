package org.walstream.redo.recovery;

import static org.walstream.wal.record.XLogPageHeader.PAGE_BYTES;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.walstream.file.FileLayer;
import org.walstream.file.OpenFile;
import org.walstream.wal.Lsn;
import org.walstream.wal.TimelineHistory;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalSegmentName;
import org.walstream.wal.WalSegmentSize;
import org.walstream.wal.control.CheckPoint;
import org.walstream.wal.control.ControlFile;
import org.walstream.wal.record.WalSource;
import org.walstream.wal.record.XLogLongPageHeader;
import org.walstream.wal.record.XLogPageHeader;
import org.walstream.wal.record.XLogRecordHeader;
import org.walstream.wal.rmgr.Rmgr;
import org.walstream.wal.rmgr.XLogRmgrRecord;

/// The first WAL of a new timeline: the segment in which recovery has ended, up to there as the old
/// timeline has it, then the checkpoint of a server that was shut down, whose first record it is.
///
/// ```
///   old timeline   │ … │ last record │ what nobody replays
///   new timeline   │ … │ last record │ CHECKPOINT_SHUTDOWN │ zeros
///                                    └ the switch point, and redo
/// ```
///
/// The record may go on on the next page, and that may be the first of the next segment. The old
/// timeline's WAL is read as it was replayed: where recovery ends before a fork that it was to
/// follow, it may be there in the file of the newer timeline only.
///
/// Counterpart of XLogInitNewTimeline() and CreateCheckPoint(), src/backend/access/transam/xlog.c.
final class NewTimeline {

  private static final int DATA_SHORT = 255; // XLR_BLOCK_ID_DATA_SHORT
  private static final int RECORD_BYTES = XLogRecordHeader.LENGTH + 2 + CheckPoint.LENGTH;
  private static final int CRC_AT = 20;
  private static final int COPY_BYTES = 1 << 20;

  private final FileLayer files;
  private final Path pgWal;
  private final WalSource replayed;
  private final ControlFile control;
  private final WalSegmentSize segmentSize;

  /// @param replayed the WAL that recovery has read
  /// @param control whose WAL it is
  NewTimeline(FileLayer files, Path pgWal, WalSource replayed, ControlFile control) {
    this.files = files;
    this.pgWal = pgWal;
    this.replayed = replayed;
    this.control = control;
    this.segmentSize = control.layout().walSegmentSize();
  }

  /// Where the record will start that is written behind `endLsn`: a page begins with its header.
  long recordLsn(long endLsn) {
    return endLsn % PAGE_BYTES == 0 ? endLsn + headerLength(endLsn) : endLsn;
  }

  private int headerLength(long pageLsn) {
    return segmentSize.offset(pageLsn) == 0 ? XLogLongPageHeader.LENGTH : XLogPageHeader.LENGTH;
  }

  /// Writes it, and last the history by which the timeline is known. Durable on return; may be done
  /// again until the history is there.
  ///
  /// @param history of the new timeline
  /// @param endLsn where recovery has ended: the switch point
  /// @param lastLsn where the last record starts
  /// @param checkPoint with redo at [#recordLsn]
  void write(TimelineHistory history, long endLsn, long lastLsn, CheckPoint checkPoint)
      throws IOException {
    TimelineId timeline = history.timeline();
    long offset = segmentSize.offset(endLsn);
    ByteBuffer tail = tail(endLsn, timeline, record(lastLsn, checkPoint));
    var first = WalSegmentName.containing(timeline, endLsn, segmentSize);
    long inFirst = Math.min(tail.remaining(), segmentSize.bytes() - offset);
    if (tail.remaining() > inFirst) {
      ByteBuffer rest = tail.slice((int) inFirst, tail.remaining() - (int) inFirst);
      make(first.next(), 0, rest);
    }
    make(first, offset, tail.slice(0, (int) inFirst));
    files.replace(pgWal.resolve(timeline.historyFileName()), ByteBuffer.wrap(history.format()));
  }

  /// @param offset where its own content begins; what is before it has been replayed
  private void make(WalSegmentName segment, long offset, ByteBuffer content) throws IOException {
    Path temporary = pgWal.resolve("xlogtemp." + ProcessHandle.current().pid());
    files.delete(temporary);
    files.create(temporary).close();
    files.reserve(temporary, segmentSize.bytes());
    try (OpenFile file = files.open(temporary)) {
      copy(segment.startLsn(), offset, file);
      file.write(content, offset);
      file.force();
    }
    files.rename(temporary, pgWal.resolve(segment.fileName()));
    files.forceDirectory(pgWal);
  }

  private void copy(long startLsn, long length, OpenFile to) throws IOException {
    ByteBuffer chunk = ByteBuffer.allocate(COPY_BYTES);
    long at = 0;
    while (at < length) {
      int got =
          replayed.read(
              startLsn + at, chunk.clear().limit((int) Math.min(COPY_BYTES, length - at)));
      if (got <= 0) {
        throw new IOException(
            "WAL that was replayed at %s is gone".formatted(Lsn.format(startLsn + at)));
      }
      to.write(chunk.flip(), at);
      at += got;
    }
  }

  private byte[] record(long lastLsn, CheckPoint checkPoint) {
    ByteBuffer record = ByteBuffer.allocate(RECORD_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    record.putInt(RECORD_BYTES).putInt(0).putLong(lastLsn);
    record.put((byte) XLogRmgrRecord.CHECKPOINT_SHUTDOWN).put((byte) Rmgr.XLOG.id());
    record.position(XLogRecordHeader.LENGTH);
    record.put((byte) DATA_SHORT).put((byte) CheckPoint.LENGTH);
    checkPoint.write(record, record.position(), control.format());
    var crc = new CRC32C();
    crc.update(record.array(), XLogRecordHeader.LENGTH, RECORD_BYTES - XLogRecordHeader.LENGTH);
    crc.update(record.array(), 0, CRC_AT);
    record.putInt(CRC_AT, (int) crc.getValue());
    return record.array();
  }

  /// The record as it stands behind `endLsn`, with the headers of the pages that begin there.
  private ByteBuffer tail(long endLsn, TimelineId timeline, byte[] record) {
    var tail =
        ByteBuffer.allocate(record.length + 2 * XLogLongPageHeader.LENGTH)
            .order(ByteOrder.LITTLE_ENDIAN);
    int at = 0;
    while (at < record.length) {
      long lsn = endLsn + tail.position();
      if (lsn % PAGE_BYTES == 0) {
        header(tail, lsn, timeline, record.length - at, at > 0);
        lsn = endLsn + tail.position();
      }
      int length = (int) Math.min(record.length - at, PAGE_BYTES - lsn % PAGE_BYTES);
      tail.put(record, at, length);
      at += length;
    }
    return tail.flip();
  }

  private void header(ByteBuffer out, long lsn, TimelineId timeline, int left, boolean goesOn) {
    boolean isLong = segmentSize.offset(lsn) == 0;
    int info =
        (isLong ? XLogPageHeader.LONG_HEADER : 0)
            | (goesOn ? XLogPageHeader.FIRST_IS_CONTRECORD : 0);
    var header =
        new XLogPageHeader(
            control.format().pageMagic(), info, timeline.value(), lsn, goesOn ? left : 0);
    if (isLong) {
      new XLogLongPageHeader(header, control.systemIdentifier(), segmentSize.bytes(), PAGE_BYTES)
          .write(out);
    } else {
      header.write(out);
    }
  }
}
