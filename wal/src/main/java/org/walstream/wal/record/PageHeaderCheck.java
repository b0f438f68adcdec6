package org.walstream.wal.record;

import static org.walstream.wal.record.XLogPageHeader.ALL_FLAGS;
import static org.walstream.wal.record.XLogPageHeader.FIRST_IS_CONTRECORD;
import static org.walstream.wal.record.XLogPageHeader.INFO_AT;
import static org.walstream.wal.record.XLogPageHeader.LONG_HEADER;
import static org.walstream.wal.record.XLogPageHeader.MAGIC_AT;
import static org.walstream.wal.record.XLogPageHeader.PADDING_AT;
import static org.walstream.wal.record.XLogPageHeader.PAGE_ADDRESS_AT;
import static org.walstream.wal.record.XLogPageHeader.PAGE_BYTES;
import static org.walstream.wal.record.XLogPageHeader.REM_LENGTH_AT;
import static org.walstream.wal.record.XLogPageHeader.TIMELINE_AT;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.walstream.wal.Lsn;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalFormat;
import org.walstream.wal.WalSegmentName;
import org.walstream.wal.WalSegmentSize;

/// Tells whether page headers are right for their place, one page after the other. Remembers what
/// must not change between pages (the version) or not go back (the timeline).
///
/// Counterpart of XLogReaderValidatePageHeader(), src/backend/access/transam/xlogreader.c; the
/// order of its checks decides which of several defects is named. Not thread-safe.
final class PageHeaderCheck {

  private final WalSegmentSize segmentSize;

  /// 0: any cluster's.
  private final long systemIdentifier;

  /// Refuse what recovery would let pass.
  private final boolean strict;

  /// The timeline in the name of the file that the pages come from.
  private TimelineId timeline;

  private @Nullable WalFormat format;
  private int latestTimeline;

  PageHeaderCheck(
      WalSegmentSize segmentSize, long systemIdentifier, TimelineId timeline, boolean strict) {
    this.strict = strict;
    this.segmentSize = segmentSize;
    this.systemIdentifier = systemIdentifier;
    this.timeline = timeline;
  }

  /// Forgets the pages seen, for reading that begins anew.
  void reset() {
    format = null;
    latestTimeline = 0;
  }

  /// Says that the pages to come are from files of `timeline`.
  void timeline(TimelineId timeline) {
    this.timeline = timeline;
  }

  /// The version that wrote the pages seen so far, or null before the first.
  @Nullable WalFormat format() {
    return format;
  }

  /// How the version that wrote these pages words a defect; the newest's way while it is unknown.
  DefectWording wording() {
    return DefectWording.of(format == null ? WalFormat.newest() : format);
  }

  /// Checks the header of the page at `pageLsn`, little-endian at offset 0 of `header`: whole, as
  /// long as its flags say. Allocates nothing unless there is something to complain about.
  ///
  /// @return null when the header is right, else what is wrong with it
  @Nullable String check(long pageLsn, ByteBuffer header) {
    int magic = header.getShort(MAGIC_AT) & 0xFFFF;
    WalFormat pageFormat = WalFormat.withPageMagic(magic);
    if (pageFormat == null || (format != null && format != pageFormat)) {
      return "invalid magic number %04X ".formatted(magic) + inSegment(pageLsn);
    }
    format = pageFormat;
    int info = header.getShort(INFO_AT) & 0xFFFF;
    boolean isLong = (info & LONG_HEADER) != 0;
    if ((info & ~ALL_FLAGS) != 0 || (!isLong && segmentSize.offset(pageLsn) == 0)) {
      return "invalid info bits %04X ".formatted(info) + inSegment(pageLsn);
    }
    String foreign = isLong ? checkOrigin(header) : null;
    return foreign != null ? foreign : checkPlace(pageLsn, header);
  }

  private @Nullable String checkOrigin(ByteBuffer header) {
    long pageSystemIdentifier = header.getLong(XLogLongPageHeader.SYSTEM_IDENTIFIER_AT);
    if (systemIdentifier != 0 && pageSystemIdentifier != systemIdentifier) {
      return ("WAL file is from different database system: WAL file database system identifier is"
              + " %s, pg_control database system identifier is %s")
          .formatted(
              Long.toUnsignedString(pageSystemIdentifier), Long.toUnsignedString(systemIdentifier));
    }
    if (header.getInt(XLogLongPageHeader.SEGMENT_BYTES_AT) != segmentSize.bytes()) {
      return "WAL file is from different database system: incorrect segment size in page header";
    }
    if (header.getInt(XLogLongPageHeader.PAGE_BYTES_AT) != PAGE_BYTES) {
      return "WAL file is from different database system: incorrect XLOG_BLCKSZ in page header";
    }
    return null;
  }

  private @Nullable String checkPlace(long pageLsn, ByteBuffer header) {
    long pageAddress = header.getLong(PAGE_ADDRESS_AT);
    if (pageAddress != pageLsn) {
      return "unexpected pageaddr %s ".formatted(Lsn.format(pageAddress)) + inSegment(pageLsn);
    }
    int pageTimeline = header.getInt(TIMELINE_AT);
    if (Integer.compareUnsigned(pageTimeline, latestTimeline) < 0) {
      return "out-of-sequence timeline ID %s (after %s) "
              .formatted(
                  Integer.toUnsignedString(pageTimeline), Integer.toUnsignedString(latestTimeline))
          + inSegment(pageLsn);
    }
    // Differs from PostgreSQL, which does not look: a stream of one timeline holds nothing newer.
    if (strict && Integer.compareUnsigned(pageTimeline, timeline.value()) > 0) {
      return "unexpected timeline ID %s ".formatted(Integer.toUnsignedString(pageTimeline))
          + inSegment(pageLsn);
    }
    latestTimeline = pageTimeline;
    return strict ? checkUnused(pageLsn, header) : null;
  }

  /// What readers do not look at is zero: a server's WAL buffers are zeroed first.
  private @Nullable String checkUnused(long pageLsn, ByteBuffer header) {
    boolean contrecord = (header.getShort(INFO_AT) & FIRST_IS_CONTRECORD) != 0;
    if (header.getInt(PADDING_AT) != 0 || (!contrecord && header.getInt(REM_LENGTH_AT) != 0)) {
      return "unexpected data in the unused part of a page header " + inSegment(pageLsn);
    }
    return null;
  }

  private String inSegment(long pageLsn) {
    var segment = WalSegmentName.containing(timeline, pageLsn, segmentSize);
    return wording().inSegment(segment, pageLsn);
  }
}
