package org.walstream.receive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.walstream.testkit.Eventually;
import org.walstream.testkit.PostgresServer;
import org.walstream.wal.Lsn;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalSegmentName;
import org.walstream.wal.WalSegmentSize;
import org.walstream.wire.conninfo.ConnInfo;
import org.walstream.wire.conninfo.LibpqEnvironment;

/// A program that takes WAL through the library.
@Timeout(600)
class HandlerSinkIT {

  private static ReceiveOptions options(PostgresServer server) {
    var nothing =
        new LibpqEnvironment(Map.of(), "nobody", java.nio.file.Path.of("/nonexistent"), w -> {});
    return ReceiveOptions.from(ConnInfo.parse(server.conninfo()), nothing)
        .reportFlush(true)
        .build();
  }

  @Test
  void programReceivesTheServersBytesAndReportsWhatItLikes() throws Exception {
    try (var server = PostgresServer.builder(18).start()) {
      server.sql("CREATE TABLE t AS SELECT generate_series(1, 10000) i");
      long start = Lsn.parse(server.sql("SELECT pg_current_wal_lsn()")).value();
      server.sql("INSERT INTO t SELECT generate_series(1, 20000)");
      long end = Lsn.parse(server.sql("SELECT pg_current_wal_flush_lsn()")).value();

      var received = new ByteArrayOutputStream();
      var channel = Channels.newChannel(received);
      var next = new AtomicLong(start);
      var sink =
          HandlerSink.from(
              new WalPosition(TimelineId.FIRST, start),
              (lsn, wal) -> {
                assertThat(lsn).isEqualTo(next.get());
                next.addAndGet(wal.remaining());
                channel.write(wal);
              });
      var receiver = new WalReceiver(options(server), sink, ReceiveListener.SILENT);
      var outcome = new AtomicReference<Object>();
      var thread =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  outcome.set(receiver.run());
                } catch (Exception e) {
                  outcome.set(e);
                }
              });
      Eventually.holds("all of it has arrived", () -> !Lsn.isBefore(next.get(), end));
      sink.report(next.get(), end, start);
      receiver.reportPositions();
      Eventually.holds(
          "the server has heard of our positions",
          () ->
              server
                  .sql(
                      "SELECT flush_lsn = '%s' AND replay_lsn = '%s' FROM pg_stat_replication"
                          .formatted(Lsn.format(end), Lsn.format(start)))
                  .equals("t"));
      assertThat(receiver.status().status()).isEqualTo(WalReceiverStatus.Status.STREAMING);
      receiver.stop();
      thread.join();
      assertThat(outcome.get()).isEqualTo(WalReceiver.Outcome.STOPPED);

      var size = WalSegmentSize.DEFAULT;
      var segment = WalSegmentName.containing(TimelineId.FIRST, start, size);
      byte[] file = Files.readAllBytes(server.walDirectory().resolve(segment.fileName()));
      int length = (int) Math.min(end - start, size.remaining(start));
      assertThat(Arrays.copyOf(received.toByteArray(), length))
          .isEqualTo(Arrays.copyOfRange(file, size.offset(start), size.offset(start) + length));
    }
  }
}
