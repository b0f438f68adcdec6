package org.walstream.wal.record;

import static org.walstream.wal.record.XLogPageHeader.PAGE_BYTES;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.walstream.wal.Check;
import org.walstream.wal.Lsn;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalFormat;
import org.walstream.wal.WalSegmentSize;

/// Proves a stream of WAL, record by record, as it passes by (`walstream.verify_wal`): page
/// headers, record headers, prev-links, the pieces of records that span pages, CRC-32C, and that
/// there are zeros where a server leaves them: after a record up to the next multiple of 8, after
/// XLOG_SWITCH.
///
/// It takes the bytes in ranges that may end anywhere, within a header too, and keeps nothing but
/// counters and the header it is in: no range is copied, no record assembled, nothing allocated per
/// record. The same bytes give the same verdict however they are cut.
///
/// ```
///            ┌──────────── next record ─────────────┐
///            ▼                                      │
///   SEEK ─▶ HEADER ──▶ BODY ──(CRC)──▶ PADDING ─────┤
///    │       ▲                  │                   │
///    └▶ SKIP ┘                  └▶ REST (switch) ───┘     a page header may come between any two
/// ```                                                     bytes of HEADER, BODY, SKIP
///
/// What is not WAL's to say stays unproven: the record that was under way where a stream starts.
/// (A server's WAL buffers are zeroed before records are put into them, AdvanceXLInsertBuffer() in
/// xlog.c. What is let pass in the padding would be kept, and the same WAL refused when it comes
/// again as it should be.)
///
/// Counterpart of XLogReadRecord(), src/backend/access/transam/xlogreader.c, and of what redo checks
/// on XLOG_OVERWRITE_CONTRECORD; defects are worded as there. Not thread-safe.
/// ```
public final class WalVerifier {

  private enum Phase {
    /// Looking for a page's start; what comes before it cannot be told.
    SEEK,
    /// Passing over the rest of a record whose beginning is not known; `recordLeft` to go.
    SKIP,
    /// Within a record's header or before it; `headerGot` bytes of it are there.
    HEADER,
    /// After the header; `recordLeft` to go.
    BODY,
    /// Between a record's end and the next multiple of 8.
    PADDING,
    /// Between XLOG_SWITCH and the end of the segment, where not even pages have headers.
    REST
  }

  /// A whole XLOG_OVERWRITE_CONTRECORD: header, 0xFF, 16, then the position it overwrites and a
  /// time, eight bytes each.
  private static final int OVERWRITE_LENGTH = XLogRecordHeader.LENGTH + 18;

  private static final int OVERWRITTEN_LSN_AT = XLogRecordHeader.LENGTH + 2;

  /// Stays in the processor's cache, and is not worth the call if it is much smaller.
  private static final int WINDOW_BYTES = 1 << 16;

  private static final byte[] ZEROS = new byte[PAGE_BYTES];

  private final WalSegmentSize segmentSize;
  private final boolean strict;
  private final @Nullable RecordPieces pieces;
  private final PageHeaderCheck pages;
  private final CRC32C crc = new CRC32C();

  /// The header of the page being entered, as much as there is of it.
  private final ByteBuffer pageHeader =
      ByteBuffer.allocate(XLogLongPageHeader.LENGTH).order(ByteOrder.LITTLE_ENDIAN);

  /// Where bytes are read that come outside of arrays; made when the first do.
  private byte @Nullable [] window;

  /// The header of the record being read; all of the record if it is to be an overwrite.
  private final byte[] headerBytes = new byte[OVERWRITE_LENGTH];

  private final ByteBuffer header = ByteBuffer.wrap(headerBytes).order(ByteOrder.LITTLE_ENDIAN);

  private Phase phase = Phase.SEEK;
  private @Nullable WalDefect defect;

  /// The next byte to come. Never before `verifiedLsn`, unless a range was cut short by a defect.
  private long position;

  /// How many bytes the current page still has; at 0 a page header is next. Unused in REST.
  private int pageLeft;

