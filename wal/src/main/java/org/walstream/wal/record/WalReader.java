package org.walstream.wal.record;

import static org.walstream.wal.record.XLogPageHeader.PAGE_BYTES;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.walstream.wal.Lsn;
import org.walstream.wal.TimelineHistory;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalSegmentSize;

/// Reads record after record out of segment files, across pages, segments and timelines.
///
/// ```java
/// var reader = new WalReader(segments, segmentSize, history, 0);
/// reader.start(startLsn);
/// while (reader.next() instanceof DecodedXLogRecord record) {
///   …
/// }
/// ```
///
/// The record, and every view of it, is valid until [#next] is called again. Allocates nothing per
/// record. Not thread-safe; several readers may share a source that allows it.
///
/// Counterpart of XLogReaderState, src/include/access/xlogreader.h.
public final class WalReader {

  private final WalSegmentSize segmentSize;
  private final WalPages pages;
  private final RecordReader records;
  private final WalVerifier verifier;

  /// Records before it are passed over.
  private long startLsn;

  /// True when `startLsn` is where a record is known to start.
  private boolean startIsRecord;

  /// No byte from here on is read; 0: all there are.
  private long limitLsn;

  /// @param history what leads to the newest timeline to be read; of each segment the newest
  ///   timeline's file is read, as recovery does
  /// @param systemIdentifier the cluster whose WAL it must be; 0 for any
  public WalReader(
      WalSegmentSource segments,
      WalSegmentSize segmentSize,
      TimelineHistory history,
      long systemIdentifier) {
    this(new HistorySource(segments, segmentSize, history), segmentSize, systemIdentifier);
  }

  /// @param systemIdentifier the cluster whose WAL it must be; 0 for any
  public WalReader(WalSource source, WalSegmentSize segmentSize, long systemIdentifier) {
    this.segmentSize = segmentSize;
    this.pages = new WalPages(source, segmentSize);
    this.records = new RecordReader(segmentSize, systemIdentifier, pages.timeline());
    this.verifier = records.verifier();
  }

  /// Begins with the first record that starts at `lsn` or after it.
  ///
  /// @throws IOException as the source throws it
  public void start(long lsn) throws IOException {
    startLsn = lsn;
    startIsRecord = false;
    records.start(lsn & -PAGE_BYTES);
    enter(lsn);
  }

  /// Begins with the record that starts at `lsn`; when none starts there, that ends reading.
  ///
  /// @throws IOException as the source throws it
  public void startAtRecord(long lsn) throws IOException {
    startLsn = lsn;
    startIsRecord = true;
    records.startAtRecord(lsn, 0);
    enter(lsn);
  }

  /// Lets no byte at `lsn` or after it be read: a record that reaches further is not given, and
  /// [ReadResult.NeedMoreData] comes in its place.
  public void limit(long lsn) {
    limitLsn = lsn;
  }

  /// Reading that begins within a segment looks at its first page all the same, and at the header
  /// of the page it begins in.
  private void enter(long lsn) throws IOException {
    long segmentStart = segmentSize.startOfSegment(lsn);
    long pageStart = lsn & -PAGE_BYTES;
    if (lsn != segmentStart
        && checkPage(segmentStart)
        && pageStart != segmentStart
        && pageStart != lsn) {
      checkPage(pageStart);
    }
  }

  /// The timeline of the file that was read last; the oldest one before any was.
  public TimelineId timeline() {
    return pages.timeline();
  }

  /// @return false when the page is there, and wrong
  private boolean checkPage(long pageLsn) throws IOException {
    return read(pageLsn, 1) <= 0 || verifier.checkPage(pageLsn, pages.buffer());
  }

  /// The next record, or why there is none.
  ///
  /// @throws IOException as the source throws it
  public ReadResult next() throws IOException {
    while (true) {
      switch (records.next()) {
        case DecodedXLogRecord record -> {
          if (!Lsn.isBefore(record.lsn(), startLsn)) {
            return record;
          }
        }
        case ReadResult.EndOfRecords end -> {
          return end;
        }
        case ReadResult.NeedMoreData _ -> {
          if (Lsn.isAfter(verifier.verifiedLsn(), records.wantedLsn())) {
            verifier.skipRest(); // XLOG_SWITCH: the file may be cut off there
          }
          if (limitLsn != 0 && !Lsn.isBefore(records.wantedLsn(), limitLsn)) {
            return new ReadResult.NeedMoreData(records.wantedLsn());
          }
          ReadResult.EndOfRecords end = readOn();
          if (end != null) {
            return end;
          }
        }
      }
    }
  }

  /// Looks again at what comes after the last record given: after the end was reached it may have
  /// been written since.
  ///
  /// @throws IOException as the source throws it
  public void resume() throws IOException {
    if (records.lastRecordLsn() != 0) {
      records.startAtRecord(records.endLsn(), records.lastRecordLsn());
      enter(records.endLsn());
    } else if (startIsRecord) {
      startAtRecord(startLsn);
    } else {
      start(startLsn);
    }
  }

  /// Gives the record reader more bytes.
  ///
  /// @return why there are none, or null
  private ReadResult.@Nullable EndOfRecords readOn() throws IOException {
    long lsn = records.wantedLsn();
    int length = read(lsn, limitLsn == 0 ? Long.MAX_VALUE : limitLsn - lsn);
    if (length == WalPages.ABSENT) {
      return ended(pages.missingFile(lsn));
    }
    if (length == 0) {
      return ended(pages.shortFile(lsn, verifier));
    }
    if (limitLsn != 0 && Lsn.isAfter(lsn + length, limitLsn)) {
      pages.buffer().limit((int) (limitLsn - lsn));
    }
    records.input(lsn, pages.buffer());
    return null;
  }

  private int read(long lsn, long wanted) throws IOException {
    int length = pages.read(lsn, wanted);
    verifier.timeline(pages.timeline());
    return length;
  }

  private ReadResult.EndOfRecords ended(String message) {
    return records.endsWith(new WalDefect(verifier.pendingRecordLsn(), message));
  }
}
