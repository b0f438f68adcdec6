package org.walstream.cli.waldump;

import java.io.IOException;
import java.util.function.BooleanSupplier;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.record.ReadResult;
import org.walstream.wal.record.ReadResult.EndOfRecords;
import org.walstream.wal.record.ReadResult.NeedMoreData;

/// One reader, record after record, from the first one on.
final class Scan {

  /// A segment's file appears a little after the one before it is full.
  private static final int FILE_TRIES = 10;

  private static final long FILE_RETRY_MS = 500;
  private static final long FOLLOW_MS = 1000;

  private final RecordSource source;
  private final RecordFilter filter;
  private final RecordSink sink;
  private final BooleanSupplier interrupted;

  private int limit = Integer.MAX_VALUE;
  private boolean follow;

  Scan(RecordSource source, RecordFilter filter, RecordSink sink, BooleanSupplier interrupted) {
    this.source = source;
    this.filter = filter;
    this.sink = sink;
    this.interrupted = interrupted;
  }

  /// Ends after so many records that pass the filter.
  Scan limit(int records) {
    limit = records > 0 ? records : Integer.MAX_VALUE;
    return this;
  }

  /// Waits at the end of WAL for more of it.
  Scan follow(boolean wanted) {
    follow = wanted;
    return this;
  }

  /// Reads to the end. What the sink still keeps is given out.
  ///
  /// @param first the first record, which the source has just given
  ScanEnd run(DecodedXLogRecord first) throws IOException {
    ScanEnd end = read(first);
    sink.emit();
    return end;
  }

  private ScanEnd read(DecodedXLogRecord first) throws IOException {
    ReadResult result = first;
    long lastRecordLsn = first.lsn();
    int shown = 0;
    while (!interrupted.getAsBoolean()) {
      switch (result) {
        case DecodedXLogRecord record -> {
          lastRecordLsn = record.lsn();
          if (filter.accepts(record)) {
            sink.accept(record);
            if (sink.isFull()) {
              sink.emit();
            }
            if (++shown >= limit) {
              return new ScanEnd.Complete();
            }
          }
          result = source.next();
        }
        case NeedMoreData _ -> {
          return new ScanEnd.Complete();
        }
        case EndOfRecords end when !follow -> {
          return ScanEnd.of(end, lastRecordLsn);
        }
        case EndOfRecords end -> {
          sink.emit();
          result = waitForMore(end);
          if (result instanceof EndOfRecords still && still.outOfBytes()) {
            return ScanEnd.of(still, lastRecordLsn);
          }
        }
      }
    }
    return new ScanEnd.Interrupted();
  }

  private ReadResult waitForMore(EndOfRecords end) throws IOException {
    sleep(end.outOfBytes() ? FILE_RETRY_MS : FOLLOW_MS);
    ReadResult result = source.resume();
    for (int tries = 1; tries < FILE_TRIES && isOutOfBytes(result); tries++) {
      sleep(FILE_RETRY_MS);
      result = source.resume();
    }
    return result;
  }

  private static boolean isOutOfBytes(ReadResult result) {
    return result instanceof EndOfRecords end && end.outOfBytes();
  }

  private static void sleep(long ms) {
    try {
      Thread.sleep(ms);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for WAL", e);
    }
  }
}