  /// The record being read: where it starts, and what has come of its header and is to come of it.
  private long recordLsn;

  private int headerGot;
  private long recordLeft;

  /// The last record proven, which the next one must link to; 0 before the first.
  private long lastRecordLsn;

  private long verifiedLsn;
  private long unprovenEndLsn;

  /// True while reading is to go no further than one record, and when it has come that far.
  private boolean stopAtRecord;

  private boolean recordEnded;

  /// The record that the next one must say it overwrites; 0 when it need not.
  private long overwrittenLsn;

  /// @param systemIdentifier the cluster whose WAL it must be; 0 for any
  /// @param timeline the timeline being streamed; pages of its ancestors may come first
  public WalVerifier(WalSegmentSize segmentSize, long systemIdentifier, TimelineId timeline) {
    this(segmentSize, systemIdentifier, timeline, true, null);
  }

  /// Proves WAL as recovery and pg_waldump do, for whom `pieces` are to be put together: what those
  /// do not look at is let pass. See the constructor above for the other parameters.
  static WalVerifier asRecovery(
      WalSegmentSize segmentSize,
      long systemIdentifier,
      TimelineId timeline,
      @Nullable RecordPieces pieces) {
    return new WalVerifier(segmentSize, systemIdentifier, timeline, false, pieces);
  }

  /// Without `strict`, what recovery does not look at is let pass: padding, what follows
  /// XLOG_SWITCH in its segment, pages of a timeline newer than their file's, and whether the pages
  /// of the record under way at the start agree on its length.
  private WalVerifier(
      WalSegmentSize segmentSize,
      long systemIdentifier,
      TimelineId timeline,
      boolean strict,
      @Nullable RecordPieces pieces) {
    this.segmentSize = segmentSize;
    this.strict = strict;
    this.pieces = pieces;
    this.pages = new PageHeaderCheck(segmentSize, systemIdentifier, timeline, strict);
  }

  /// Begins at `lsn`, in practice the start of a segment, and takes the first record that starts on
  /// a page from there; the rest of a record under way is passed over.
  public void start(long lsn) {
    begin(lsn, Phase.SEEK, 0);
  }

  /// Begins at `lsn`, where a record is known to start (or, on a page's first byte, to start just
  /// after the page header).
  ///
  /// @param prevLsn where the record before it starts; 0 when that is not known
  public void startAtRecord(long lsn, long prevLsn) {
    begin(lsn, Phase.HEADER, prevLsn);
  }

  private void begin(long lsn, Phase first, long prevLsn) {
    phase = first;
    defect = null;
    pages.reset();
    position = lsn;
    pageLeft = (int) (-lsn & (PAGE_BYTES - 1));
    pageHeader.clear();
    headerGot = 0;
    recordLsn = lsn;
    lastRecordLsn = prevLsn;
    verifiedLsn = lsn;
    unprovenEndLsn = 0;
    overwrittenLsn = 0;
  }

  /// Reads on: the bytes of `bytes` from position to limit, which stand at `lsn`. The buffer is
  /// left as it was.
  ///
  /// @return false when the WAL is corrupt, now or since an earlier call; see [#defect]
  /// @throws IllegalArgumentException when `lsn` is not where the last range ended
  public boolean feed(long lsn, ByteBuffer bytes) {
    if (defect != null) {
      return false;
    }
    if (lsn != position) {
      throw new IllegalArgumentException(
          "WAL at %s does not follow on %s".formatted(Lsn.format(lsn), Lsn.format(position)));
    }
    if (bytes.hasArray()) {
      int from = bytes.arrayOffset() + bytes.position();
      read(bytes.array(), from, from + bytes.remaining());
    } else {
      readOutside(bytes);
    }
    return defect == null;
  }

