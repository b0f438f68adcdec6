package org.walstream.wal.record;

import static org.walstream.wal.record.XLogPageHeader.PAGE_BYTES;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalSegmentName;
import org.walstream.wal.WalSegmentSize;

/// The pages of WAL as they stand in a [WalSource], read in order.
///
/// Counterpart of WALDumpReadPage(), src/bin/pg_waldump/pg_waldump.c (whole pages or nothing). Not
/// thread-safe.
final class WalPages {

  /// What [#read] returns when there is no file.
  static final int ABSENT = WalSource.ABSENT;

  /// So small that what is read is still in the processor's cache when it is looked at: with 32
  /// pages, reading took three times as long.
  private static final int BUFFER_BYTES = 8 * PAGE_BYTES;

  private final WalSource source;
  private final WalSegmentSize segmentSize;
  private final ByteBuffer buffer =
      ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);

  /// Where the file ended that [#read] found no whole page in.
  private int fileEnd;

  WalPages(WalSource source, WalSegmentSize segmentSize) {
    this.source = source;
    this.segmentSize = segmentSize;
  }

  /// The timeline of the file that was read last, or should have been there.
  TimelineId timeline() {
    return source.timeline();
  }

  /// What PostgreSQL says of a position whose segment is not there.
  String missingFile(long lsn) {
    return "could not find file \"%s\": No such file or directory".formatted(segment(lsn));
  }

  /// Reads on from `lsn`, up to the end of a whole page: a page that is cut off counts as not
  /// there.
  ///
  /// @param wanted no more than the pages of as many bytes are read
  /// @return how many bytes are in [#buffer]; 0 when there is no whole page, [#ABSENT] when there
  ///   is no file
  int read(long lsn, long wanted) throws IOException {
    int offset = segmentSize.offset(lsn);
    int most = BUFFER_BYTES - offset % PAGE_BYTES;
    if (wanted < most) {
      most = (int) (offset + wanted + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES - offset;
    }
    int room = Math.min(segmentSize.bytes() - offset, most);
    buffer.clear().limit(room);
    int read = source.read(lsn, buffer);
    if (read == ABSENT) {
      return ABSENT;
    }
    int more = read;
    while (buffer.hasRemaining() && more > 0) {
      more = source.read(lsn + buffer.position(), buffer);
    }
    if (more == ABSENT) {
      endPage(offset);
    }
    fileEnd = offset + buffer.position();
    int whole = Math.max(fileEnd - fileEnd % PAGE_BYTES - offset, 0);
    buffer.position(0).limit(whole);
    return whole;
  }

  /// Within this page another timeline goes on whose file is not here: its part of it is not
  /// written yet.
  private void endPage(int offset) {
    while ((offset + buffer.position()) % PAGE_BYTES != 0) {
      buffer.put((byte) 0);
    }
  }

  /// What PostgreSQL says of the file that [#read] found no whole page in.
  ///
  /// @param verifier who has seen the pages before, and knows the version
  String shortFile(long lsn, WalVerifier verifier) {
    return verifier.wording().shortFile(segment(lsn), fileEnd, PAGE_BYTES - fileEnd % PAGE_BYTES);
  }

  private WalSegmentName segment(long lsn) {
    return WalSegmentName.containing(timeline(), lsn, segmentSize);
  }

  /// The bytes read last, little-endian, in an array, from position 0 to the limit.
  ByteBuffer buffer() {
    return buffer;
  }
}
