package org.walstream.cli.waldump;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.walstream.cli.waldump.DumpedServer.Run;
import org.walstream.store.StoreOptions;
import org.walstream.store.WalStore;
import org.walstream.store.compress.Compression;
import org.walstream.testkit.CrashProcess;
import org.walstream.testkit.Eventually;
import org.walstream.testkit.PostgresServer;
import org.walstream.testkit.PostgresTools;
import org.walstream.wal.Lsn;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalSegmentName;
import org.walstream.wal.WalSegmentSize;

/// What `walstream waldump` does that pg_waldump does not.
@Timeout(600)
class WaldumpBeyondIT {

  private static final WalSegmentSize SEGMENT = new WalSegmentSize(1 << 20);

  @Test
  void printsTheSameFromTheServerAsFromItsFiles() {
    try (var server = server(18)) {
      String start = lsn(server, "SELECT pg_current_wal_insert_lsn()");
      work(server);
      String end = lsn(server, "SELECT pg_current_wal_flush_lsn()");
      for (String more : List.of("", "-z", "-r heap -n 20", "--json -x 0")) {
        Run fromServer = dump("-s " + start + " -e " + end + " " + more, "-d", server.conninfo());
        Run fromFiles =
            dump("-s " + start + " -e " + end + " -p " + server.walDirectory() + " " + more);
        assertThat(fromServer.output()).isEqualTo(fromFiles.output()).isNotEmpty();
        assertThat(fromServer.exitCode()).isZero();
      }
      assertThat(dump("-n 1", "-d", server.conninfo()).output()).startsWith("rmgr: ");
    }
  }

  @Test
  void followsAServerUntilItIsInterrupted() throws InterruptedException {
    try (var server = server(18);
        var waldump =
            CrashProcess.java("org.walstream.cli.Main", "waldump", "-f", "-d", server.conninfo())) {
      waldump.awaitPrinted("rmgr: ");
      server.sql("SELECT pg_logical_emit_message(false, 'note', 'to be seen')");
      server.sql("CREATE TABLE t (i int)");
      waldump.awaitPrinted("prefix \"note\"");
      waldump.signal("INT");
      assertThat(waldump.awaitExit()).isZero();
    }
  }

  /// Not beyond pg_waldump, but only to be seen with a server that lives.
  @Test
  void followsFilesAsTheyGrow() throws InterruptedException {
    try (var server = server(18)) {
      String start = lsn(server, "SELECT pg_current_wal_insert_lsn()");
      server.sql("SELECT pg_logical_emit_message(false, 'first', 'before')");
      server.sql("SELECT pg_switch_wal()");
      try (var waldump =
          CrashProcess.java(
              "org.walstream.cli.Main",
              "waldump",
              "-f",
              "-p",
              server.walDirectory().toString(),
              "-s",
              start)) {
        waldump.awaitPrinted("prefix \"first\"");
        server.sql("SELECT pg_logical_emit_message(true, 'second', 'after')");
        waldump.awaitPrinted("prefix \"second\"");
        waldump.signal("INT");
        assertThat(waldump.awaitExit()).isZero();
      }
    }
  }

  @Test
  void helpFitsATerminal() {
    assertThat(dump("--help").output().lines()).allMatch(line -> line.length() <= 80);
  }

  @Test
  void saysWhatTheServerSaysWhenThatRefuses() {
    try (var server = server(18)) {
      Run refused = dump("-s 0/10 -e 0/2000000", "-d", server.conninfo());
      assertThat(refused.exitCode()).isEqualTo(1);
      assertThat(refused.errors())
          .startsWith("walstream waldump: error: ")
          .contains("requested WAL segment")
          .contains("has already been removed");
    }
  }

