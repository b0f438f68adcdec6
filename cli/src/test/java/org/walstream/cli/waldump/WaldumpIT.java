package org.walstream.cli.waldump;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.walstream.cli.waldump.DumpedServer.Run;

/// `walstream waldump` beside pg_waldump: the same WAL, the same command line, the same bytes on
/// standard output, the same errors, the same exit code.
class WaldumpIT {

  private static final List<DumpedServer> SERVERS = new ArrayList<>();

  /// Dumps, as both versions know them.
  private static final List<String> DUMPS =
      List.of(
          "-p @dir -s @start",
          "--path=@wal --start @start --end @end",
          "-p @wal -s @mid -e @end",
          "-p @wal -s @start -n 17",
          "-p @wal -s @start -n 0 -q",
          "-p @dir -s @start -b",
          "-p @dir -s @start -w --bkp-details",
          "-p @dir -s @start -r heap",
          "-p @dir -s @start -r Heap --rmgr=XLOG -r btree --limit 99",
          "-p @dir -s @start --rmgr=custom128",
          "-p @dir -s @start -x @xid",
          "-p @dir -s @start -R @rel",
          "-p @dir -s @start -R @rel -B 3",
          "-p @dir -s @start -R @rel -B 3 -F main -w",
          "-p @dir -s @start --fork=vm",
          "-p @dir -s @start --fork=init --quiet",
          "-p @dir -s @start -z",
          "-p @dir -s @start --stats=rmgr",
          "-p @dir -s @start --stats=record",
          "-p @dir -s @mid -e @end --stats=record -r Heap",
          "-p @dir -s @start -z -x 1",
          "-p @dir -s @start -z -q",
          "-p @dir -s @start -qz -n 5",
          "@wal/@seg1",
          "@wal/@seg1 @seg3",
          "@wal/@seg1 @wal/@seg2 -z",
          "-p @dir @seg2 -n3",
          "-p @dir -s @mid --limit=2",
          "-p @dir -s @end -e @start",
          "-p @dir -s FF/0 -n 1");

  /// Command lines that are refused, or answered at once, or new, as PostgreSQL 18 has it.
  private static final List<String> REFUSALS =
      List.of(
          "",
          "-y",
          "--nonsense",
          "--f",
          "--t 0",
          "--quiet=yes -s 0/1",
          "-s",
          "--start",
          "-s hello",
          "-e 0/",
          "-B x",
          "-B 4294967295",
          "-B 5 -p @dir -s @start",
          "-F middle",
          "-n x",
          "-R 1/2",
          "-R 0/1/2",
          "-r nobody",
          "-r custom3",
          "-t 0",
          "-t 1x",
          "-t 4294967296",
          "-x y",
          "-z --stats=all",
          "-p /nowhere -s 0/1",
          "-p @dir",
          "-p @dir a b c d",
          "-p @dir -s 0/1 @seg1",
          "-p @dir -e 0/1 @seg1",
          "-p @dir @seg2 @seg1",
          "-p @dir 0000000100000000000000FF",
          "-p @dir @seg1 0000000100000000000000FF",
          "-p / -s 0/1000000",
          "--save-fullpage=@dir -p @dir -s @start",
          "-t 0x1 -p @dir -s @start -n 1",
          "--rmgr=list");

  @BeforeAll
  static void startServers() {
    SERVERS.add(new DumpedServer(18));
    SERVERS.add(new DumpedServer(15));
  }

  @AfterAll
  static void closeServers() {
    SERVERS.forEach(DumpedServer::close);
    SERVERS.clear();
  }

  static List<String> dumps() {
    return DUMPS;
  }

  static List<String> refusals() {
    return REFUSALS;
  }

  @ParameterizedTest
  @MethodSource("dumps")
  void printsWhatPgWaldumpPrints(String commandLine) {
    for (DumpedServer server : SERVERS) {
      assertSame(server, commandLine);
    }
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void refusesWhatPgWaldumpRefuses(String commandLine) {
    assertSame(SERVERS.getFirst(), commandLine);
  }

  @Test
  void savesPagesAsPgWaldumpDoes(@TempDir Path ours, @TempDir Path theirs) throws IOException {
    DumpedServer server = SERVERS.getFirst();
    for (String filter : List.of("", " -R @rel", " -r XLOG -n 3 -q")) {
      Path ourPages = ours.resolve("pages" + filter.length());
      Path theirPages = theirs.resolve("pages" + filter.length());
      String commandLine = "-p @dir -s @start" + filter + " --save-fullpage=";
      Run ourRun = DumpedServer.ours(server.words(commandLine + ourPages));
      Run theirRun = server.theirs(server.words(commandLine + theirPages));
      assertThat(ourRun).isEqualTo(theirRun);
      assertThat(files(ourPages)).isEqualTo(files(theirPages));
      for (String name : files(theirPages)) {
        assertThat(ourPages.resolve(name)).hasSameBinaryContentAs(theirPages.resolve(name));
      }
    }
    assertThat(files(ours.resolve("pages0"))).hasSizeGreaterThan(50);
  }

  /// All readers together must come to the place where one reader would have ended.
  @ParameterizedTest
  @ValueSource(ints = {18, 15})
  void agreesOnWalBrokenAnywhere(int major, @TempDir Path broken) throws IOException {
    DumpedServer server =
        SERVERS.stream().filter(candidate -> candidate.major() == major).findFirst().orElseThrow();
    List<String> names =
        files(server.walDirectory()).stream().filter(n -> n.length() == 24).toList();
    for (String name : names) {
      Files.copy(server.walDirectory().resolve(name), broken.resolve(name));
    }
    int first = names.indexOf(server.words("@seg1").getFirst());
    long seed = Long.getLong("walstream.test.seed", System.nanoTime());
    var random = new Random(seed);
    for (int round = 0; round < Integer.getInteger("walstream.test.rounds", 30); round++) {
      Path target = broken.resolve(names.get(first + random.nextInt(6)));
      byte[] whole = Files.readAllBytes(target);
      Files.write(target, damaged(whole, random));
      String commandLine = "-p " + broken + " -s @start" + (random.nextBoolean() ? " -z" : "");
      List<String> words = server.words(commandLine);
      assertThat(DumpedServer.ours(words))
          .as("seed %d, round %d", seed, round)
          .isEqualTo(server.theirs(words));
      Files.write(target, whole);
    }
  }

  private static byte[] damaged(byte[] segment, Random random) {
    byte[] bytes = segment.clone();
    int at = random.nextInt(bytes.length);
    int page = Math.max(8192, at & -8192); // of a wrong first header 15 speaks in other words
    switch (random.nextInt(5)) {
      case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> bytes[page + random.nextInt(48)] ^= (byte) (1 << random.nextInt(8));
      case 2 -> Arrays.fill(bytes, at, bytes.length, (byte) 0);
      case 3 -> bytes = Arrays.copyOf(bytes, Math.max(at, 8192));
      default -> System.arraycopy(segment, 8192, bytes, page, 8192);
    }
    return bytes;
  }

  private static List<String> files(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static void assertSame(DumpedServer server, String commandLine) {
    List<String> words = server.words(commandLine);
    Run theirs = server.theirs(words);
    Run ours = DumpedServer.ours(words);
    assertThat(ours.errors()).as("%s: %s", server, words).isEqualTo(theirs.errors());
    assertThat(ours.output()).as("%s: %s", server, words).isEqualTo(theirs.output());
    assertThat(ours.exitCode()).as("%s: %s", server, words).isEqualTo(theirs.exitCode());
  }
}
