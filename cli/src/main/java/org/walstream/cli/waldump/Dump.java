package org.walstream.cli.waldump;

import java.io.IOException;
import java.nio.file.Path;
import org.walstream.cli.Diagnostics;
import org.walstream.node.time.SystemTimeZone;
import org.walstream.wal.Lsn;
import org.walstream.wal.TimelineId;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.record.ReadResult;
import org.walstream.wal.record.ReadResult.EndOfRecords;
import org.walstream.wal.rmgrdesc.RecordText;
import org.walstream.wal.rmgrdesc.TimestampText;
import org.walstream.wire.conninfo.ConnInfo;
import org.walstream.wire.conninfo.ConnInfoOption;
import org.walstream.wire.conninfo.LibpqEnvironment;
import org.walstream.wire.transport.StopSignal;

/// One run of the command: finds the WAL and its first record, has it read, says how that ended.
final class Dump {

  private final WaldumpOptions options;
  private final Output out;
  private final Diagnostics diagnostics;
  private final Interruption interruption;
  private final Statistics statistics = new Statistics();

  Dump(WaldumpOptions options, Output out, Diagnostics diagnostics, Interruption interruption) {
    this.options = options;
    this.out = out;
    this.diagnostics = diagnostics;
    this.interruption = interruption;
  }

  /// @throws WaldumpFailure unless it reads to where it should
  void run() throws IOException {
    WalRange.checkPath(options);
    if (options.saveFullPage != null) {
      PageFileSink.prepare(Path.of(options.saveFullPage));
    }
    if (options.map != null && options.relationName != null) {
      options.filter.relations(RelationMap.read(Path.of(options.map)).named(options.relationName));
    }
    if (options.dbname != null) {
      runOnServer(options.dbname);
    } else {
      runOnFiles();
    }
  }

  private void runOnFiles() throws IOException {
    WalRange range = WalRange.of(options);
    if (!options.window.isAll()) {
      range = options.window.within(range, interruption);
    }
    try (RecordSource source = RecordSource.ofFiles(range)) {
      DecodedXLogRecord first = first(source, range);
      long firstLsn = first.lsn();
      finish(scan(source, range, first), firstLsn);
    }
  }

  private void runOnServer(String dbname) throws IOException {
    ConnInfo conninfo = ConnInfo.parse(dbname);
    if (!conninfo.has(ConnInfoOption.FALLBACK_APPLICATION_NAME)) {
      conninfo = conninfo.with(ConnInfoOption.FALLBACK_APPLICATION_NAME, "walstream waldump");
    }
    var stop = new StopSignal();
    interruption.then(stop::raise);
    var server =
        ReplicationServer.ask(conninfo, LibpqEnvironment.ofProcess(diagnostics::warning), stop);
    TimelineId timeline = options.timelineGiven ? options.timeline : server.timeline();
    var scan = new ServerScan(server, timeline, options.filter, savingSink(timeline), interruption);
    ScanEnd end = scan.limit(options.limit).run(options.startLsn, options.endLsn, options.follow);
    finish(end, scan.firstLsn());
  }

  /// Prints what was added up, and says what went wrong.
  private void finish(ScanEnd end, long firstLsn) throws IOException {
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
      diagnostics.info(
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
      return new ParallelScan(range, options.filter, this::sink, interruption).run(first.lsn());
    }
    return new Scan(source, options.filter, savingSink(range.timeline()), interruption)
        .limit(options.limit)
        .follow(options.follow)
        .run(first);
  }

  private RecordSink savingSink(TimelineId timeline) {
    return options.saveFullPage == null
        ? sink()
        : new PageFileSink(Path.of(options.saveFullPage), timeline, sink());
  }

  private RecordSink sink() {
    if (options.quiet) {
      return new QuietSink();
    }
    return options.statistics ? new StatisticsSink(statistics) : textSink();
  }

  private RecordSink textSink() {
    if (options.json) {
      return new TextSink(new JsonRecord(), JsonRecord.newText(), out);
    }
    var text = new RecordText(TimestampText.ofPgWaldump(SystemTimeZone.rules()));
    return new TextSink(new RecordLine(options.blockDetails), text, out);
  }
}
