package org.walstream.cli.waldump;

import java.io.IOException;
import java.util.function.BooleanSupplier;
import org.walstream.store.segment.SegmentReader;
import org.walstream.wal.Lsn;
import org.walstream.wal.TimelineHistory;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.record.ReadResult;
import org.walstream.wal.record.ReadResult.EndOfRecords;
import org.walstream.wal.record.ReadResult.NeedMoreData;
import org.walstream.wal.record.WalReader;

/// One of the readers of a [ParallelScan], which tells its rules: chunk after chunk. One thread.
final class ChunkReader implements AutoCloseable {

  private static final long NONE = 0;

  /// How far beyond its chunk a reader reads at first, to come to the next record: most end there.
  private static final long BEYOND_BYTES = 2 * 8192;

  private final RecordFilter filter;
  private final RecordSink sink;
  private final Turns turns;
  private final BooleanSupplier interrupted;
  private final SegmentReader files;
  private final WalReader reader;

  /// No byte of any chunk from here on is read; 0: as far as there is WAL.
  private final long rangeEndLsn;

  /// Where the chunk ends, and the first and the last record in it as far as it has been read.
  private long endLsn;

  private long firstLsn;
  private long lastLsn;

  ChunkReader(
      WalRange range,
      RecordFilter filter,
      RecordSink sink,
      Turns turns,
      BooleanSupplier interrupted) {
    this.filter = filter;
    this.sink = sink;
    this.turns = turns;
    this.interrupted = interrupted;
    this.rangeEndLsn = range.endLsn();
    this.files = range.directory().newReader();
    this.reader =
        new WalReader(
            files, range.directory().segmentSize(), TimelineHistory.ofFirst(range.timeline()), 0);
  }

  /// Reads the records that start from `from` on and before `to`, and gives them out when it is
  /// their turn.
  ///
  /// @return false when reading has ended, with this chunk or before it
  boolean read(long number, long from, long to) throws IOException {
    if (turns.isOver()) {
      return false;
    }
    endLsn = to;
    sink.discard();
    ReadResult result = readAhead(from);
    if (!turns.await(number)) {
      return false;
    }
    long expectedLsn = turns.expectedLsn();
    if (!Lsn.isBefore(expectedLsn, to)) {
      turns.pass(expectedLsn); // a record that began before leads past this chunk
      return true;
    }
    return giveOut(firstLsn == expectedLsn ? result : readAgain(expectedLsn));
  }

  /// Reads as much as the sink takes. What goes wrong will be found again by who has the turn.
  private ReadResult readAhead(long from) {
    firstLsn = NONE;
    try {
      // To look for the first record beyond the chunk would be to look for the next chunk's.
      limit(endLsn);
      reader.start(from);
      ReadResult first = reader.next();
      if (first instanceof DecodedXLogRecord record) {
        firstLsn = record.lsn();
        return collect(first);
      }
      return first;
    } catch (IOException e) {
      firstLsn = NONE;
      return new NeedMoreData(from);
    }
  }

  private ReadResult readAgain(long recordLsn) throws IOException {
    sink.discard();
    limit(endLsn);
    reader.startAtRecord(recordLsn);
    return collect(next());
  }

  /// The next record, also when it ends or even starts beyond the chunk.
  private ReadResult next() throws IOException {
    ReadResult result = reader.next();
    return result instanceof NeedMoreData ? nextBeyond() : result;
  }

  private ReadResult nextBeyond() throws IOException {
    limit(endLsn + BEYOND_BYTES);
    ReadResult result = reader.next();
    if (result instanceof NeedMoreData) {
      limit(rangeEndLsn);
      result = reader.next();
    }
    return result;
  }

  private void limit(long lsn) {
    boolean beyond = rangeEndLsn != 0 && Lsn.isAfter(lsn, rangeEndLsn);
    reader.limit(beyond ? rangeEndLsn : lsn);
  }

  /// Hands the chunk's records to the sink until that is full.
  ///
  /// @return what comes next
  private ReadResult collect(ReadResult from) throws IOException {
    ReadResult result = from;
    while (isWithin(result) && !sink.isFull()) {
      var record = (DecodedXLogRecord) result;
      lastLsn = record.lsn();
      if (filter.accepts(record)) {
        sink.accept(record);
      }
      result = next();
    }
    return result;
  }

  private boolean isWithin(ReadResult result) {
    return result instanceof DecodedXLogRecord record && Lsn.isBefore(record.lsn(), endLsn);
  }

  /// Gives out what has been read, reads the rest of the chunk, and ends the turn.
  private boolean giveOut(ReadResult read) throws IOException {
    ReadResult next = read;
    sink.emit();
    while (isWithin(next) && !interrupted.getAsBoolean()) {
      next = collect(next);
      sink.emit();
    }
    if (interrupted.getAsBoolean()) {
      turns.end(new ScanEnd.Interrupted());
      return false;
    }
    switch (next) {
      case DecodedXLogRecord record -> turns.pass(record.lsn());
      case NeedMoreData _ -> turns.end(new ScanEnd.Complete());
      case EndOfRecords end -> turns.end(ScanEnd.of(end, lastLsn));
    }
    return !turns.isOver();
  }

  @Override
  public void close() throws IOException {
    files.close();
  }
}
