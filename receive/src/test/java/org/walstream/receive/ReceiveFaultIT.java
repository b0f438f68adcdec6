package org.walstream.receive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.walstream.testkit.Eventually;
import org.walstream.testkit.FaultProxy;
import org.walstream.testkit.FlippingProxy;
import org.walstream.testkit.PostgresServer;
import org.walstream.testkit.ScratchDirectory;
import org.walstream.wal.Lsn;
import org.walstream.wire.replication.HotStandbyFeedback;
import org.walstream.wire.transport.StopSignal;

/// A receiver on bad lines.
@Timeout(600)
class ReceiveFaultIT {

  private static final String REPORTED =
      "SELECT coalesce(max(flush_lsn), '0/0') FROM pg_stat_replication";

  /// Nothing waits for an answer, in its strongest form: not one reply arrives, and still WAL
  /// flows.
  @Test
  void repliesNeverThrottleTheStream() throws Exception {
    try (var scratch = ScratchDirectory.create("receive");
        var server = PostgresServer.builder(18).setting("wal_sender_timeout", "0").start();
        var proxy = FaultProxy.to(server)) {
      server.sql("CREATE TABLE t AS SELECT 1 i");
      var options = Running.options(proxy.conninfo()).synchronous(true).build();
      try (var running = new Running(scratch.path(), options)) {
        running.awaitTold("starting log streaming");
        Eventually.holds("the server has heard of us", () -> !server.sql(REPORTED).equals("0/0"));
        proxy.towardsServer().stall();
        long before = Lsn.parse(server.sql("SELECT pg_current_wal_flush_lsn()")).value();
        server.sql("INSERT INTO t SELECT generate_series(1, 1000000)"); // some 60 MB
        long end = Lsn.parse(server.sql("SELECT pg_current_wal_flush_lsn()")).value();
        Eventually.holds("everything is durable here", () -> running.flushedLsn() >= end);
        // What was on its way when the line stood still may have come.
        assertThat(Lsn.parse(server.sql(REPORTED)).value()).isLessThanOrEqualTo(before);
        proxy.towardsServer().resume();
        Eventually.holds(
            "and told once the line is good again",
            () -> Lsn.parse(server.sql(REPORTED)).value() >= end);
      }
    }
  }

  @Test
  void corruptWalIsNeitherKeptNorAcknowledged() throws Exception {
    try (var scratch = ScratchDirectory.create("receive");
        var server = PostgresServer.builder(18).setting("wal_keep_size", "1GB").start()) {
      server.sql("CREATE TABLE t (x text)");
      try (var proxy = new FlippingProxy(server.port(), 5_000_000)) {
        var options = Running.options(proxy.conninfo()).slot("s").build();
        ReceiveJob.createSlot(
            options.conninfo(), options.environment(), "s", false, new StopSignal());
        try (var running = new Running(scratch.path(), options)) {
          server.sql("INSERT INTO t SELECT repeat('x', 1500) FROM generate_series(1, 30000)");
          running.awaitTold("received corrupt WAL: ");
          assertThat(proxy.hasFlipped()).isTrue();
          long end = Lsn.parse(server.sql("SELECT pg_current_wal_flush_lsn()")).value();
          Eventually.holds(
              "the stream was good the second time",
              () -> Lsn.parse(server.sql(REPORTED)).value() >= end);
          assertThat(running.told)
              .filteredOn(told -> told.contains("received corrupt WAL: "))
              .hasSize(1)
              .allSatisfy(told -> assertThat(told).contains("are kept in \""));
        }
      }
      assertThat(ReceiveIT.assertSameWal(scratch.path(), server.walDirectory())).isGreaterThan(1);
      assertKeptAside(scratch.path(), server);
    }
  }

  /// What was wrong is kept, and differs from what is right in what the line has damaged alone.
  private static void assertKeptAside(Path directory, PostgresServer server) throws IOException {
    Path file;
    try (var files = Files.list(directory.resolve(".corrupt"))) {
      List<Path> all = files.toList();
      assertThat(all).hasSize(1);
      file = all.getFirst();
    }
    String[] name = file.getFileName().toString().split("-");
    long lsn = Lsn.parse(name[1] + "/" + name[2]).value();
    byte[] wrong = Files.readAllBytes(file);
    byte[] right = new byte[wrong.length];
    for (int i = 0; i < wrong.length; ) {
      String segment =
          "00000001%08X%08X".formatted((lsn + i) >>> 32, ((lsn + i) & 0xFFFF_FFFFL) >>> 24);
      byte[] content = Files.readAllBytes(server.walDirectory().resolve(segment));
      int from = (int) ((lsn + i) & (content.length - 1));
      int length = Math.min(wrong.length - i, content.length - from);
      System.arraycopy(content, from, right, i, length);
      i += length;
    }
    int differing = 0;
    for (int i = 0; i < wrong.length; i++) {
      differing += wrong[i] == right[i] ? 0 : 1;
    }
    assertThat(differing).isBetween(1, 16);
  }

