package org.walstream.cli.waldump;

import java.io.IOException;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.walstream.wal.Lsn;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.record.ReadResult;
import org.walstream.wal.record.ReadResult.EndOfRecords;
import org.walstream.wal.rmgrdesc.RecordText;
import org.walstream.wal.rmgrdesc.TimestampText;

/// One run of the command: finds the WAL and its first record, has it read, says how that ended.
final class Dump {

  private final WaldumpOptions options;
  private final Output out;
  private final Consumer<String> info;
  private final BooleanSupplier interrupted;
  private final Statistics statistics = new Statistics();

  Dump(WaldumpOptions options, Output out, Consumer<String> info, BooleanSupplier interrupted) {
    this.options = options;
    this.out = out;
    this.info = info;
    this.interrupted = interrupted;
  }

  /// @throws WaldumpFailure unless it reads to where it should
  void run() throws IOException {
    WalRange.checkPath(options);
    if (options.saveFullPage != null) {
      PageFileSink.prepare(Path.of(options.saveFullPage));
    }
    WalRange range = WalRange.of(options);
    try (RecordSource source = RecordSource.ofFiles(range)) {
      DecodedXLogRecord first = first(source, range);
      long firstLsn = first.lsn();
      ScanEnd end = scan(source, range, first);
      if (end instanceof ScanEnd.OutOfBytes(var reason)) {
        throw new WaldumpFailure(reason.message());
      }
      if (options.statistics && !options.quiet) {
        out.write(StatisticsTable.of(statistics, firstLsn, options.statisticsPerRecord));
      }
      if (end instanceof ScanEnd.Invalid(var lastRecordLsn, var reason)) {
        throw new WaldumpFailure(
            "error in WAL record at %s: %s".formatted(Lsn.format(lastRecordLsn), reason.message()));
      }
    }
  }

  private DecodedXLogRecord first(RecordSource source, WalRange range) throws IOException {
    ReadResult result = source.next();
    if (result instanceof EndOfRecords end && end.outOfBytes()) {
      throw new WaldumpFailure(end.reason().message());
    }
    if (!(result instanceof DecodedXLogRecord record)) {
      throw new WaldumpFailure(
          "could not find a valid record after " + Lsn.format(range.startLsn()));
    }
    long skipped = record.lsn() - range.startLsn();
    if (skipped != 0 && range.directory().segmentSize().offset(range.startLsn()) != 0) {
      info.accept(
          "first record is after %s, at %s, skipping over %d %s"
              .formatted(
                  Lsn.format(range.startLsn()),
                  Lsn.format(record.lsn()),
                  skipped,
                  skipped == 1 ? "byte" : "bytes"));
    }
    return record;
  }

  /// Where order or a count decides, one reader reads.
  private ScanEnd scan(RecordSource source, WalRange range, DecodedXLogRecord first)
      throws IOException {
    boolean alone = options.follow || options.limit > 0 || options.saveFullPage != null;
    if (!alone && ParallelScan.pays(range)) {
      return new ParallelScan(range, options.filter, this::sink, interrupted).run(first.lsn());
    }
    return new Scan(source, options.filter, savingSink(range), interrupted)
        .limit(options.limit)
        .follow(options.follow)
        .run(first);
  }

  private RecordSink savingSink(WalRange range) {
    return options.saveFullPage == null
        ? sink()
        : new PageFileSink(Path.of(options.saveFullPage), range.timeline(), sink());
  }

  private RecordSink sink() {
    if (options.quiet) {
      return new QuietSink();
    }
    return options.statistics ? new StatisticsSink(statistics) : textSink();
  }

  private RecordSink textSink() {
    var text = new RecordText(TimestampText.ofPgWaldump(ZoneId.systemDefault()));
    return new TextSink(new RecordLine(options.blockDetails), text, out);
  }
}