  @Test
  void cutsAWindowBetweenTwoMoments() {
    try (var server = server(18)) {
      String start = lsn(server, "SELECT pg_current_wal_insert_lsn()");
      List<String> times = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        server.sql("BEGIN; CREATE TABLE t%d (i int); COMMIT".formatted(i));
        times.add(server.sql("SELECT clock_timestamp()"));
      }
      server.kill9();
      String all = "-s " + start + " -p " + server.walDirectory();
      List<String> whole = commits(dump(all));
      assertThat(whole).hasSize(4);
      assertThat(commits(dump(all, "--from", times.get(0), "--to", times.get(1))))
          .isEqualTo(whole.subList(1, 3)); // the second, and the third, which ends the window
      assertThat(commits(dump(all, "--from", times.get(2)))).isEqualTo(whole.subList(3, 4));
      Run upTo = dump(all, "--to", times.get(1));
      assertThat(commits(upTo)).isEqualTo(whole.subList(0, 3));
      assertThat(upTo.output().strip().lines().reduce((a, b) -> b).orElseThrow())
          .contains("desc: COMMIT ");
      assertThat(upTo.exitCode()).isZero();
    }
  }

  @Test
  void knowsRelationsByName(@TempDir Path directory) throws IOException {
    try (var server = server(18)) {
      work(server);
      String start = lsn(server, "SELECT pg_current_wal_insert_lsn()");
      server.sql("UPDATE pages SET words = 'x' WHERE id < 50");
      String map = server.sql(README_QUERY);
      server.kill9();
      Path file = Files.writeString(directory.resolve("map"), "# made by psql\n" + map);
      String relation =
          map.lines()
              .filter(line -> line.startsWith("pages "))
              .findFirst()
              .orElseThrow()
              .substring("pages ".length());
      String common = "-s " + start + " -p " + server.walDirectory() + " -B 0 -R ";
      assertThat(dump(common + "pages --map " + file).output())
          .isEqualTo(dump(common + relation).output())
          .isNotEmpty();
      assertThat(dump(common + "nowhere --map " + file).errors())
          .isEqualTo("walstream waldump: error: relation \"nowhere\" is not in the map\n");
    }
  }

  @ParameterizedTest
  @EnumSource(Compression.Method.class)
  void readsSegmentsAsAReceiverCompressesThem(Compression.Method method, @TempDir Path directory)
      throws IOException {
    try (var server = server(18)) {
      String start = lsn(server, "SELECT pg_switch_wal() + 1");
      long startLsn = SEGMENT.startOfSegment(Lsn.parse(start).value()) + SEGMENT.bytes();
      work(server);
      server.kill9();
      String from = "-s " + Lsn.format(startLsn) + " -p ";
      Run plain = dump(from + server.walDirectory());
      var options =
          StoreOptions.DEFAULT.withCompression(new Compression(method, OptionalInt.empty()));
      receive(server.walDirectory(), startLsn, directory, options);
      assertThat(plain.output())
          .hasSizeGreaterThan(100_000)
          .startsWith(dump(from + directory + " -n 50").output());
      Run compressed = dump(from + directory);
      assertThat(plain.output()).startsWith(compressed.output());
      assertThat(compressed.output()).hasSizeGreaterThan(plain.output().length() / 2);
    }
  }

  /// Whose blocks of LZ4 refer to each other, as none of Walstream's do.
  @ParameterizedTest
  @ValueSource(strings = {"gzip", "lz4"})
  void readsSegmentsAsPgReceivewalCompressesThem(String method, @TempDir Path directory)
      throws IOException {
    try (var server = server(18)) {
      String start = lsn(server, "SELECT pg_switch_wal() + 1");
      long startLsn = SEGMENT.startOfSegment(Lsn.parse(start).value()) + SEGMENT.bytes();
      try (var receiver =
          CrashProcess.start(
              PostgresTools.require(18)
                  .command(
                      "pg_receivewal",
                      "-D",
                      directory.toString(),
                      "-d",
                      server.conninfo(),
                      "-Z",
                      method,
                      "-v"))) {
        receiver.awaitPrinted("starting log streaming");
        work(server);
        server.sql("SELECT pg_switch_wal()");
        var segment = WalSegmentName.containing(TimelineId.FIRST, startLsn, SEGMENT);
        Eventually.holds(
            "a segment from the start on is received",
            () -> {
              try (var files = Files.list(directory)) {
                return files.anyMatch(
                    file -> file.getFileName().toString().matches(segment.fileName() + "\\.\\w+"));
              }
            });
      }
      server.kill9();
      // What is cut off before anything has been compressed is passed over.
      Files.createFile(directory.resolve("0000000100000000000000FF.lz4.partial"));
      String from = "-n 500 -s " + Lsn.format(startLsn) + " -p ";
      Run received = dump(from + directory);
      assertThat(received.output())
          .as(received.errors())
          .isEqualTo(dump(from + server.walDirectory()).output())
          .isNotEmpty();
    }
  }

  private static final String README_QUERY =
      """
      SELECT string_agg(format('%s %s/%s/%s', c.oid::regclass,
                    coalesce(nullif(c.reltablespace, 0), d.dattablespace),
                    CASE WHEN c.relisshared THEN 0 ELSE d.oid END,
                    pg_relation_filenode(c.oid)), E'\\n')
      FROM pg_class c, pg_database d
      WHERE d.datname = current_database() AND pg_relation_filenode(c.oid) IS NOT NULL
      """;

  /// Puts three whole segments through a store, as `walstream receive` would.
  private static void receive(Path from, long startLsn, Path into, StoreOptions options)
      throws IOException {
    try (var store = WalStore.open(into, options)) {
      var log = store.openLog(1, SEGMENT, TimelineId.FIRST, startLsn);
      for (int i = 0; i < 3; i++) {
        long lsn = startLsn + (long) i * SEGMENT.bytes();
        var name = WalSegmentName.containing(TimelineId.FIRST, lsn, SEGMENT);
        byte[] bytes = Files.readAllBytes(from.resolve(name.fileName()));
        log.append(lsn, ByteBuffer.allocateDirect(bytes.length).put(bytes).flip());
      }
      log.requestFlush();
    }
  }

  private static PostgresServer server(int major) {
    return PostgresServer.builder(major)
        .walSegmentMegabytes(1)
        .setting("autovacuum", "off")
        .setting("wal_keep_size", "500MB")
        .start();
  }

  private static void work(PostgresServer server) {
    server.sql("CREATE TABLE pages (id int PRIMARY KEY, words text)");
    server.sql("INSERT INTO pages SELECT g, md5(g::text) FROM generate_series(1, 20000) g");
    server.sql("UPDATE pages SET words = words || 'x' WHERE id % 3 = 0");
  }

  private static String lsn(PostgresServer server, String query) {
    return server.sql(query);
  }

  private static List<String> commits(Run run) {
    return run.output().lines().filter(line -> line.contains("desc: COMMIT")).toList();
  }

  private static Run dump(String commandLine, String... more) {
    var words = new ArrayList<>(Arrays.asList(commandLine.split(" ", -1)));
    words.removeIf(String::isEmpty);
    words.addAll(List.of(more));
    return DumpedServer.ours(words);
  }
}
