package org.walstream.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.walstream.cli.line.CommandTable;
import org.walstream.cli.line.Option;
import org.walstream.node.Node;
import org.walstream.node.NodeDirectory;
import org.walstream.store.segment.PgWalDirectory;
import org.walstream.wal.Lsn;
import org.walstream.wal.WalSegmentName;

/// The hidden command `warm-up`: goes through what the program does at its start, so that the JVM's
/// ahead-of-time cache, made from this run, holds the classes and profiles of a real start
/// (scripts/build-app).
///
/// It dumps a little WAL of PostgreSQL 18 (`warm-up.wal.gz`, the beginning of a segment), and
/// receives it from a node that has it, on a free port of the loopback address; or replays some
/// ([WarmUpReplay]), the last of it as a standby ([WarmUpStandby]). Everything lies in the
/// directory it is given.
final class WarmUp implements Subcommand {

  private static final String SEGMENT = "00000001000000000000001A";
  private static final int SEGMENT_BYTES = 1 << 20;
  private static final Duration LONGEST = Duration.ofMinutes(10);

  private static final CommandTable TABLE =
      CommandTable.of("warm-up", "DIR CACHE").section("Options", Option.HELP).build();

  private List<String> arguments = List.of();

  @Override
  public CommandTable table() {
    return TABLE;
  }

  /// @param operands a directory to work in, which must exist, and the cache: `receive` and
  ///   `replay` serve these commands alone
  @Override
  public void operands(List<String> operands) {
    arguments = operands;
  }

  @Override
  public int run(Diagnostics diagnostics) throws Exception {
    Thread.ofPlatform().daemon().start(WarmUp::giveUpInTime);
    Path directory = Path.of(arguments.getFirst());
    switch (arguments.getLast()) {
      case "receive" -> node(directory);
      case "replay" -> {
        WarmUpReplay.run(directory);
        WarmUpStandby.run(directory);
      }
      default -> {
        node(directory);
        helps();
        dump(Files.createDirectory(directory.resolve("dump")));
      }
    }
    return 0;
  }

  /// Whatever may go wrong here, a build must not wait for it: without a cache the program only
  /// starts slower.
  private static void giveUpInTime() {
    try {
      Thread.sleep(LONGEST);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(1);
  }

  private static void helps() {
    var nowhere = new PrintStream(OutputStream.nullOutputStream());
    for (List<String> words :
        List.of(
            List.of("--version"),
            List.of("help"),
            List.of("receive", "--help"),
            List.of("init", "--help"))) {
      new Main(nowhere, nowhere).run(words);
    }
  }

  private static void node(Path directory) throws Exception {
    var nodeDirectory = new NodeDirectory(directory.resolve("node"));
    nodeDirectory.create(List.of("listen_addresses = '127.0.0.1'"));
    Files.writeString(nodeDirectory.hbaFile(), "host all,replication all 127.0.0.1/32 trust\n");
    Files.writeString(nodeDirectory.usersFile(), "\"warm\" \"\" replication monitor\n");
    Path partial =
        sample(nodeDirectory.walDirectory().resolve(SEGMENT + WalSegmentName.PARTIAL_SUFFIX));
    try (var whole = new RandomAccessFile(partial.toFile(), "rw")) {
      whole.setLength(SEGMENT_BYTES);
    }
    // A receiver ends when it has WAL beyond the position, which must therefore be before the end.
    long end;
    try (var wal = PgWalDirectory.open(nodeDirectory.walDirectory())) {
      end = wal.endOfWal().endLsn() - 1;
    }
    Path received = Files.createDirectory(directory.resolve("received"));
    try (Node node = Node.start(nodeDirectory, Map.of("port", "0"))) {
      String conninfo = "host=127.0.0.1 user=warm port=" + node.port();
      new Main(System.out, System.err)
          .run(
              List.of(
                  "receive",
                  "-n",
                  "-D",
                  received.toString(),
                  "-d",
                  conninfo,
                  "-E",
                  Lsn.format(end)));
    }
  }

  /// That the WAL ends within its file is said, and as well.
  private static void dump(Path directory) throws IOException {
    sample(directory.resolve(SEGMENT));
    for (List<String> words :
        List.of(List.of("waldump", "-z"), List.of("waldump"), List.of("waldump", "-b"))) {
      var all = new ArrayList<>(words);
      all.addAll(List.of("-p", directory.toString(), "-s", "0/1A00000"));
      new Main(System.out, System.err).run(all);
    }
  }

  private static Path sample(Path file) throws IOException {
    try (var packed = Objects.requireNonNull(WarmUp.class.getResourceAsStream("warm-up.wal.gz"))) {
      Files.copy(new GZIPInputStream(packed), file);
    }
    return file;
  }
}
