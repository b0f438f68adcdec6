package org.walstream.receive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.walstream.testkit.Eventually;
import org.walstream.testkit.PostgresServer;
import org.walstream.testkit.ScratchDirectory;
import org.walstream.wal.Lsn;
import org.walstream.wire.transport.StopSignal;

/// `walstream receive` beside real servers.
@Timeout(600)
class ReceiveIT {

  private final ScratchDirectory scratch = ScratchDirectory.create("receive");

  @AfterEach
  void deleteScratch() {
    scratch.close();
  }

  private Path directory() {
    return scratch.path();
  }

  /// Every file in our directory is what the server has under that name, a `.partial` one as far as
  /// it goes.
  static int assertSameWal(Path ours, Path theirs) throws IOException {
    int compared = 0;
    for (String name : fileNames(ours)) {
      if (name.matches("[0-9A-F]{24}(\\.partial)?|[0-9A-F]{8}\\.history")) {
        Path original = theirs.resolve(name.replace(".partial", ""));
        if (Files.exists(original)) {
          byte[] expected = Files.readAllBytes(original);
          byte[] actual = Files.readAllBytes(ours.resolve(name));
          assertThat(actual.length).as(name).isEqualTo(expected.length);
          int length = name.endsWith(".partial") ? end(actual) : actual.length;
          assertThat(Arrays.mismatch(actual, 0, length, expected, 0, length))
              .as(name)
              .isEqualTo(-1);
          compared++;
        }
      }
    }
    return compared;
  }

