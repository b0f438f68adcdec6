package org.walstream.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.walstream.store.StoreOptions;
import org.walstream.store.compress.Compression;
import org.walstream.testkit.CrashProcess;
import org.walstream.testkit.Eventually;
import org.walstream.testkit.PostgresServer;
import org.walstream.testkit.PostgresTools;
import org.walstream.testkit.ScratchDirectory;

/// One directory, two tools: what pg_receivewal began we continue, and the other way round.
@Timeout(600)
class ReceiveWithPgReceivewalIT {

  private static final int MAJOR = 18;

  private static PostgresServer server() {
    assumeThat(PostgresTools.forTest(MAJOR, "pg_receivewal"))
        .as(PostgresTools.missing(MAJOR, "pg_receivewal"))
        .isPresent();
    return PostgresServer.builder(MAJOR)
        .setting("wal_keep_size", "1GB")
        .walSegmentMegabytes(1)
        .start();
  }

  private static CrashProcess pgReceivewal(PostgresServer server, Path directory, String... more) {
    var arguments =
        new ArrayList<>(
            List.of(
                "-D",
                directory.toString(),
                "-d",
                server.conninfo() + " application_name=pg_receivewal",
                "--synchronous",
                "-v"));
    arguments.addAll(List.of(more));
    return CrashProcess.start(
        PostgresTools.require(server.major())
            .command("pg_receivewal", arguments.toArray(String[]::new)));
  }

  private static void someWal(PostgresServer server) {
    server.sql("CREATE TABLE IF NOT EXISTS t (i int)");
    server.sql("INSERT INTO t SELECT generate_series(1, 30000)");
  }

  private static void awaitFlushed(PostgresServer server) {
    Eventually.holds(
        "the server knows that the receiver has it all",
        () ->
            server
                .sql("SELECT flush_lsn >= pg_current_wal_flush_lsn() FROM pg_stat_replication")
                .equals("t"));
  }

  @Test
  void directoryIsContinuedByTheOtherTool() throws Exception {
    try (var scratch = ScratchDirectory.create("receive");
        var server = server()) {
      Path directory = scratch.path();
      for (int round = 0; round < 2; round++) {
        try (var theirs = pgReceivewal(server, directory)) {
          someWal(server);
          awaitFlushed(server);
          if (round == 0) {
            theirs.kill9();
          } else {
            theirs.signal("INT");
            assertThat(theirs.awaitExit()).isZero();
          }
        }
        var options = Running.options(server.conninfo()).synchronous(true).build();
        try (var ours =
            new Running(directory, options, StoreOptions.DEFAULT.withSynchronous(true))) {
          ours.awaitTold("starting log streaming");
          someWal(server);
          awaitFlushed(server);
        }
      }
      assertThat(ReceiveIT.assertSameWal(directory, server.walDirectory())).isGreaterThan(4);
    }
  }

  @Test
  void compressedDirectoryIsContinuedByTheOtherTool() throws Exception {
    try (var scratch = ScratchDirectory.create("receive");
        var server = server()) {
      Path directory = scratch.path();
      var options = Running.options(server.conninfo()).reportFlush(true).build();
      var gzip =
          StoreOptions.DEFAULT.withCompression(
              new Compression(Compression.Method.GZIP, OptionalInt.of(1)));
      try (var ours = new Running(directory, options, gzip)) {
        ours.awaitTold("starting log streaming");
        someWal(server);
        ours.awaitTold("finished segment");
      }
      try (var theirs = pgReceivewal(server, directory, "--compress=gzip:1", "--no-loop")) {
        theirs.awaitPrinted("starting log streaming");
        someWal(server);
        theirs.awaitPrinted("finished segment");
        theirs.signal("INT");
        assertThat(theirs.awaitExit()).isZero();
      }
      try (var ours = new Running(directory, options, gzip)) {
        ours.awaitTold("starting log streaming");
        someWal(server);
        ours.awaitTold("finished segment");
      }
      assertThat(compressedSegmentsEqual(directory, server.walDirectory())).isGreaterThan(3);
    }
  }

  private static int compressedSegmentsEqual(Path ours, Path theirs) throws IOException {
    int compared = 0;
    for (String name : ReceiveIT.fileNames(ours)) {
      if (name.endsWith(".gz")) {
        try (var in = new GZIPInputStream(Files.newInputStream(ours.resolve(name)))) {
          assertThat(in.readAllBytes())
              .as(name)
              .isEqualTo(Files.readAllBytes(theirs.resolve(name.replace(".gz", ""))));
        }
        compared++;
      }
    }
    return compared;
  }
}
