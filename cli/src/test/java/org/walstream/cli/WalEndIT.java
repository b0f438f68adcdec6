package org.walstream.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.walstream.store.segment.PgWalDirectory;
import org.walstream.testkit.PostgresServer;
import org.walstream.testkit.PostgresTools;
import org.walstream.wal.Lsn;
import org.walstream.wal.TimelineHistory;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalSegmentName;
import org.walstream.wal.WalSegmentSize;
import org.walstream.wal.control.DBState;
import org.walstream.wal.record.EndOfWal;
import org.walstream.wal.record.WalVerifier;

/// The end of WAL as we find it, against the end that PostgreSQL itself finds: its recovery, after
/// a crash, and pg_waldump, on WAL broken in every way.
class WalEndIT {

  private static final WalSegmentSize SEGMENT = new WalSegmentSize(1 << 20);

  @ParameterizedTest
  @ValueSource(ints = {15, 16, 17, 18})
  void isWhereTheServersOwnRecoveryEndsAfterAKill(int major) throws IOException {
    try (var server = server(major)) {
      load(server);
      server.kill9();
      EndOfWal end = endOf(server);
      assertThat(end.timeline()).isEqualTo(TimelineId.FIRST);
      assertThat(verifiedLsn(server.walDirectory())).isEqualTo(end.endLsn());
      server.start();
      assertThat(server.log())
          .contains("redo done at " + Lsn.format(end.lastRecordLsn()) + " ")
          .contains("LOG:  " + end.reason().message() + "\n");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 16, 17, 18})
  void isJustAfterTheCheckpointOfACleanStop(int major) throws IOException {
    try (var server = server(major)) {
      load(server);
      server.stopFast();
      try (var wal = PgWalDirectory.open(server.walDirectory())) {
        var control = wal.controlFile().orElseThrow();
        assertThat(control.format().majorVersion()).isEqualTo(major);
        assertThat(control.state()).isEqualTo(DBState.SHUTDOWNED);
        assertThat(wal.endOfWal().lastRecordLsn()).isEqualTo(control.checkPointLsn());
        assertThat(wal.endOfWal().reason().message()).endsWith(" 24, got 0");
      }
      assertThat(verifiedLsn(server.walDirectory())).isEqualTo(endOf(server).endLsn());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 18})
  void isOnTheNewTimelineAfterAPromotion(int major) throws IOException {
    try (var primary = server(major)) {
      try (var standby = PostgresServer.standbyOf(primary, primary.conninfo()).start()) {
        load(primary);
        standby.promote();
        load(standby);
        standby.kill9();
        EndOfWal end = endOf(standby);
        assertThat(end.timeline()).isEqualTo(new TimelineId(2));
        standby.start();
        assertThat(standby.log())
            .contains("redo done at " + Lsn.format(end.lastRecordLsn()) + " ")
            .contains("LOG:  " + end.reason().message() + "\n");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 16, 17, 18})
  void agreesWithPgWaldumpOnWalBrokenAnywhere(int major, @TempDir Path broken) throws IOException {
    var tools = PostgresTools.forTest(major, "pg_waldump");
    assumeTrue(tools.isPresent(), PostgresTools.missing(major, "pg_waldump"));
    long seed = Long.getLong("walstream.test.seed", System.nanoTime());
    var random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    var names = new ArrayList<String>();
    var segments = new ArrayList<byte[]>();
    try (var server = server(major)) {
      load(server);
      server.kill9();
      long last = SEGMENT.segmentNumber(endOf(server).endLsn());
      for (long number = last - 1; number <= last; number++) {
        names.add(new WalSegmentName(TimelineId.FIRST, number, SEGMENT).fileName());
        segments.add(Files.readAllBytes(server.walDirectory().resolve(names.getLast())));
      }
    }
    for (int round = 0; round < Integer.getInteger("walstream.test.rounds", 100); round++) {
      int target = random.nextInt(4) == 0 ? 1 : 0;
      Files.write(broken.resolve(names.get(1 - target)), segments.get(1 - target));
      Files.write(
          broken.resolve(names.get(target)),
          breakSomewhere(random, segments.get(target), segments.getFirst()));
      try (var wal = PgWalDirectory.open(broken)) {
        assertThat(lastLine(endOfWalOfAnybody(wal, names.getFirst())))
            .as("seed %d, round %d", seed, round)
            .isEqualTo(lastLineOfPgWaldump(tools.get(), broken, names.getFirst()));
      }
    }
  }

  @Test
  void isPrintedForPeopleAndForPrograms() throws IOException {
    try (var server = server(18)) {
      server.stopFast();
      EndOfWal end = endOf(server);
      assertThat(walend(server.dataDirectory().toString()))
          .contains("Cluster state:      shut down\n")
          .contains("Timeline:           1\n")
          .contains("End LSN:            " + Lsn.format(end.endLsn()) + "\n")
          .contains("Segment file:       " + end.segment(SEGMENT) + "\n")
          .contains("Reason:             invalid record length at ");
      assertThat(walend("--json", server.walDirectory().toString()))
          .startsWith("{\"system_identifier\": \"")
          .contains("\"end_lsn\": \"" + Lsn.format(end.endLsn()) + "\"");
    }
  }

  private static PostgresServer server(int major) {
    return PostgresServer.builder(major)
        .walSegmentMegabytes(1)
        .setting("autovacuum", "off")
        .setting("wal_keep_size", "500MB")
        .start();
  }

  /// Small and large records, a segment switch, a little more.
  private static void load(PostgresServer server) {
    server.sql("CREATE TABLE t%d (id int PRIMARY KEY, words text)".formatted(System.nanoTime()));
    server.sql(
        "CREATE TABLE u AS SELECT g AS id, md5(g::text) AS words"
            + " FROM generate_series(1, 9000) g");
    server.sql("SELECT pg_logical_emit_message(false, 'large', repeat('x', 3000000))");
    server.sql("SELECT pg_switch_wal()");
    for (int i = 0; i < 5; i++) {
      server.sql("UPDATE u SET words = words || id WHERE id % 3 = 0");
    }
    server.sql("DROP TABLE u");
  }

  private static EndOfWal endOf(PostgresServer server) throws IOException {
    try (var wal = PgWalDirectory.open(server.dataDirectory())) {
      return wal.endOfWal();
    }
  }

  /// How far the whole directory proves, read as a stream.
  private static long verifiedLsn(Path directory) throws IOException {
    List<WalSegmentName> segments;
    try (var files = Files.list(directory)) {
      segments =
          files
              .flatMap(f -> WalSegmentName.parse(f.getFileName().toString(), SEGMENT).stream())
              .sorted((a, b) -> Long.compare(a.segmentNumber(), b.segmentNumber()))
              .toList();
    }
    var verifier = new WalVerifier(SEGMENT, 0, TimelineId.FIRST);
    verifier.start(segments.getFirst().startLsn());
    for (WalSegmentName segment : segments) {
      byte[] bytes = Files.readAllBytes(directory.resolve(segment.fileName()));
      if (!verifier.feed(segment.startLsn(), ByteBuffer.wrap(bytes))) {
        break;
      }
    }
    return verifier.verifiedLsn();
  }

  private static byte[] breakSomewhere(RandomGenerator random, byte[] segment, byte[] older) {
    byte[] bytes = segment.clone();
    int at = random.nextInt(bytes.length);
    int page = at & -8192;
    switch (random.nextInt(6)) {
      case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> bytes[page + random.nextInt(48)] ^= (byte) (1 << random.nextInt(8));
      case 2 -> Arrays.fill(bytes, at, bytes.length, (byte) 0);
      case 3 -> {
        byte[] garbage = new byte[bytes.length - at];
        random.nextBytes(garbage);
        System.arraycopy(garbage, 0, bytes, at, garbage.length);
      }
      case 4 -> bytes = Arrays.copyOf(bytes, Math.max(at, 8192));
      default -> System.arraycopy(older, page, bytes, page, 8192);
    }
    return bytes;
  }

  private static String lastLine(EndOfWal end) {
    String reason = end.reason().message();
    if (reason.startsWith("could not")) {
      return reason;
    }
    return end.foundRecord()
        ? "error in WAL record at %s: %s".formatted(Lsn.format(end.lastRecordLsn()), reason)
        : "could not find a valid record";
  }

  /// The end as found by a reader that, like pg_waldump, does not know whose WAL it reads.
  private static EndOfWal endOfWalOfAnybody(PgWalDirectory wal, String first) throws IOException {
    return EndOfWal.searchFromSegment(
        wal, SEGMENT, 0, TimelineHistory.ofFirst(TimelineId.FIRST), startOf(first));
  }

  private static long startOf(String segment) {
    return WalSegmentName.parse(segment, SEGMENT).orElseThrow().startLsn();
  }

  private static String lastLineOfPgWaldump(PostgresTools tools, Path directory, String first)
      throws IOException {
    var process =
        new ProcessBuilder(
                tools.command(
                    "pg_waldump",
                    "-q",
                    "--path",
                    directory.toString(),
                    "-s",
                    Lsn.format(startOf(first))))
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String last = output.strip().lines().reduce("", (before, line) -> line);
    return last.replace("pg_waldump: error: ", "")
        .replaceFirst("(could not find a valid record) after .*", "$1");
  }

  private static String walend(String... arguments) {
    var words = new ArrayList<>(List.of("walend"));
    words.addAll(List.of(arguments));
    Ran ran = Ran.walstream(words.toArray(String[]::new));
    assertThat(ran.exitCode()).isZero();
    return ran.output();
  }
}
