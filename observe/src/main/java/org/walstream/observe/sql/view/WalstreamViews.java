package org.walstream.observe.sql.view;

import static org.walstream.observe.sql.context.QueryContext.lsn;
import static org.walstream.observe.sql.view.ReplicationViews.time;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.walstream.observe.Status;
import org.walstream.observe.Throughput;
import org.walstream.observe.sql.context.QueryContext;
import org.walstream.send.slot.ReplicationSlot;
import org.walstream.send.walsender.WalSender;
import org.walstream.store.ServedTimeline;
import org.walstream.store.ServedWal;
import org.walstream.store.backfill.BackFillStatistics;
import org.walstream.wal.Lsn;

/// Schema `walstream`: how much comes and goes, how much is waiting for whom, what is fetched on
/// demand, what has gone wrong. For those who may monitor.
final class WalstreamViews {

  private static final String UPSTREAM = "upstream";
  private static final String STANDBY = "standby";
  private static final String SLOT = "slot";

  private WalstreamViews() {}

  static List<Row> throughput(QueryContext context) {
    if (!context.session().mayMonitor()) {
      return List.of();
    }
    Status status = context.status();
    Throughput lately = status.throughput();
    var rows = new ArrayList<Row>();
    status
        .receiver()
        .ifPresent(
            receiver -> rows.add(rate(UPSTREAM, receiver.sender(), null, lately.received(status))));
    for (WalSender sender : status.senders()) {
      rows.add(rate(STANDBY, name(sender), sender.client().pid(), lately.sent(sender)));
    }
    return rows;
  }

  private static Row rate(
      String subject, String name, @Nullable Integer pid, Throughput.Rate rate) {
    return Row.of("subject", subject)
        .with("name", name)
        .with("pid", pid)
        .with("bytes", rate.bytes())
        .with(
            "bytes_per_second",
            rate.bytesPerSecond().isPresent() ? rate.bytesPerSecond().getAsDouble() : null);
  }

  static List<Row> backlog(QueryContext context) {
    Status status = context.status();
    Optional<? extends ServedTimeline> log = status.store().currentLog();
    if (!context.session().mayMonitor() || log.isEmpty()) {
      return List.of();
    }
    long here = log.get().writtenLsn();
    var rows = new ArrayList<Row>();
    status
        .receiver()
        .ifPresent(receiver ->
            rows.add(
                waiting(
                    UPSTREAM,
                    receiver.sender(),
                    null,
                    receiver.writtenLsn(),
                    receiver.latestEndLsn())));
    for (WalSender sender : status.senders()) {
      rows.add(
          waiting(
                  STANDBY,
                  name(sender),
                  sender.client().pid(),
                  sender.progress().flushedLsn(),
                  here)
              .with("lag", lag(sender.flushLagNanos())));
    }
    for (ReplicationSlot slot : status.slots().all()) {
      rows.add(
          waiting(
              SLOT,
              slot.name(),
              slot.activePid() == 0 ? null : slot.activePid(),
              slot.restartLsn(),
              here));
    }
    return rows;
  }

  /// What lies between two positions; NULL when one of them is unknown.
  private static Row waiting(
      String subject, String name, @Nullable Integer pid, long from, long to) {
    @Nullable Long bytes = null;
    if (from != 0 && to != 0) {
      bytes = Lsn.isBefore(from, to) ? to - from : 0L;
    }
    return Row.of("subject", subject)
        .with("name", name)
        .with("pid", pid)
        .with("lsn", lsn(from))
        .with("bytes", bytes);
  }

  private static @Nullable Duration lag(long nanos) {
    return nanos < 0 ? null : Duration.ofNanos(nanos);
  }

  private static String name(WalSender sender) {
    return sender.client().applicationName();
  }

  /// One row on a node that has an upstream, once there is WAL; none otherwise.
  static List<Row> backFill(QueryContext context) {
    Optional<BackFillStatistics> found = context.status().store().backFillStatistics();
    if (!context.session().mayMonitor() || found.isEmpty()) {
      return List.of();
    }
    BackFillStatistics statistics = found.get();
    return List.of(
        Row.of("running", statistics.running())
            .with("fetched_segments", statistics.fetchedSegments())
            .with("fetched_bytes", statistics.fetchedBytes())
            .with("failed", statistics.failed())
            .with("kept_segments", statistics.keptSegments())
            .with("last_segment", statistics.lastSegment().orElse(null))
            .with("last_fetch_time", statistics.lastFetched().map(t -> time(t)).orElse(null))
            .with("last_error", statistics.lastError().orElse(null))
            .with("last_error_time", statistics.lastErrorAt().map(t -> time(t)).orElse(null)));
  }

  static List<Row> errors(QueryContext context) {
    if (!context.session().mayMonitor()) {
      return List.of();
    }
    return context.status().errors().stream()
        .map(error ->
            Row.of("time", time(error.time()))
                .with("severity", error.severity())
                .with("part", error.part())
                .with("message", error.message()))
        .toList();
  }

  /// One row once there is WAL.
  static List<Row> walStore(QueryContext context) {
    ServedWal store = context.status().store();
    Optional<? extends ServedTimeline> found = store.currentLog();
    if (!context.session().mayMonitor() || found.isEmpty()) {
      return List.of();
    }
    ServedTimeline log = found.get();
    try {
      FileStore disk = Files.getFileStore(store.path());
      var usage = new Usage();
      try (var entries = Files.newDirectoryStream(store.path())) {
        for (Path entry : entries) {
          usage.add(entry);
        }
      }
      return List.of(
          Row.of("system_identifier", Long.toUnsignedString(log.systemIdentifier()))
              .with("timeline", log.timeline().value())
              .with("segment_size", log.segmentSize().bytes())
              .with("oldest_lsn", store.oldestLsn().map(oldest -> lsn(oldest.value())).orElse(null))
              .with("written_lsn", lsn(log.writtenLsn()))
              .with("flushed_lsn", lsn(log.flushedLsn()))
              .with("files", usage.count)
              .with("bytes", usage.bytes)
              .with("disk_free", disk.getUsableSpace())
              .with("disk_size", disk.getTotalSpace()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What a directory's files take.
  private static final class Usage {
    private int count;
    private long bytes;

    void add(Path file) throws IOException {
      try {
        var attributes = Files.readAttributes(file, BasicFileAttributes.class);
        if (attributes.isRegularFile()) {
          count++;
          bytes += attributes.size();
        }
      } catch (NoSuchFileException goneMeanwhile) {
        // it takes nothing any more
      }
    }
  }
}