  /// Reads on as [#feed] does, but not beyond the end of a record.
  ///
  /// @param bytes in an array
  /// @return true when a record has come to its end at [#position]: it starts at [#lastRecordLsn].
  ///   False when all of `bytes` is read, or the WAL is corrupt
  /// @throws IllegalArgumentException when `lsn` is not where the last range ended
  boolean feedRecord(long lsn, ByteBuffer bytes) {
    stopAtRecord = true;
    recordEnded = false;
    feed(lsn, bytes);
    stopAtRecord = false;
    return recordEnded;
  }

  /// Why the WAL is corrupt, or null while it is not.
  public @Nullable WalDefect defect() {
    return defect;
  }

  /// The end, exclusive, of what is proven: of the last whole record and its padding, and of the
  /// zeros after XLOG_SWITCH. Until there is any, where the first record to be proven starts.
  public long verifiedLsn() {
    return verifiedLsn;
  }

  /// The end of the record that was under way where reading began, and was passed over unproven; 0
  /// when there was none, or it goes on.
  public long unprovenEndLsn() {
    return unprovenEndLsn;
  }

  /// True while such a record goes on.
  public boolean isPassingOver() {
    return phase == Phase.SKIP;
  }

  /// Where the last proven record starts; 0, or what [#startAtRecord] said, before the first.
  public long lastRecordLsn() {
    return lastRecordLsn;
  }

  /// Where the next range must start.
  public long position() {
    return position;
  }

  /// The version that wrote the pages seen so far, or null before the first.
  public @Nullable WalFormat format() {
    return pages.format();
  }

  DefectWording wording() {
    return pages.wording();
  }

  /// Where the record starts that is not whole yet; at a page's end, where it would start but for
  /// the page header.
  long pendingRecordLsn() {
    boolean within = phase == Phase.BODY || (phase == Phase.HEADER && headerGot > 0);
    return within ? recordLsn : verifiedLsn;
  }

  /// Says that the bytes to come are from a file of another timeline along the same history.
  void timeline(TimelineId timeline) {
    pages.timeline(timeline);
  }

  /// Checks a page header without reading on: that of a segment's first page where reading starts
  /// in its middle.
  ///
  /// @param page little-endian, the page's first 40 bytes at least
  boolean checkPage(long pageLsn, ByteBuffer page) {
    String wrong = pages.check(pageLsn, page);
    return wrong == null || fail(pageLsn, wrong);
  }

  /// Passes over what is left of a segment after XLOG_SWITCH, if that is where reading is; there
  /// may be no such bytes. Only when not strict.
  void skipRest() {
    if (phase == Phase.REST) {
      position = verifiedLsn;
      leaveRest();
    }
  }

  // Each of the steps below takes bytes at `at`, advances over them, and returns where it came to.

  /// Reads bytes that are not in an array by way of one: with the simple compiler that a receiver
  /// runs with, all that is done to them costs three times as much outside.
  private void readOutside(ByteBuffer bytes) {
    Check.state(!stopAtRecord, "records are read out of arrays");
    if (window == null) {
      window = new byte[WINDOW_BYTES];
    }
    int at = bytes.position();
    while (at < bytes.limit() && defect == null) {
      int length = Math.min(window.length, bytes.limit() - at);
      bytes.get(at, window, 0, length);
      read(window, 0, length);
      at += length;
    }
  }

  private void read(byte[] bytes, int from, int end) {
    int at = from;
    while (at < end && defect == null && !recordEnded) {
      if (phase == Phase.REST) {
        at = rest(bytes, at, end);
      } else if (pageLeft == 0) {
        at = pageHeader(bytes, at, end);
      } else {
        at = onPage(bytes, at, Math.min(end, at + pageLeft));
      }
    }
  }

  private int onPage(byte[] bytes, int from, int end) {
    int at = from;
    while (at < end && defect == null && phase != Phase.REST && !recordEnded) {
      at =
          switch (phase) {
            case HEADER ->
                isWhole(bytes, at, end) ? record(bytes, at, end) : header(bytes, at, end);
            case BODY -> body(bytes, at, end);
            case PADDING -> padding(bytes, at, end);
            case SKIP -> skip(at, end);
            case SEEK, REST -> advance(at, end - at);
          };
    }
    return at;
  }

