package org.walstream.cli;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.walstream.node.Node;
import org.walstream.node.NodeDirectory;
import org.walstream.wal.Lsn;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalSegmentName;
import org.walstream.wal.WalSegmentSize;
import org.walstream.wal.XLogPageHeader;

/// The hidden command `warm-up`: goes through what the program does at its start, so that the JVM's
/// ahead-of-time cache, made from this run, holds the classes and profiles of a real start
/// (scripts/build-app).
///
/// It runs a node with a little made-up WAL on a free port of the loopback address, and receives
/// that WAL from it. Everything lies in the directory it is given.
final class WarmUp implements Subcommand {

  private static final WalSegmentSize SEGMENT = new WalSegmentSize(1 << 20);
  private static final Duration LONGEST = Duration.ofMinutes(1);
  private static final int PAGES = SEGMENT.bytes() / XLogPageHeader.PAGE_BYTES;

  @Override
  public String name() {
    return "warm-up";
  }

  @Override
  public String summary() {
    return "trains the ahead-of-time cache";
  }

  /// @param arguments a directory to work in, which must exist
  @Override
  public int run(List<String> arguments) throws Exception {
    Thread.ofPlatform().daemon().start(WarmUp::giveUpInTime);
    Path directory = Path.of(arguments.getFirst());
    helps();
    node(directory);
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
      Main.run(words, nowhere);
    }
  }

  private static void node(Path directory) throws Exception {
    var nodeDirectory = new NodeDirectory(directory.resolve("node"));
    nodeDirectory.create(List.of("listen_addresses = '127.0.0.1'"));
    Files.writeString(nodeDirectory.hbaFile(), "host all,replication all 127.0.0.1/32 trust\n");
    Files.writeString(nodeDirectory.usersFile(), "\"warm\" \"\" replication monitor\n");
    var wal = new WarmUpWal(SEGMENT, 1);
    var first = new WalSegmentName(TimelineId.FIRST, 1, SEGMENT);
    var second = new WalSegmentName(TimelineId.FIRST, 2, SEGMENT);
    Path walDirectory = nodeDirectory.walDirectory();
    Files.write(walDirectory.resolve(first.fileName()), wal.segment(1, PAGES));
    Files.write(walDirectory.resolve(second.partialFileName()), wal.segment(2, PAGES / 2));
    Path received = Files.createDirectory(directory.resolve("received"));
    try (Node node = Node.start(nodeDirectory, Map.of("port", "0"))) {
      String conninfo = "host=127.0.0.1 user=warm port=" + node.port();
      // A receiver ends when it has WAL beyond the position, which must therefore be before the
      // end.
      String end = Lsn.format(second.startLsn() + SEGMENT.bytes() / 2 - 1);
      Main.run(
          List.of("receive", "-n", "-D", received.toString(), "-d", conninfo, "-E", end),
          System.out);
    }
  }
}
