package org.walstream.wal.record;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.walstream.wal.Lsn;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalFormat;
import org.walstream.wal.WalSegmentSize;

/// Reads record after record out of bytes that its caller brings, in ranges that may end anywhere:
/// what comes over a connection, or what [WalReader] reads from files.
///
/// ```java
/// reader.input(lsn, bytes);
/// while (reader.next() instanceof DecodedXLogRecord record) {
///   …
/// }
/// ```
///
/// Every record it gives has a right CRC and links to the one before it. It allocates nothing per
/// record, and for one record no more than twice the bytes that came of it. Not thread-safe.
///
/// Counterpart of XLogNextRecord(), src/backend/access/transam/xlogreader.c.
public final class RecordReader {

  private final WalVerifier verifier;
  private final RecordAssembly assembly = new RecordAssembly();
  private final DecodedXLogRecord record = new DecodedXLogRecord();
  private final RecordDecoder decoder = new RecordDecoder();

  private ByteBuffer range = ByteBuffer.allocate(0);

  /// What is subtracted from a position to find its byte in the range.
  private long rangeLsn;

  private int rangeEnd;

  private ReadResult.@Nullable EndOfRecords end;

  private long endLsn;

  /// The version that wrote the last page whose header was read.
  private @Nullable WalFormat format;

  /// @param systemIdentifier the cluster whose WAL it must be; 0 for any
  /// @param timeline in the name of the file that the first bytes come from
  public RecordReader(WalSegmentSize segmentSize, long systemIdentifier, TimelineId timeline) {
    this.verifier = WalVerifier.asRecovery(segmentSize, systemIdentifier, timeline, assembly);
  }

  /// Begins at `pageLsn`, the start of a page, with the first record that starts on a page from
  /// there; the rest of a record under way is passed over.
  public void start(long pageLsn) {
    verifier.start(pageLsn);
    begin(pageLsn);
  }

  /// Begins with the record that starts at `recordLsn`.
  ///
  /// @param prevLsn where the record before it starts; 0 when that is not known
  public void startAtRecord(long recordLsn, long prevLsn) {
    verifier.startAtRecord(recordLsn, prevLsn);
    begin(recordLsn);
  }

  private void begin(long lsn) {
    assembly.forget();
    end = null;
    endLsn = lsn;
    rangeLsn = lsn;
    rangeEnd = 0;
  }

  /// Where the bytes of the next range must start.
  public long wantedLsn() {
    return verifier.position();
  }

  /// Takes the bytes from position to limit of `bytes`, which stand at `lsn`. They must stay there
  /// until [#next] wants more. Only when it does: bytes not yet read would be lost.
  ///
  /// @param bytes in an array, where records can be read as they stand; left as they are
  /// @throws IllegalArgumentException if `lsn` is not [#wantedLsn], or if they are in no array
  public void input(long lsn, ByteBuffer bytes) {
    if (lsn != wantedLsn()) {
      throw new IllegalArgumentException(
          "WAL at %s, wanted at %s".formatted(Lsn.format(lsn), Lsn.format(wantedLsn())));
    }
    if (!bytes.hasArray()) {
      throw new IllegalArgumentException("records are read out of arrays");
    }
    range = bytes.duplicate();
    rangeLsn = lsn - range.position();
    rangeEnd = range.limit();
    assembly.range(range.array());
  }

  /// The next record, or why there is none. After [ReadResult.EndOfRecords] it stays so until
  /// reading begins anew.
  public ReadResult next() {
    if (end != null) {
      return end;
    }
    long lsn = verifier.position();
    if (lsn - rangeLsn > rangeEnd) { // passed over what follows XLOG_SWITCH
      return new ReadResult.NeedMoreData(lsn);
    }
    range.limit(rangeEnd).position((int) (lsn - rangeLsn));
    if (verifier.feedRecord(lsn, range)) {
      return decoded();
    }
    if (verifier.defect() != null) {
      return endsWith(verifier.defect(), false);
    }
    assembly.keep();
    return new ReadResult.NeedMoreData(verifier.position());
  }

  private ReadResult decoded() {
    WalDefect wrong =
        decoder.decode(
            assembly.bytes(),
            assembly.start(),
            verifier.lastRecordLsn(),
            endOfRecord(),
            format(),
            record);
    if (wrong != null) {
      return endsWith(wrong, false);
    }
    endLsn = record.endLsn;
    return record;
  }

  /// Reading that is resumed within a page has not seen the page's header again.
  private WalFormat format() {
    WalFormat current = verifier.format();
    if (current != null) {
      format = current;
    }
    return Objects.requireNonNull(format, "no page header read");
  }

  private long endOfRecord() {
    long lsn = XLogRecordHeader.align(verifier.position());
    // XLOG_SWITCH has already been given the rest of its segment.
    return Lsn.max(lsn, verifier.verifiedLsn());
  }

  /// Ends reading for a reason of the caller's: there are no more bytes, and will be none.
  public ReadResult.EndOfRecords endsWith(WalDefect reason) {
    return endsWith(reason, true);
  }

  private ReadResult.EndOfRecords endsWith(WalDefect reason, boolean outOfBytes) {
    end = new ReadResult.EndOfRecords(endLsn, reason, outOfBytes);
    return end;
  }

  /// The end of the last record read; before the first, where reading began.
  public long endLsn() {
    return endLsn;
  }

  /// Where the last record read starts; 0 before the first.
  public long lastRecordLsn() {
    return verifier.lastRecordLsn();
  }

  WalVerifier verifier() {
    return verifier;
  }
}