  private int advance(int at, int length) {
    position += length;
    pageLeft -= length;
    return at + length;
  }

  private int pageHeader(byte[] bytes, int at, int end) {
    int got = pageHeader.position();
    int length = Math.min(pageHeaderLength(got) - got, end - at);
    pageHeader.put(got, bytes, at, length).position(got + length);
    position += length;
    if (pageHeader.position() == pageHeaderLength(pageHeader.position())) {
      enterPage(position - pageHeader.position());
    }
    return at + length;
  }

  /// How long the header is, or the part of it that tells.
  private int pageHeaderLength(int got) {
    return got < XLogPageHeader.LENGTH
        ? XLogPageHeader.LENGTH
        : XLogPageHeader.length(pageHeader.getShort(XLogPageHeader.INFO_AT));
  }

  private void enterPage(long pageLsn) {
    String wrong = pages.check(pageLsn, pageHeader);
    if (wrong != null) {
      fail(pageLsn, wrong);
      return;
    }
    pageLeft = PAGE_BYTES - pageHeader.position();
    pageHeader.clear();
    int info = pageHeader.getShort(XLogPageHeader.INFO_AT);
    boolean contrecord = (info & XLogPageHeader.FIRST_IS_CONTRECORD) != 0;
    boolean overwrite = (info & XLogPageHeader.FIRST_IS_OVERWRITE_CONTRECORD) != 0;
    long remLength = Integer.toUnsignedLong(pageHeader.getInt(XLogPageHeader.REM_LENGTH_AT));
    if (phase == Phase.SEEK || (phase == Phase.SKIP && !strict)) {
      enterFirstPage(contrecord, remLength);
    } else if (phase == Phase.HEADER && headerGot == 0) {
      enterAtRecord(contrecord);
    } else if (overwrite) {
      overwrittenLsn = phase == Phase.SKIP ? 0 : recordLsn;
      unprovenEndLsn = phase == Phase.SKIP ? position : unprovenEndLsn;
      nextRecord();
      enterAtRecord(contrecord);
    } else {
      continueRecord(contrecord, remLength);
    }
  }

  private void enterFirstPage(boolean contrecord, long remLength) {
    if (contrecord && remLength == 0 && strict) {
      fail(position, "invalid contrecord length 0 at " + Lsn.format(position));
    } else if (contrecord) {
      phase = Phase.SKIP;
      recordLsn = position;
      recordLeft = remLength;
    } else {
      verifiedLsn = position;
      nextRecord();
    }
  }

  private void enterAtRecord(boolean contrecord) {
    if (contrecord) {
      fail(position, "contrecord is requested by " + Lsn.format(position));
    }
  }

  private void continueRecord(boolean contrecord, long remLength) {
    if (!contrecord) {
      fail(recordLsn, "there is no contrecord flag at " + Lsn.format(recordLsn));
    } else if (remLength == 0 || remLength != recordLeft) {
      fail(
          recordLsn,
          "invalid contrecord length %d (expected %d) at %s"
              .formatted(remLength, recordLeft, Lsn.format(recordLsn)));
    }
  }

  private int skip(int at, int end) {
    int next = advance(at, (int) Math.min(recordLeft, end - at));
    recordLeft -= next - at;
    if (recordLeft == 0) {
      unprovenEndLsn = XLogRecordHeader.align(position);
      phase = Phase.PADDING;
      padded();
    }
    return next;
  }

  /// True when a record begins and ends within what is at hand of the page, as most do.
  private boolean isWhole(byte[] bytes, int at, int end) {
    if (headerGot != 0 || overwrittenLsn != 0 || end - at < XLogRecordHeader.LENGTH) {
      return false;
    }
    int total = LittleEndian.i32(bytes, at + XLogRecordHeader.TOTAL_LENGTH_AT);
    return total >= XLogRecordHeader.LENGTH && total <= end - at;
  }