  /// One of two hosts, or the line to it, damages WAL: it is fetched again from the other.
  @Test
  void corruptWalIsFetchedFromTheOtherHost() throws Exception {
    try (var scratch = ScratchDirectory.create("receive");
        var server = PostgresServer.builder(18).setting("wal_keep_size", "1GB").start()) {
      server.sql("CREATE TABLE t (x text)");
      try (var bad = new FlippingProxy(server.port(), 5_000_000);
          var good = FaultProxy.to(server)) {
        var options =
            Running.options(
                    "host=127.0.0.1,127.0.0.1 port=%d,%d user=postgres"
                        .formatted(bad.port(), good.port()))
                .reportFlush(true)
                .build();
        try (var running = new Running(scratch.path(), options)) {
          running.awaitTold("starting log streaming");
          assertThat(good.connections()).isZero();
          server.sql("INSERT INTO t SELECT repeat('x', 1500) FROM generate_series(1, 30000)");
          running.awaitTold("received corrupt WAL: ");
          long end = Lsn.parse(server.sql("SELECT pg_current_wal_flush_lsn()")).value();
          Eventually.holds(
              "all of it is here", () -> Lsn.parse(server.sql(REPORTED)).value() >= end);
          assertThat(good.connections()).isEqualTo(1);
        }
      }
      assertThat(ReceiveIT.assertSameWal(scratch.path(), server.walDirectory())).isGreaterThan(1);
    }
  }

  @Test
  void connectionsCutInsideMessagesLoseNothing() throws Exception {
    try (var scratch = ScratchDirectory.create("receive");
        var server = PostgresServer.builder(18).setting("wal_keep_size", "1GB").start();
        var proxy = FaultProxy.to(server)) {
      server.sql("CREATE TABLE t AS SELECT 1 i");
      var options = Running.options(proxy.conninfo()).reportFlush(true).build();
      try (var running = new Running(scratch.path(), options)) {
        running.awaitTold("starting log streaming");
        for (int i = 1; i <= 5; i++) {
          proxy.towardsClient().cutAfter(777_777L * i);
          server.sql("INSERT INTO t SELECT generate_series(1, 100000)");
          int cuts = i;
          Eventually.holds(
              "the line has been cut",
              () ->
                  running.told.stream().filter(t -> t.startsWith("disconnected")).count() >= cuts);
        }
        long end = Lsn.parse(server.sql("SELECT pg_current_wal_flush_lsn()")).value();
        Eventually.holds("all of it is here", () -> Lsn.parse(server.sql(REPORTED)).value() >= end);
      }
      assertThat(ReceiveIT.assertSameWal(scratch.path(), server.walDirectory())).isGreaterThan(1);
    }
  }

  @Test
  void silentSenderIsGivenUp() throws Exception {
    try (var scratch = ScratchDirectory.create("receive");
        var server = PostgresServer.builder(18).start();
        var proxy = FaultProxy.to(server)) {
      var options =
          Running.options(proxy.conninfo())
              .reportFlush(true)
              .receiverTimeout(Duration.ofSeconds(1))
              .build();
      try (var running = new Running(scratch.path(), options)) {
        running.awaitTold("starting log streaming");
        proxy.towardsClient().stall();
        running.awaitTold("terminating walreceiver due to timeout");
        proxy.towardsClient().resume();
        server.sql("CREATE TABLE t AS SELECT 1 i");
        long end = Lsn.parse(server.sql("SELECT pg_current_wal_flush_lsn()")).value();
        Eventually.holds("it has come back", () -> Lsn.parse(server.sql(REPORTED)).value() >= end);
      }
    }
  }

  /// An upstream that freezes takes nothing and says nothing; what has come from it is kept.
  @Test
  void frozenSenderDoesNotHoldUpTheStop() throws Exception {
    try (var scratch = ScratchDirectory.create("receive");
        var server = PostgresServer.builder(18).start();
        var proxy = FaultProxy.to(server)) {
      var options = Running.options(proxy.conninfo()).reportFlush(true).build();
      try (var running = new Running(scratch.path(), options)) {
        running.awaitTold("starting log streaming");
        proxy.towardsClient().stall();
        proxy.towardsServer().stall();
        assertThat(running.stop()).isEqualTo(WalReceiver.Outcome.STOPPED);
      }
    }
  }

  @Test
  void temporarySlotAndFeedbackHoldBackWhatTheUpstreamMayRemove() throws Exception {
    try (var server = PostgresServer.builder(18).start()) {
      var options =
          Running.options(server.conninfo()).temporarySlot(true).reportFlush(true).build();
      var receiver =
          new WalReceiver(
              options, HandlerSink.fromUpstream((lsn, wal) -> {}), ReceiveListener.SILENT);
      var thread =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  receiver.run();
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      receiver.feedback(new HotStandbyFeedback(0, 700, 0, 0, 0));
      Eventually.holds(
          "the slot holds the feedback",
          () ->
              server
                  .sql("SELECT xmin FROM pg_replication_slots WHERE temporary AND active")
                  .equals("700"));
      assertThat(receiver.status().slotName())
          .hasValueSatisfying(name -> assertThat(name).startsWith("pg_walreceiver_"));
      assertThat(receiver.status().senderPort()).contains(server.port());
      receiver.stop();
      thread.join();
      Eventually.holds(
          "the slot has gone with the connection",
          () -> server.sql("SELECT count(*) FROM pg_replication_slots").equals("0"));
    }
  }
}