  /// The length without trailing zeros.
  private static int end(byte[] bytes) {
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] == 0) {
      end--;
    }
    return end;
  }

  static List<String> fileNames(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    }
  }

  private static void awaitFlushed(PostgresServer server) {
    Eventually.holds(
        "the server knows that we have it all",
        () ->
            server
                .sql(
                    "SELECT flush_lsn >= pg_current_wal_flush_lsn() FROM pg_stat_replication"
                        + " WHERE application_name = 'walstream'")
                .equals("t"));
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 16, 17, 18})
  void directoryIsByteForByteTheServers(int major) throws Exception {
    try (var server =
        PostgresServer.builder(major)
            .walSegmentMegabytes(major == 16 ? 1 : 16)
            .setting("wal_keep_size", "1GB")
            .start()) {
      var options = Running.options(server.conninfo()).slot("archive").build();
      ReceiveJob.createSlot(
          options.conninfo(), options.environment(), "archive", true, new StopSignal());
      ReceiveJob.createSlot(
          options.conninfo(), options.environment(), "archive", true, new StopSignal());
      try (var running = new Running(directory(), options)) {
        running.awaitTold("starting log streaming");
        server.sql(
            "CREATE TABLE t AS SELECT i, repeat('x', 500) x FROM generate_series(1, 40000) i");
        server.sql("SELECT pg_switch_wal()");
        running.awaitTold("finished segment");
        server.sql("INSERT INTO t SELECT generate_series(1, 10000)");
        awaitFlushed(server);
        assertThat(running.stop()).isEqualTo(WalReceiver.Outcome.STOPPED);
        assertThat(lastTwo(running))
            .containsExactly(
                "received interrupt signal, exiting",
                "not renaming \"SEGMENT.partial\", segment is not complete");
      }
      assertThat(assertSameWal(directory(), server.walDirectory())).isGreaterThan(1);
      assertThat(fileNames(directory())).anyMatch(name -> name.endsWith(".partial"));
      ReceiveJob.dropSlot(options.conninfo(), options.environment(), "archive", new StopSignal());
      assertThat(server.sql("SELECT count(*) FROM pg_replication_slots")).isEqualTo("0");
    }
  }

  @Test
  void streamGoesOnWhereItWasAfterEveryKindOfBreak() throws Exception {
    try (var server = PostgresServer.builder(18).setting("wal_keep_size", "1GB").start()) {
      var options = Running.options(server.conninfo()).reportFlush(true).build();
      try (var running = new Running(directory(), options)) {
        running.awaitTold("starting log streaming");
        server.sql("CREATE TABLE t AS SELECT generate_series(1, 100000) i");
        server.kill9();
        running.awaitTold("disconnected; waiting 0 seconds");
        running.awaitTold("Is the server running on that host and accepting TCP/IP connections?");
        server.start();
        server.sql("INSERT INTO t SELECT generate_series(1, 100000)");
        awaitFlushed(server);
        server.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_replication");
        running.awaitTold("terminating connection due to administrator command");
        server.sql("INSERT INTO t SELECT generate_series(1, 1000)");
        awaitFlushed(server);
        running.stop();
      }
      try (var running = new Running(directory(), options)) { // a new process
        server.sql("INSERT INTO t SELECT generate_series(1, 1000)");
        awaitFlushed(server);
        server.stopFast(); // returns only because we have acknowledged everything
        running.awaitTold("disconnected");
      }
      assertThat(assertSameWal(directory(), server.walDirectory())).isPositive();
    }
  }

  @Test
  void promotionIsFollowed() throws Exception {
    try (var primary = PostgresServer.builder(18).setting("wal_keep_size", "1GB").start()) {
      primary.sql("CREATE TABLE t AS SELECT generate_series(1, 1000) i");
      try (var standby = PostgresServer.standbyOf(primary, primary.conninfo()).start()) {
        var options =
            Running.options(
                    "host=127.0.0.1,127.0.0.1 port=%d,%d user=postgres"
                        .formatted(standby.port(), primary.port()))
                .reportFlush(true)
                .build();
        try (var running = new Running(directory(), options)) {
          running.awaitTold("starting log streaming");
          primary.sql("INSERT INTO t SELECT generate_series(1, 1000)");
          String end = primary.sql("SELECT pg_current_wal_flush_lsn()");
          Eventually.holds(
              "the standby has it",
              () ->
                  standby
                      .sql("SELECT pg_last_wal_replay_lsn() >= '%s'".formatted(end))
                      .equals("t"));
          primary.kill9();
          standby.promote();
          running.awaitTold("switched to timeline 2");
          standby.sql("INSERT INTO t SELECT generate_series(1, 1000)");
          awaitFlushed(standby);
        }
        assertThat(fileNames(directory()))
            .contains("00000002.history")
            .anyMatch(name -> name.startsWith("00000001") && name.endsWith(".partial"))
            .anyMatch(name -> name.startsWith("00000002") && name.endsWith(".partial"));
        assertThat(assertSameWal(directory(), standby.walDirectory())).isGreaterThan(1);
      }
    }
  }

  @Test
  void endIsWherePgReceivewalWouldEnd() throws Exception {
    try (var server = PostgresServer.builder(18).setting("wal_keep_size", "1GB").start()) {
      server.sql("CREATE TABLE t AS SELECT generate_series(1, 1000) i");
      long end = Lsn.parse(server.sql("SELECT pg_current_wal_flush_lsn()")).value();
      var options = Running.options(server.conninfo()).endLsn(end).retry(false).build();
      try (var running = new Running(directory(), options)) {
        server.sql("INSERT INTO t VALUES (1)");
        assertThat(running.awaitEnd()).isEqualTo(WalReceiver.Outcome.END_REACHED);
        assertThat(lastTwo(running).getFirst()).startsWith("stopped log streaming at");
        assertThat(lastTwo(running).getLast())
            .isEqualTo("not renaming \"SEGMENT.partial\", segment is not complete");
      }
      try (var running = new Running(directory(), options)) {
        assertThat(running.awaitEnd()).isEqualTo(WalReceiver.Outcome.END_REACHED);
      }
      assertThat(assertSameWal(directory(), server.walDirectory())).isPositive();
    }
  }

  @Test
  void commitWaitsForOurFsync() throws Exception {
    try (var server =
        PostgresServer.builder(18)
            .setting("synchronous_standby_names", "walstream")
            .setting("synchronous_commit", "on")
            .start()) {
      var options = Running.options(server.conninfo()).synchronous(true).build();
      try (var running = new Running(directory(), options)) {
        running.awaitTold("starting log streaming");
        server.sql("CREATE TABLE t (i int)");
        for (int i = 0; i < 20; i++) {
          String inserted =
              server.sql(
                  "INSERT INTO t VALUES (%d) RETURNING pg_current_wal_insert_lsn()".formatted(i));
          // The commit is what comes next; behind it the server may write a little by itself.
          assertThat(
                  server.sql(
                      "SELECT flush_lsn > '%s' FROM pg_stat_replication".formatted(inserted)))
              .isEqualTo("t");
        }
      }
    }
  }

  @Test
  void anotherClustersWalIsRefusedAndNothingIsTouched() throws Exception {
    try (var first = PostgresServer.builder(18).start();
        var second = PostgresServer.builder(18).start()) {
      first.sql("CREATE TABLE t (i int)");
      try (var running =
          new Running(directory(), Running.options(first.conninfo()).reportFlush(true).build())) {
        running.awaitTold("starting log streaming");
        awaitFlushed(first);
      }
      List<String> before = fileNames(directory());
      byte[] content = Files.readAllBytes(directory().resolve(before.getFirst()));
      var options = Running.options(second.conninfo()).retry(false).build();
      try (var running = new Running(directory(), options)) {
        assertThat(running.awaitEnd())
            .isInstanceOfSatisfying(
                DisconnectedException.class,
                e -> assertThat(e.reason()).hasMessageContaining("system identifier"));
      }
      assertThat(fileNames(directory())).isEqualTo(before);
      assertThat(Files.readAllBytes(directory().resolve(before.getFirst()))).isEqualTo(content);
    }
  }

  @Test
  void wrongPasswordAndMissingHbaEntryAreSaidAtOnce() throws Exception {
    try (var server =
        PostgresServer.builder(18)
            .hba(
                "host all all 127.0.0.1/32 trust",
                "host replication known 127.0.0.1/32 scram-sha-256")
            .start()) {
      server.sql("CREATE ROLE known LOGIN REPLICATION PASSWORD 'right'");
      String address = "host=127.0.0.1 port=%d ".formatted(server.port());
      assertThat(failure(address + "user=known password=wrong"))
          .contains("FATAL:  password authentication failed for user \"known\"");
      assertThat(failure(address + "user=unknown"))
          .contains("FATAL:  no pg_hba.conf entry for replication connection");
      assertThat(failure(address + "user=known")).contains("fe_sendauth: no password supplied");
    }
    assertThat(fileNames(directory())).isEmpty();
  }

  private static List<String> lastTwo(Running running) {
    return List.copyOf(running.told).reversed().stream()
        .limit(2)
        .map(text -> text.replaceAll("[0-9A-F]{24}", "SEGMENT"))
        .toList()
        .reversed();
  }

  private String failure(String conninfo) throws Exception {
    try (var running = new Running(directory(), Running.options(conninfo).build())) {
      return running.awaitEnd().toString();
    }
  }
}