  /// A whole record at once: the steps of [#header], [#body] and [#padding] without keeping what
  /// has come of it in between, which costs more than all they do.
  private int record(byte[] bytes, int at, int end) {
    int total = LittleEndian.i32(bytes, at + XLogRecordHeader.TOTAL_LENGTH_AT);
    int rmgrId = bytes[at + XLogRecordHeader.RMGR_AT] & 0xFF;
    recordLsn = position;
    headerGot = XLogRecordHeader.LENGTH;
    if (pieces != null) {
      pieces.piece(true, bytes, at, total);
    }
    if (!checkLinks(rmgrId, LittleEndian.i64(bytes, at + XLogRecordHeader.PREV_AT))) {
      return advance(at, XLogRecordHeader.LENGTH);
    }
    crc.reset();
    crc.update(bytes, at + XLogRecordHeader.LENGTH, total - XLogRecordHeader.LENGTH);
    crc.update(bytes, at, XLogRecordHeader.CRC_AT);
    int recordEnd = advance(at, total);
    if (checkCrc(LittleEndian.i32(bytes, at + XLogRecordHeader.CRC_AT))) {
      finishRecord(rmgrId, bytes[at + XLogRecordHeader.INFO_AT] & 0xFF);
    }
    return phase == Phase.PADDING && defect == null ? padding(bytes, recordEnd, end) : recordEnd;
  }

  private int header(byte[] bytes, int at, int end) {
    if (headerGot == 0) {
      recordLsn = position;
    }
    int length = Math.min(XLogRecordHeader.LENGTH - headerGot, end - at);
    if (pieces != null) {
      pieces.piece(headerGot == 0, bytes, at, length);
    }
    header.put(headerGot, bytes, at, length);
    headerGot += length;
    int next = advance(at, length);
    if (headerGot > XLogRecordHeader.TOTAL_LENGTH_AT + 3) {
      checkHeader();
    }
    return next;
  }

  /// The length is checked as soon as it is there: when it is wrong, so may be everything after it.
  private void checkHeader() {
    long total = Integer.toUnsignedLong(header.getInt(XLogRecordHeader.TOTAL_LENGTH_AT));
    if (total < XLogRecordHeader.LENGTH) {
      fail(recordLsn, pages.wording().invalidRecordLength(recordLsn, total));
      return;
    }
    recordLeft = total - headerGot;
    if (headerGot < XLogRecordHeader.LENGTH) {
      return;
    }
    int rmgrId = header.get(XLogRecordHeader.RMGR_AT) & 0xFF;
    if (checkLinks(rmgrId, header.getLong(XLogRecordHeader.PREV_AT))) {
      crc.reset();
      phase = Phase.BODY;
      if (recordLeft == 0) {
        finishRecord();
      }
    }
  }

  private boolean checkLinks(int rmgrId, long prevLsn) {
    if (!XLogRecordHeader.isValidRmgrId(rmgrId)) {
      return fail(
          recordLsn,
          "invalid resource manager ID %d at %s".formatted(rmgrId, Lsn.format(recordLsn)));
    }
    if (lastRecordLsn == 0 ? !Lsn.isBefore(prevLsn, recordLsn) : prevLsn != lastRecordLsn) {
      return fail(
          recordLsn,
          "record with incorrect prev-link %s at %s"
              .formatted(Lsn.format(prevLsn), Lsn.format(recordLsn)));
    }
    return true;
  }

  private int body(byte[] bytes, int at, int end) {
    int length = (int) Math.min(recordLeft, end - at);
    if (pieces != null) {
      pieces.piece(false, bytes, at, length);
    }
    if (overwrittenLsn != 0 && headerGot < OVERWRITE_LENGTH) {
      int kept = Math.min(length, OVERWRITE_LENGTH - headerGot);
      header.put(headerGot, bytes, at, kept);
      headerGot += kept;
    }
    crc.update(bytes, at, length);
    recordLeft -= length;
    int next = advance(at, length);
    if (recordLeft == 0) {
      finishRecord();
    }
    return next;
  }

  private void finishRecord() {
    crc.update(headerBytes, 0, XLogRecordHeader.CRC_AT);
    if (checkCrc(header.getInt(XLogRecordHeader.CRC_AT))) {
      int rmgrId = header.get(XLogRecordHeader.RMGR_AT) & 0xFF;
      finishRecord(rmgrId, header.get(XLogRecordHeader.INFO_AT) & 0xFF);
    }
  }

  private boolean checkCrc(int expected) {
    return (int) crc.getValue() == expected
        || fail(
            recordLsn,
            "incorrect resource manager data checksum in record at " + Lsn.format(recordLsn));
  }

  private void finishRecord(int rmgrId, int info) {
    if (overwrittenLsn != 0 && !overwrites(rmgrId, info)) {
      return;
    }
    lastRecordLsn = recordLsn;
    recordEnded = stopAtRecord;
    phase = Phase.PADDING;
    if (XLogRecordHeader.isSwitch(rmgrId, info)) {
      enterRest();
    } else {
      padded();
    }
  }

  private boolean overwrites(int rmgrId, int info) {
    boolean names =
        XLogRecordHeader.isOverwriteContrecord(rmgrId, info) && headerGot == OVERWRITE_LENGTH;
    long named = names ? header.getLong(OVERWRITTEN_LSN_AT) : 0;
    if (named != overwrittenLsn) {
      return fail(
          recordLsn,
          "mismatching overwritten LSN %s -> %s"
              .formatted(Lsn.format(named), Lsn.format(overwrittenLsn)));
    }
    overwrittenLsn = 0;
    return true;
  }

  private int padding(byte[] bytes, int at, int end) {
    int length = (int) Math.min(XLogRecordHeader.align(position) - position, end - at);
    for (int i = at; strict && i < at + length; i++) {
      if (bytes[i] != 0) {
        fail(
            recordLsn,
            "unexpected data at %s after the record at %s: expected zeros up to a multiple of 8"
                .formatted(Lsn.format(position + i - at), Lsn.format(recordLsn)));
        return at;
      }
    }
    int next = advance(at, length);
    padded();
    return next;
  }

  private void padded() {
    if (XLogRecordHeader.align(position) == position) {
      verifiedLsn = position;
      nextRecord();
    }
  }

  private void nextRecord() {
    phase = Phase.HEADER;
    headerGot = 0;
  }

  private void enterRest() {
    phase = Phase.REST;
    verifiedLsn = strict ? position : position + restLength();
    leaveRest();
  }

  private int rest(byte[] bytes, int at, int end) {
    int length = Math.min(restLength(), end - at);
    int zeros = strict ? zeros(bytes, at, at + length) : length;
    position += zeros;
    verifiedLsn = strict ? position : verifiedLsn;
    if (zeros < length) {
      fail(
          position,
          "unexpected data at %s after the XLOG_SWITCH record at %s: expected zeros to the segment's end"
              .formatted(Lsn.format(position), Lsn.format(lastRecordLsn)));
    } else {
      leaveRest();
    }
    return at + zeros;
  }

  private void leaveRest() {
    if (restLength() == 0) {
      pageLeft = 0;
      nextRecord();
    }
  }

  private int restLength() {
    return -segmentSize.offset(position) & (segmentSize.bytes() - 1);
  }

  private static int zeros(byte[] bytes, int from, int end) {
    int at = from;
    while (at < end) {
      int length = Math.min(ZEROS.length, end - at);
      int mismatch = Arrays.mismatch(bytes, at, at + length, ZEROS, 0, length);
      if (mismatch >= 0) {
        return at + mismatch - from;
      }
      at += length;
    }
    return at - from;
  }

  /// @return false
  private boolean fail(long lsn, String message) {
    defect = new WalDefect(lsn, message);
    return false;
  }
}
